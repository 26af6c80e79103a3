package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
)

func TestTableKeepsTheContract(t *testing.T) {
	tabletest.Suite(t, func(t *testing.T, now func() time.Time) table.Table {
		return openFile(t, filepath.Join(t.TempDir(), "state.db"), now).Table("rows")
	})
}
