package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// rowsTable is one table of the file.
type rowsTable struct {
	db   *DB
	name string
}

// Table gives a table of the file by its name. Tables need no making.
func (db *DB) Table(name string) table.Table { return &rowsTable{db: db, name: name} }

const selectRow = `SELECT pk, sk, doc, token, expires FROM item WHERE tab = ? AND pk = ? AND sk = ?`

// querier is what reads, inside a transaction or outside.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Get reads a row.
func (t *rowsTable) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	if err := key.Validate(); err != nil {
		return table.Item{}, false, err
	}
	item, ok, err := t.live(ctx, t.db.reader, key, t.db.now())
	if err != nil {
		return table.Item{}, false, unavailable(err)
	}
	return item, ok, nil
}

// BatchGet reads the rows that exist.
func (t *rowsTable) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	for _, key := range keys {
		if err := key.Validate(); err != nil {
			return nil, err
		}
	}
	now := t.db.now()
	var items []table.Item
	for _, key := range table.Distinct(keys) {
		item, ok, err := t.live(ctx, t.db.reader, key, now)
		if err != nil {
			return nil, unavailable(err)
		}
		if ok {
			items = append(items, item)
		}
	}
	return items, nil
}

// Query reads one page of a partition.
func (t *rowsTable) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := r.Validate(); err != nil {
		return table.Page{}, err
	}
	where, args := t.where(r)
	query := `SELECT pk, sk, doc, token, expires FROM item WHERE ` + where + ` ORDER BY sk`
	if r.Descending {
		query += ` DESC`
	}
	if r.Limit > 0 {
		query, args = query+` LIMIT ?`, append(args, r.Limit)
	}
	page, err := table.Cut(t.scan(ctx, query, args), r.Limit, t.db.now())
	if err != nil {
		return table.Page{}, unavailable(err)
	}
	return page, nil
}

// Count counts the live rows of a range.
func (t *rowsTable) Count(ctx context.Context, r table.Range, most int) (n int, more bool, err error) {
	if err := r.Validate(); err != nil {
		return 0, false, err
	}
	most = min(max(most, 0), math.MaxInt-1)
	where, args := t.where(r)
	query := `SELECT count(*) FROM (SELECT 1 FROM item WHERE ` + where + ` AND (expires = 0 OR expires > ?) LIMIT ?)`
	args = append(args, t.db.now().UnixMilli(), most+1)
	if err := t.db.reader.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, false, unavailable(err)
	}
	return min(n, most), n > most, nil
}

// where selects a range.
func (t *rowsTable) where(r table.Range) (clause string, args []any) {
	clause, args = `tab = ? AND pk = ? AND sk >= ?`, []any{t.name, r.Partition, r.From}
	if r.To != "" {
		clause, args = clause+` AND sk < ?`, append(args, r.To)
	}
	switch {
	case r.After != "" && r.Descending:
		clause, args = clause+` AND sk < ?`, append(args, r.After)
	case r.After != "":
		clause, args = clause+` AND sk > ?`, append(args, r.After)
	}
	return clause, args
}

// scan reads rows as they are asked for.
func (t *rowsTable) scan(ctx context.Context, query string, args []any) iter.Seq2[table.Item, error] {
	return func(yield func(table.Item, error) bool) {
		rows, err := t.db.reader.QueryContext(ctx, query, args...)
		if err != nil {
			yield(table.Item{}, err)
			return
		}
		defer rows.Close() // Err below says what went wrong
		for rows.Next() {
			if item, err := read(rows.Scan); !yield(item, err) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(table.Item{}, err)
		}
	}
}

// live reads a row that has not expired.
func (t *rowsTable) live(
	ctx context.Context, from querier, key table.Key, now time.Time,
) (table.Item, bool, error) {
	item, err := read(from.QueryRowContext(ctx, selectRow, t.name, key.Partition, key.Sort).Scan)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return table.Item{}, false, nil
	case err != nil:
		return table.Item{}, false, err
	case !item.Live(now):
		return table.Item{}, false, nil
	}
	return item, true, nil
}

func read(scan func(...any) error) (table.Item, error) {
	var item table.Item
	var expires int64
	if err := scan(&item.Partition, &item.Sort, &item.Doc, &item.Token, &expires); err != nil {
		return table.Item{}, err
	}
	item.Expires = table.FromMillis(expires)
	return item, nil
}
