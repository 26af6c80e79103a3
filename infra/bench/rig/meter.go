package rig

import (
	"context"
	"maps"
	"strings"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Meter counts what a table would bill, as DynamoDB's price list has it: a write
// unit for each begun kilobyte of a row, two in a transaction, whether or not its
// condition held; a read unit for each begun 4 KB, one at least, for every read is
// strongly consistent.
type Meter struct {
	table.Table

	mu    sync.Mutex
	used  Units
	kind  map[string]float64 // write units by kind of row
	kinds map[string]float64 // read units by how and what was read
}

// Units are billed reads and writes, and the calls that made them.
type Units struct {
	Reads, Writes   float64
	ReadCalls, Rows int // calls that read; rows written
}

// Used gives what was used so far.
func (m *Meter) Used() Units {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.used
}

func (m *Meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used, m.kind, m.kinds = Units{}, nil, nil
}

func (m *Meter) wrote(each int, items ...table.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range items {
		units := float64(each * max(1, (i.Size()+1023)/1024))
		m.used.Writes += units
		m.used.Rows++
		if m.kind == nil {
			m.kind = map[string]float64{}
		}
		m.kind[kindOf(i.Key)] += units
	}
}

// Kinds gives the write units by the kind of row.
func (m *Meter) Kinds() map[string]float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.kind)
}

// kindOf names what a row is by the fixed parts of its key: "p row", "e led".
func kindOf(k table.Key) string {
	parts := strings.Split(k.Partition, "#")
	if parts[0] == "due" {
		return "teams"
	}
	kind := ""
	if len(parts) > 1 {
		kind = parts[1]
	}
	sort, _, _ := strings.Cut(k.Sort, "#")
	if kind == "act" || kind == "w" {
		sort = ""
	}
	return strings.TrimSpace(kind + " " + sort)
}

// ReadKinds gives the read units by how and what was read: "get e body".
func (m *Meter) ReadKinds() map[string]float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.kinds)
}

func (m *Meter) read(how string, key table.Key, items ...table.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	bytes := 0
	for _, i := range items {
		bytes += i.Size()
	}
	units := max(1, float64((bytes+4095)/4096))
	m.used.ReadCalls++
	m.used.Reads += units
	if m.kinds == nil {
		m.kinds = map[string]float64{}
	}
	m.kinds[how+" "+kindOf(key)] += units
}

// Get reads one row.
func (m *Meter) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	item, ok, err := m.Table.Get(ctx, key)
	m.read("get", key, item)
	return item, ok, err
}

// BatchGet reads rows, each billed by itself.
func (m *Meter) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	items, err := m.Table.BatchGet(ctx, keys)
	found := make(map[table.Key]table.Item, len(items))
	for _, i := range items {
		found[i.Key] = i
	}
	for _, key := range keys {
		m.read("batch", key, found[key])
	}
	return items, err
}

// Query reads a page, billed by its bytes.
func (m *Meter) Query(ctx context.Context, r table.Range) (table.Page, error) {
	page, err := m.Table.Query(ctx, r)
	m.read("query", table.Key{Partition: r.Partition, Sort: r.From}, page.Items...)
	return page, err
}

// Count reads what it counts.
func (m *Meter) Count(ctx context.Context, r table.Range, most int) (int, bool, error) {
	n, more, err := m.Table.Count(ctx, r, most)
	m.read("count", table.Key{Partition: r.Partition, Sort: r.From}) // rows are small
	return n, more, err
}

// Write writes one row.
func (m *Meter) Write(ctx context.Context, w table.Write) error {
	m.wrote(1, w.Item)
	return m.Table.Write(ctx, w)
}

// BatchPut writes rows, each billed by itself.
func (m *Meter) BatchPut(ctx context.Context, items []table.Item) error {
	m.wrote(1, items...)
	return m.Table.BatchPut(ctx, items)
}

// Transact writes rows at twice the price.
func (m *Meter) Transact(ctx context.Context, writes []table.Write) error {
	for _, w := range writes {
		m.wrote(2, w.Item)
	}
	return m.Table.Transact(ctx, writes)
}
