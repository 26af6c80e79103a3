package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// store is a table as a process sees it.
type store struct {
	table.Table
	w *World
	p *process
}

func (s store) read(name, key string, do func() error) error {
	switch v := s.w.gate.pass(s.p, storeRead, name, key); v.fault {
	case none, freeze:
		return s.alive(do())
	case dead, crashBefore:
		return s.w.die(s.p)
	default:
		return down()
	}
}

func (s store) write(name, key string, do func() error) error {
	switch v := s.w.gate.pass(s.p, storeWrite, name, key); v.fault {
	case none, freeze:
		err := do()
		if v.heard != nil {
			<-v.heard
		}
		return s.alive(err)
	case crashAfter:
		_ = do() // nobody hears of it
		return s.w.die(s.p)
	case storeLost:
		_ = do() // nor of this
		return unheard()
	case storeLostWrite:
		return unheard()
	case dead, crashBefore:
		return s.w.die(s.p)
	default:
		return down()
	}
}

// alive gives the answer, unless there is nobody any more to hear it.
func (s store) alive(err error) error {
	if s.p.isDead() {
		return errDead
	}
	return err
}

// die ends a process.
func (w *World) die(p *process) error {
	p.gone.Store(true)
	w.gate.ring() // whatever else of it waits is let go
	return errDead
}

func (s store) Get(ctx context.Context, key table.Key) (item table.Item, ok bool, err error) {
	failed := s.read(rowName(key), rowKey(key), func() error { item, ok, err = s.Table.Get(ctx, key); return err })
	return item, ok, failed
}

func (s store) BatchGet(ctx context.Context, keys []table.Key) (items []table.Item, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	failed := s.read(rowName(keys[0]), keys[0].Partition, func() error { items, err = s.Table.BatchGet(ctx, keys); return err })
	return items, failed
}

func (s store) Query(ctx context.Context, r table.Range) (page table.Page, err error) {
	failed := s.read("query", r.Partition+" "+r.From+" "+r.After, func() error { page, err = s.Table.Query(ctx, r); return err })
	return page, failed
}

func (s store) Count(ctx context.Context, r table.Range, most int) (n int, more bool, err error) {
	failed := s.read("count", r.Partition+" "+r.From, func() error { n, more, err = s.Table.Count(ctx, r, most); return err })
	return n, more, failed
}

func (s store) Write(ctx context.Context, w table.Write) error {
	name := rowName(w.Item.Key)
	if w.Delete {
		name = "drop " + name
	}
	return s.write(name, rowKey(w.Item.Key), func() error { return s.Table.Write(ctx, w) })
}

func (s store) BatchPut(ctx context.Context, items []table.Item) error {
	if len(items) == 0 {
		return nil
	}
	return s.write(rowName(items[0].Key), rowKey(items[0].Key), func() error { return s.Table.BatchPut(ctx, items) })
}

func (s store) Transact(ctx context.Context, writes []table.Write) error {
	var names []string
	for _, w := range writes {
		names = append(names, rowName(w.Item.Key))
	}
	slices.Sort(names)
	return s.write(strings.Join(slices.Compact(names), "+"), writes[0].Item.Partition, func() error { return s.Table.Transact(ctx, writes) })
}

// rowKey tells which row it is, without the numbers that processes draw: which of its
// goroutines draws first is chance.
func rowKey(k table.Key) string {
	sort := k.Sort
	if head, _, named := strings.Cut(sort, "#"); named && (head == "plan" || strings.HasSuffix(k.Partition, "#act")) {
		sort = head
	}
	return k.Partition + " " + sort
}

// rowName names what a row is, by its key.
func rowName(k table.Key) string {
	head, _, _ := strings.Cut(k.Sort, "#")
	switch parts := strings.Split(k.Partition, "#"); {
	case parts[0] == "due":
		return "team"
	case len(parts) == 1 || parts[0] == "key":
		return "config"
	case parts[1] == "e":
		return map[string]string{"led": "record", "body": "payload", "plan": "plan"}[head]
	case parts[1] == "p" && head == "t":
		return "entry"
	case parts[1] == "p":
		return "person"
	default:
		return parts[1]
	}
}

// bells is a queue as a process rings it, and gives back what failed.
type bells struct {
	*memory.Queue
	w *World
	p *process
}

func (b bells) Send(ctx context.Context, messages ...queue.Message) error {
	switch v := b.w.gate.pass(b.p, message, "ring", messages[0].Group); v.fault {
	case none:
		return b.Queue.Send(ctx, messages...)
	case hintLost:
		return nil
	case crashAfter:
		_ = b.Queue.Send(ctx, messages...)
		return b.w.die(b.p)
	case dead, crashBefore:
		return b.w.die(b.p)
	default:
		return fault.New(fault.Unavailable, "queue_unavailable", "the queue cannot be reached")
	}
}

// Release gives messages back, which may get lost as any call.
func (b bells) Release(ctx context.Context, delay time.Duration, receipts ...string) error {
	switch v := b.w.gate.pass(b.p, message, "release", ""); v.fault {
	case none:
		return b.Queue.Release(ctx, delay, receipts...)
	case hintLost:
		return nil
	case crashAfter:
		_ = b.Queue.Release(ctx, delay, receipts...)
		return b.w.die(b.p)
	case dead, crashBefore:
		return b.w.die(b.p)
	default:
		return fault.New(fault.Unavailable, "queue_unavailable", "the queue cannot be reached")
	}
}

// vault keeps secrets in memory; a process reads them through the gate.
type vault struct {
	w *World
	p *process
}

// Get reads a version, or the current one.
func (v vault) Get(_ context.Context, name, version string) (secret.Value, string, error) {
	if err := v.pass(secretRead, name); err != nil {
		return secret.Value{}, "", err
	}
	kept := v.w.secrets[name]
	if version == "" {
		version = kept.current
	}
	value, ok := kept.versions[version]
	if !ok {
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "there is no such secret")
	}
	return secret.NewValue(value), version, nil
}

func (v vault) pass(k kind, name string) error {
	switch got := v.w.gate.pass(v.p, k, "secret", name); got.fault {
	case none:
		return nil
	case dead:
		return errDead
	default:
		return fault.New(fault.Unavailable, "secrets_unavailable", "the secret store cannot be reached")
	}
}

// Put stores a version and makes it current.
func (v vault) Put(_ context.Context, name, version string, value secret.Value) error {
	if err := v.pass(secretWrite, name); err != nil {
		return err
	}
	v.w.keep(name, version, value.Reveal())
	return nil
}

// Delete removes a secret.
func (v vault) Delete(_ context.Context, name string) error {
	if err := v.pass(secretWrite, name); err != nil {
		return err
	}
	delete(v.w.secrets, name)
	return nil
}

type kept struct {
	current  string
	versions map[string]string
}

func (w *World) keep(name, version, value string) {
	k := w.secrets[name]
	if k.versions == nil {
		k.versions = map[string]string{}
	}
	k.current, k.versions[version] = version, value
	w.secrets[name] = k
}
