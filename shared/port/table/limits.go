package table

import (
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// maxPartitionBytes is DynamoDB's limit for a partition key.
const maxPartitionBytes = 2 * MaxKeyBytes

// rowOverhead is what a row costs beside its parts: DynamoDB counts the names of
// attributes and the two numbers of the expiry too.
const rowOverhead = 64

// Size is what the row counts against MaxItemBytes, MaxTransactBytes and
// MaxPageBytes.
func (i Item) Size() int {
	return len(i.Partition) + len(i.Sort) + len(i.Doc) + len(i.Token) + rowOverhead
}

// Validate refuses keys that are empty or not UTF-8 (Invalid) or too long (TooLarge).
func (k Key) Validate() error {
	switch {
	case k.Partition == "" || k.Sort == "":
		return fault.New(fault.Invalid, "key_empty", "both parts of a row's key must be given")
	case !utf8.ValidString(k.Partition) || !utf8.ValidString(k.Sort):
		return fault.New(fault.Invalid, "key_not_utf8", "a row's key must be valid UTF-8")
	case len(k.Partition) > maxPartitionBytes || len(k.Sort) > MaxKeyBytes:
		return fault.New(fault.TooLarge, "key_too_long", "a row's key is too long")
	}
	return nil
}

// Validate refuses rows that cannot be stored: by their key, without a token,
// with a document or token that is not UTF-8 (Invalid), or beyond MaxItemBytes
// (TooLarge).
func (i Item) Validate() error {
	if err := i.Key.Validate(); err != nil {
		return err
	}
	switch {
	case i.Token == "":
		return fault.New(fault.Invalid, "token_empty", "a row must bear the token of its write")
	case !utf8.ValidString(i.Token) || !utf8.Valid(i.Doc):
		return fault.New(fault.Invalid, "row_not_utf8", "a row's document and token must be valid UTF-8")
	case i.Size() > MaxItemBytes:
		return fault.New(fault.TooLarge, "row_too_large", "the row is too large to be stored")
	}
	return nil
}

// Validate refuses a single write that no table can do; a check belongs in a
// transaction.
func (w Write) Validate() error {
	if w.Check {
		return fault.New(fault.Invalid, "check_alone", "a check does nothing outside a transaction")
	}
	return w.validate()
}

func (w Write) validate() error {
	token, wantsToken := w.If.Wanted()
	switch {
	case wantsToken && (token == "" || !utf8.ValidString(token)):
		return fault.New(fault.Invalid, "condition_token", "the condition names no possible token")
	case w.Check && w.Delete:
		return fault.New(fault.Invalid, "check_and_delete", "a write is either a check or a delete")
	case w.Check && w.If.Unconditional():
		return fault.New(fault.Invalid, "check_without_condition", "a check needs a condition")
	case w.Check, w.Delete:
		return w.Item.Key.Validate()
	}
	return w.Item.Validate()
}

// ValidateTransaction refuses a transaction by its writes, by a key that appears
// twice (Invalid), and by its size in rows or bytes (TooLarge).
func ValidateTransaction(writes []Write) error {
	if len(writes) > MaxTransactItems {
		return fault.New(fault.TooLarge, "transaction_too_long", "the transaction has too many writes")
	}
	seen := make(map[Key]bool, len(writes))
	size := 0
	for _, w := range writes {
		if err := w.validate(); err != nil {
			return err
		}
		if seen[w.Item.Key] {
			return fault.New(fault.Invalid, "key_twice", "a transaction writes a row once at most")
		}
		seen[w.Item.Key] = true
		if !w.Check && !w.Delete {
			size += w.Item.Size()
		}
	}
	if size > MaxTransactBytes {
		return fault.New(fault.TooLarge, "transaction_too_large", "the transaction's rows are too large together")
	}
	return nil
}

// Validate refuses a range without a partition, with bounds that no key can
// have, or with a negative limit.
func (r Range) Validate() error {
	if r.Limit < 0 {
		return fault.New(fault.Invalid, "limit_negative", "a limit cannot be negative")
	}
	for _, bound := range []string{r.From, r.To, r.After} {
		if bound == "" {
			bound = "-" // open, stands for any
		}
		if err := (Key{r.Partition, bound}).Validate(); err != nil {
			return err
		}
	}
	return nil
}
