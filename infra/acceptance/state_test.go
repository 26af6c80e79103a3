package acceptance_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// rows gives every row of every table and queue that the service keeps, but those of
// the safe for secrets.
func (s *service) rows(t *testing.T) map[string][][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.state, "state.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	out := map[string][][]byte{}
	for _, table := range column(t, db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		if strings.Contains(string(table), "secret") {
			continue
		}
		var parts []string
		for _, name := range column(t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table)) {
			parts = append(parts, fmt.Sprintf(`coalesce(CAST("%s" AS TEXT), '')`, name))
		}
		out[string(table)] = column(t, db, fmt.Sprintf(`SELECT %s FROM "%s"`, strings.Join(parts, ` || ' | ' || `), table))
	}
	return out
}

func column(t *testing.T, db *sql.DB, query string) [][]byte {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out [][]byte
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
