package acceptance_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/stack"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// embedded runs the service in this process, as `make run` does, with times that a
// test can wait for.
func embedded(t *testing.T) *service {
	t.Helper()
	dir, log := t.TempDir(), &lines{}
	s := &service{
		ashby: ashbytest.New(ashbytest.Config{}), http: &http.Client{Timeout: 30 * time.Second}, key: filepath.Join(dir, "issuer.pem"),
		rows: func(t *testing.T) map[string][][]byte { return rowsOf(t, filepath.Join(dir, "state.db")) }, log: log,
	}
	t.Cleanup(func() { _ = s.ashby.Close() })
	server := httptest.NewServer(s.ashby)
	t.Cleanup(server.Close)
	running, err := stack.Start(t.Context(), stack.Config{
		Dir: dir, Listen: "127.0.0.1:0", Ashby: server.URL, Team: "nobody", Rate: 958,
		Sweep: 700 * time.Millisecond, Settle: time.Second, Drains: 40, Log: logging.New(log, "debug"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		if err := running.Stop(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	s.url, s.sign = running.URL, running.Token
	return s
}

// rowsOf gives every row of every table and queue in the service's file, but those of
// the safe for secrets.
func rowsOf(t *testing.T, file string) map[string][][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=busy_timeout(10000)")
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
		name := string(table)
		if name == "message" {
			name = inQueues
		}
		out[name] = column(t, db, fmt.Sprintf(`SELECT %s FROM "%s"`, strings.Join(parts, ` || ' | ' || `), table))
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
