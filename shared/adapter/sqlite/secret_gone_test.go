package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/sqlite"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

func TestADeletedSecretIsNotToBeFoundInTheFiles(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "state.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const planted = "planted-key-0123456789"
	s := db.Secrets()
	if err := s.Put(t.Context(), "team/t1/ashby-key", "v1", secret.NewValue(planted)); err != nil {
		t.Fatal(err)
	}
	if !found(t, dir, planted) {
		t.Fatal("the secret is not in the files while it is kept: the search finds nothing")
	}
	if err := s.Delete(t.Context(), "team/t1/ashby-key"); err != nil {
		t.Fatal(err)
	}
	if found(t, dir, planted) {
		t.Error("the deleted secret is still in the files")
	}
}

func found(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
