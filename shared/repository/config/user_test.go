package config_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
)

func see(t *testing.T, s *config.Store, user string, role caller.Role, admin bool, at time.Time) {
	t.Helper()
	if err := s.SeeUser(t.Context(), "acme", caller.Sighting{User: user, Role: role, Admin: admin, At: at}); err != nil {
		t.Fatal(err)
	}
}

func mine(t *testing.T, s *config.Store, user string, values setting.Values, expected int) setting.Document {
	t.Helper()
	d, err := s.SaveSettings(t.Context(), "acme", user, setting.Document{Version: expected, Values: values, Author: user})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhoIsAnAdminIsWhatWasSeenLast(t *testing.T) {
	s, _, _ := newStore(t)
	see(t, s, "ann", caller.Member, true, noon)
	see(t, s, "mel", caller.Member, false, noon)
	see(t, s, "dan", caller.Member, true, noon)
	see(t, s, "dan", "", false, noon.Add(time.Minute)) // an event says so
	see(t, s, "mel", "", true, noon.Add(-time.Minute)) // older news
	admins, err := s.Admins(t.Context(), "acme")
	if err != nil || !slices.Equal(admins, []string{"ann"}) {
		t.Errorf("admins %v, %v", admins, err)
	}
	if others, err := s.Admins(t.Context(), "globex"); err != nil || len(others) > 0 {
		t.Errorf("another team's admins %v, %v", others, err)
	}
}

func TestASightingIsWrittenWhenItIsNewsAndOnceADay(t *testing.T) {
	s, rows, _ := newStore(t)
	kept := func() string {
		item, ok, err := rows.Get(t.Context(), table.Key{Partition: "acme#users", Sort: "ann"})
		if err != nil || !ok {
			t.Fatalf("kept: %v, %v", ok, err)
		}
		return string(item.Doc)
	}
	see(t, s, "ann", caller.Member, true, noon)
	const first = `{"User":"ann","Role":"member","Admin":true,"At":"2026-11-23T12:00:00Z"}`
	if got := kept(); got != first {
		t.Errorf("got %s\nwant %s", got, first)
	}
	see(t, s, "ann", caller.Member, true, noon.Add(24*time.Hour-1))
	see(t, s, "ann", "", true, noon.Add(time.Hour)) // an event, which tells no role
	if got := kept(); got != first {
		t.Errorf("the same again was written: %s", got)
	}
	see(t, s, "ann", caller.Member, true, noon.Add(24*time.Hour))
	if got := kept(); got == first {
		t.Error("a day later nothing was written")
	}
}

// racedWrite is a table on which somebody else writes first, once.
type racedWrite struct {
	table.Table
	first func()
}

func (r *racedWrite) Write(ctx context.Context, w table.Write) error {
	if meanwhile := r.first; meanwhile != nil {
		r.first = nil
		meanwhile()
	}
	return r.Table.Write(ctx, w)
}

func TestTwoSightingsOfAUserAtOnceAreBothLookedAt(t *testing.T) {
	other, rows, c := newStore(t)
	race := &racedWrite{Table: rows, first: func() { see(t, other, "ann", caller.Member, true, noon.Add(time.Second)) }}
	s := config.New(race, c.now, func() string { return "late" })
	see(t, s, "ann", caller.Member, false, noon)
	if admins, err := s.Admins(t.Context(), "acme"); err != nil || !slices.Equal(admins, []string{"ann"}) {
		t.Errorf("admins %v, %v; the later sighting counts", admins, err)
	}
}

func TestTheLockNamesTheAdminsOnlyWhileItIsOn(t *testing.T) {
	s, _, _ := newStore(t)
	see(t, s, "ann", caller.Member, true, noon)
	if k, err := s.Lock(t.Context(), "acme"); err != nil || k.On || k.Admins != nil {
		t.Errorf("lock %+v, %v", k, err)
	}
	locked := setting.Document{Author: "ann", Locked: &setting.Locked{By: "ann", At: noon}}
	if _, err := s.SaveSettings(t.Context(), "acme", "", locked); err != nil {
		t.Fatal(err)
	}
	if k, err := s.Lock(t.Context(), "acme"); err != nil || !k.On || !slices.Equal(k.Admins, []string{"ann"}) {
		t.Errorf("lock %+v, %v", k, err)
	}
	if k, err := s.Lock(t.Context(), "globex"); err != nil || k.On {
		t.Errorf("another team's lock %+v, %v", k, err)
	}
}

func TestAUsersLayerIsInForceBesideTheTeams(t *testing.T) {
	s, _, c := newStore(t)
	save(t, s, triggered(setting.OnAdd), 0)
	mine(t, s, "u1", triggered(setting.Never), 0)
	mine(t, s, "u10", triggered(setting.OnReply), 0)
	c.at = noon.Add(time.Minute)
	mine(t, s, "u1", setting.Values{}, 1)

	of := func(user string, at time.Time) []setting.Layer {
		layers, err := s.LayersAt(t.Context(), "acme", user, at)
		if err != nil {
			t.Fatal(err)
		}
		return layers
	}
	team := setting.Layer{Level: setting.Team, Author: "u1", Version: 1, Values: triggered(setting.OnAdd)}
	user := setting.Layer{Level: setting.User, ID: "u1", Author: "u1", Version: 1, Values: triggered(setting.Never)}
	gone := setting.Layer{Level: setting.User, ID: "u1", Author: "u1", Version: 2}
	for name, c := range map[string]struct {
		got, want []setting.Layer
	}{
		"before anything was saved": {of("u1", noon.Add(-1)), nil},
		"the user's own":            {of("u1", noon), []setting.Layer{user, team}},
		"taken back later":          {of("u1", noon.Add(time.Minute)), []setting.Layer{gone, team}},
		"a user who never chose":    {of("u2", noon), []setting.Layer{team}},
		"nobody's":                  {of("", noon), []setting.Layer{team}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if layers, err := s.LayersAt(t.Context(), "globex", "u1", noon); err != nil || len(layers) > 0 {
		t.Errorf("another team's user of that id: %v, %v", layers, err)
	}
}

func TestUsersHaveVersionsOfTheirOwn(t *testing.T) {
	s, _, _ := newStore(t)
	save(t, s, triggered(setting.OnAdd), 0)
	mine(t, s, "u1", triggered(setting.Never), 0)
	current, err := s.SaveSettings(t.Context(), "acme", "u1", setting.Document{Values: triggered(setting.OnReply), Author: "u1"})
	wantCode(t, err, fault.Conflict, "stale")
	if current.Version != 1 || *current.Values.Trigger != setting.Never {
		t.Errorf("current is %+v", current)
	}
	if d, err := s.Settings(t.Context(), "acme", "u2"); err != nil || d.Version != 0 {
		t.Errorf("another user has %+v, %v", d, err)
	}
}

func TestRevisionsArePagedNewestFirstAndKeptApartByOwner(t *testing.T) {
	s, _, c := newStore(t)
	for n := range 5 {
		c.at = noon.Add(time.Duration(n) * time.Minute)
		save(t, s, setting.Values{}, n)
	}
	mine(t, s, "u1", triggered(setting.Never), 0)
	mine(t, s, "u10", triggered(setting.Never), 0)
	var versions []int
	for cursor := ""; ; {
		page, next, err := s.Revisions(t.Context(), "acme", "", cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page {
			versions = append(versions, d.Version)
		}
		if next == "" {
			break
		}
		cursor = next
	}
	if !slices.Equal(versions, []int{5, 4, 3, 2, 1}) {
		t.Errorf("versions %v", versions)
	}
	page, _, err := s.Revisions(t.Context(), "acme", "u1", "", 10)
	if err != nil || len(page) != 1 || page[0].Author != "u1" {
		t.Errorf("a user's revisions: %+v, %v", page, err)
	}
}
