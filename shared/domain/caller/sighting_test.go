package caller_test

import (
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
)

func TestWhichSightingsAreWorthKeeping(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	kept := caller.Sighting{User: "ann", Role: caller.Member, Admin: true, At: noon}
	for name, c := range map[string]struct {
		seen caller.Sighting
		news bool
		role caller.Role
	}{
		"the same at once":          {caller.Sighting{Role: caller.Member, Admin: true, At: noon.Add(time.Hour)}, false, caller.Member},
		"the same a day later":      {caller.Sighting{Role: caller.Member, Admin: true, At: noon.Add(24 * time.Hour)}, true, caller.Member},
		"no admin any more":         {caller.Sighting{Role: caller.Member, At: noon}, true, caller.Member},
		"no admin, an hour before":  {caller.Sighting{Role: caller.Member, At: noon.Add(-time.Hour)}, false, caller.Member},
		"another role":              {caller.Sighting{Role: caller.Viewer, Admin: true, At: noon.Add(1)}, true, caller.Viewer},
		"an event, which has none":  {caller.Sighting{Admin: true, At: noon.Add(1)}, false, caller.Member},
		"an event that says demote": {caller.Sighting{At: noon.Add(1)}, true, caller.Member},
	} {
		got, news := c.seen.After(kept)
		if news != c.news || got.Role != c.role {
			t.Errorf("%s: %+v, news %v", name, got, news)
		}
	}
	if _, news := (caller.Sighting{User: "mel", At: noon}).After(caller.Sighting{}); !news {
		t.Error("the first sighting is not kept")
	}
}
