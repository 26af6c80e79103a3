package tabletest

import (
	"context"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Loss is what goes wrong with one write.
type Loss uint8

// The ways to lose. The caller of a lossy write cannot tell LostWrite, LateWrite
// and LostAnswer apart: that is the point.
const (
	None       Loss = iota // nothing goes wrong
	Down                   // not applied, and the caller is told so: Unavailable
	LostWrite              // not applied: Ambiguous
	LostAnswer             // applied, or refused: Ambiguous either way
	LateWrite              // Ambiguous, and applied right after the next write call
)

// Losses are the ways to lose, for tests that try them all.
func Losses() []Loss { return []Loss{Down, LostWrite, LostAnswer, LateWrite} }

// String names the loss, for subtests.
func (l Loss) String() string {
	return [...]string{"none", "down", "lost write", "lost answer", "late write"}[l]
}

// Lossy is a table whose writes get lost by plan; reads and everything else it
// passes on. It is deterministic: the plan sees the number of the write call,
// counted from 1 over Write, BatchPut and Transact. The usual test runs a use
// case once without loss to learn how many writes it makes, then once for every
// write and every loss:
//
//	table := tabletest.NewLossy(memory.NewTable(now), tabletest.Nth(3, tabletest.LostAnswer))
//
// It is safe for concurrent use, though then the order of the calls is not given.
type Lossy struct {
	table.Table
	plan func(n int) Loss

	mu     sync.Mutex
	writes int
	late   []func()
}

var _ table.Table = (*Lossy)(nil)

// NewLossy wraps a table. A nil plan loses nothing, and counts.
func NewLossy(inner table.Table, plan func(n int) Loss) *Lossy {
	if plan == nil {
		plan = func(int) Loss { return None }
	}
	return &Lossy{Table: inner, plan: plan}
}

// Nth is the plan to lose the n-th write, and only that.
func Nth(n int, loss Loss) func(int) Loss { return First(n, n, loss) }

// First is the plan to lose the writes from one to another, both included.
func First(from, to int, loss Loss) func(int) Loss {
	return func(n int) Loss {
		if n >= from && n <= to {
			return loss
		}
		return None
	}
}

// Writes is how many write calls there were.
func (l *Lossy) Writes() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writes
}

// Settle applies the late writes that still hang. A test that ends with a late
// write calls it before it looks.
func (l *Lossy) Settle() {
	l.mu.Lock()
	late := l.late
	l.late = nil
	l.mu.Unlock()
	for _, write := range late {
		write()
	}
}

// Write does one put or delete, unless it is lost.
func (l *Lossy) Write(ctx context.Context, w table.Write) error {
	return l.do(ctx, func(ctx context.Context) error { return l.Table.Write(ctx, w) })
}

// BatchPut puts rows, unless they are lost.
func (l *Lossy) BatchPut(ctx context.Context, items []table.Item) error {
	return l.do(ctx, func(ctx context.Context) error { return l.Table.BatchPut(ctx, items) })
}

// Transact does all the writes, unless they are lost.
func (l *Lossy) Transact(ctx context.Context, writes []table.Write) error {
	return l.do(ctx, func(ctx context.Context) error { return l.Table.Transact(ctx, writes) })
}

func (l *Lossy) do(ctx context.Context, write func(context.Context) error) error {
	l.mu.Lock()
	l.writes++
	loss := l.plan(l.writes)
	l.mu.Unlock()
	switch loss {
	case Down:
		l.Settle()
		return fault.New(fault.Unavailable, "store_unavailable", "the store cannot be reached")
	case LostWrite:
		l.Settle()
	case LostAnswer:
		_ = write(ctx) // whatever it was, nobody hears it
		l.Settle()
	case LateWrite:
		l.Settle()
		l.mu.Lock()
		l.late = append(l.late, func() { _ = write(context.WithoutCancel(ctx)) }) // nor this
		l.mu.Unlock()
	default:
		err := write(ctx)
		l.Settle()
		return err
	}
	return fault.New(fault.Ambiguous, "store_ambiguous", "the write may not have been stored")
}
