package memory

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Write does one put or delete.
func (t *Table) Write(ctx context.Context, w table.Write) error {
	if err := admit(ctx, w.Validate()); err != nil {
		return err
	}
	return t.apply([]table.Write{w})
}

// BatchPut puts rows without condition.
func (t *Table) BatchPut(ctx context.Context, items []table.Item) error {
	writes := make([]table.Write, len(items))
	for i, item := range items {
		if err := item.Validate(); err != nil {
			return err
		}
		writes[i] = table.Write{Item: item}
	}
	if err := admit(ctx, nil); err != nil {
		return err
	}
	return t.apply(writes)
}

// Transact does all the writes or none.
func (t *Table) Transact(ctx context.Context, writes []table.Write) error {
	if err := admit(ctx, table.ValidateTransaction(writes)); err != nil {
		return err
	}
	return t.apply(writes)
}

// apply judges every condition, then does every write.
func (t *Table) apply(writes []table.Write) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if refusals := t.judge(writes, t.now()); len(refusals) > 0 {
		return &table.Refused{Refusals: refusals}
	}
	for _, w := range writes {
		switch {
		case w.Check:
		case w.Delete:
			t.remove(w.Item.Key)
		default:
			t.put(clone(w.Item))
		}
	}
	return nil
}

func (t *Table) judge(writes []table.Write, now time.Time) []table.Refusal {
	var refusals []table.Refusal
	for i, w := range writes {
		if w.If.Unconditional() {
			continue
		}
		old, found := t.live(w.Item.Key, now)
		if !w.If.Holds(found, old.Token) {
			refusals = append(refusals, table.Refusal{Index: i, Found: found, Old: old})
		}
	}
	return refusals
}

func (t *Table) put(item table.Item) {
	part, ok := t.partitions[item.Partition]
	if !ok {
		part = &rows{}
		t.partitions[item.Partition] = part
	}
	part.put(item)
}

func (t *Table) remove(key table.Key) {
	part, ok := t.partitions[key.Partition]
	if !ok {
		return
	}
	if part.remove(key.Sort); len(part.chunks) == 0 {
		delete(t.partitions, key.Partition)
	}
}
