package memory_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
)

func TestTableKeepsTheContract(t *testing.T) {
	tabletest.Suite(t, func(_ *testing.T, now func() time.Time) table.Table { return memory.NewTable(now) })
}
