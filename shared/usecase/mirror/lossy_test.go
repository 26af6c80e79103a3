package mirror_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
)

// TestWritesThatGetLostChangeNothingInTheEnd loses every so many-th write of the
// store, in each of the ways in which writes get lost, while Ashby changes.
func TestWritesThatGetLostChangeNothingInTheEnd(t *testing.T) {
	for _, loss := range tabletest.Losses() {
		t.Run(loss.String(), func(t *testing.T) {
			inWorld(t, 350, func(w *world) {
				w.wrap(func(inner table.Table) table.Table {
					return tabletest.NewLossy(inner, func(n int) tabletest.Loss {
						if n%7 == 3 || n%11 == 0 {
							return loss
						}
						return tabletest.None
					})
				})
				for n := range 60 {
					w.step(time.Hour)
					if n%5 != 0 && n%7 != 0 { // nothing is deleted: that would show after a day only
						w.recruiter(n)
					}
				}
				w.wrap(func(inner table.Table) table.Table { return inner })
				w.fresh()
				w.mustBeEqual()
			})
		})
	}
}

// wrap puts something between the mirror and its table.
func (w *world) wrap(around func(table.Table) table.Table) {
	store := candidates.New(around(w.table), time.Now, w.token)
	w.store, w.mirror.States, w.mirror.Catalogues, w.mirror.Candidates, w.mirror.Segments = store, store, store, store, store
}
