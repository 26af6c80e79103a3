package table

import (
	"iter"
	"time"
)

// Live reports whether the row exists at that time, to the millisecond: it does
// not at its expiry.
func (i Item) Live(now time.Time) bool {
	expires := Millis(i.Expires)
	return expires == 0 || expires > now.UnixMilli()
}

// Millis is an expiry as adapters store it: milliseconds since 1970, 0 for never.
func Millis(expires time.Time) int64 {
	if expires.IsZero() {
		return 0
	}
	return max(1, expires.UnixMilli())
}

// FromMillis is the inverse of Millis, in UTC.
func FromMillis(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

// Holds judges the condition on the row that is stored. Adapters that keep
// expired rows pass found = false for them.
func (c Condition) Holds(found bool, token string) bool {
	switch c.kind {
	case absent:
		return !found
	case tokenIs:
		return found && token == c.token
	default: // always
		return true
	}
}

// Has reports whether the range, cursor included, selects the sort key.
func (r Range) Has(sort string) bool {
	if sort < r.From || r.To != "" && sort >= r.To {
		return false
	}
	return r.After == "" || (r.Descending && sort < r.After) || (!r.Descending && sort > r.After)
}

// Cut makes a page of the rows of a range, in their order, the way DynamoDB
// cuts them: it ends with the row that reaches the limit or passes MaxPageBytes,
// expired rows count for both and are then left out, and a page that ends by a
// limit has a Next even if no row follows.
func Cut(rows iter.Seq2[Item, error], limit int, now time.Time) (Page, error) {
	var page Page
	seen, bytes := 0, 0
	for row, err := range rows {
		if err != nil {
			return Page{}, err
		}
		if row.Live(now) {
			page.Items = append(page.Items, row)
		}
		seen, bytes = seen+1, bytes+row.Size()
		if seen == limit || bytes > MaxPageBytes {
			page.Next = row.Sort
			break
		}
	}
	return page, nil
}

// Distinct leaves out repeated keys.
func Distinct(keys []Key) []Key {
	seen := make(map[Key]bool, len(keys))
	out := make([]Key, 0, len(keys))
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// LastOfEach keeps of several rows with one key the last.
func LastOfEach(items []Item) []Item {
	at := make(map[Key]int, len(items))
	out := make([]Item, 0, len(items))
	for _, item := range items {
		if i, ok := at[item.Key]; ok {
			out[i] = item
			continue
		}
		at[item.Key] = len(out)
		out = append(out, item)
	}
	return out
}
