package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// batchRows is how many rows of a batch share a transaction, so that other
// writers get their turn.
const batchRows = 500

// Write does one put or delete.
func (t *rowsTable) Write(ctx context.Context, w table.Write) error {
	if err := w.Validate(); err != nil {
		return err
	}
	return t.apply(ctx, []table.Write{w})
}

// BatchPut puts rows without condition.
func (t *rowsTable) BatchPut(ctx context.Context, items []table.Item) error {
	writes := make([]table.Write, len(items))
	for i, item := range items {
		if err := item.Validate(); err != nil {
			return err
		}
		writes[i] = table.Write{Item: item}
	}
	stored := 0
	for batch := range slices.Chunk(writes, batchRows) {
		err := t.apply(ctx, batch)
		if stored > 0 && fault.Is(err, fault.Unavailable) {
			return fault.New(fault.Ambiguous, "store_partly", "only some of the rows were stored").Because(err)
		}
		if err != nil {
			return err
		}
		stored += len(batch)
	}
	return nil
}

// Transact does all the writes or none.
func (t *rowsTable) Transact(ctx context.Context, writes []table.Write) error {
	if err := table.ValidateTransaction(writes); err != nil {
		return err
	}
	if len(writes) == 0 {
		return nil
	}
	return t.apply(ctx, writes)
}

// apply judges every condition and does every write in one transaction.
func (t *rowsTable) apply(ctx context.Context, writes []table.Write) error {
	return t.db.write(ctx, func(tx *sql.Tx) error {
		now := t.db.now() // the writer's turn has come: not before
		refusals, err := t.judge(ctx, tx, writes, now)
		if err != nil {
			return err
		}
		if len(refusals) > 0 {
			return &table.Refused{Refusals: refusals}
		}
		for _, w := range writes {
			if err := t.do(ctx, tx, w); err != nil {
				return err
			}
		}
		if t.db.sweep.due() {
			return sweepItems(ctx, tx, now)
		}
		return nil
	})
}

func (t *rowsTable) judge(
	ctx context.Context, tx *sql.Tx, writes []table.Write, now time.Time,
) ([]table.Refusal, error) {
	var refusals []table.Refusal
	for i, w := range writes {
		if w.If.Unconditional() {
			continue
		}
		old, found, err := t.live(ctx, tx, w.Item.Key, now)
		if err != nil {
			return nil, err
		}
		if !w.If.Holds(found, old.Token) {
			refusals = append(refusals, table.Refusal{Index: i, Found: found, Old: old})
		}
	}
	return refusals, nil
}

func (t *rowsTable) do(ctx context.Context, tx *sql.Tx, w table.Write) error {
	key := w.Item.Key
	switch {
	case w.Check:
		return nil
	case w.Delete:
		_, err := tx.ExecContext(ctx, `DELETE FROM item WHERE tab = ? AND pk = ? AND sk = ?`, t.name, key.Partition, key.Sort)
		return err
	}
	doc := w.Item.Doc
	if doc == nil {
		doc = []byte{}
	}
	_, err := tx.ExecContext(ctx, `REPLACE INTO item (tab, pk, sk, doc, token, expires) VALUES (?, ?, ?, ?, ?, ?)`,
		t.name, key.Partition, key.Sort, doc, w.Item.Token, table.Millis(w.Item.Expires))
	return err
}
