package rig

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Times that calls of DynamoDB take within a region, on the high side of what AWS
// tells of its own ("single-digit milliseconds").
const (
	readTime     = 5 * time.Millisecond
	writeTime    = 8 * time.Millisecond
	transactTime = 20 * time.Millisecond
)

// slow is a table whose calls take their time.
type slow struct{ table.Table }

// take lets the time of a call pass.
func take(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Get takes its time.
func (s slow) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	take(ctx, readTime)
	return s.Table.Get(ctx, key)
}

// BatchGet takes its time.
func (s slow) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	take(ctx, readTime)
	return s.Table.BatchGet(ctx, keys)
}

// Query takes its time.
func (s slow) Query(ctx context.Context, r table.Range) (table.Page, error) {
	take(ctx, readTime)
	return s.Table.Query(ctx, r)
}

// Write takes its time.
func (s slow) Write(ctx context.Context, w table.Write) error {
	take(ctx, writeTime)
	return s.Table.Write(ctx, w)
}

// BatchPut takes its time.
func (s slow) BatchPut(ctx context.Context, items []table.Item) error {
	take(ctx, writeTime)
	return s.Table.BatchPut(ctx, items)
}

// Transact takes its time.
func (s slow) Transact(ctx context.Context, writes []table.Write) error {
	take(ctx, transactTime)
	return s.Table.Transact(ctx, writes)
}
