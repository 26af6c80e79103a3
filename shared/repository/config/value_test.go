package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func TestGivenValuesAreKeptByCampaignAndByPerson(t *testing.T) {
	s, rows, _ := newStore(t)
	put := func(scope given.Scope, id string, values ...given.Value) {
		t.Helper()
		if err := s.SaveValues(t.Context(), "acme", scope, id, values); err != nil {
			t.Fatal(err)
		}
	}
	of := func(team string, scope given.Scope, id string) []given.Value {
		t.Helper()
		values, err := s.Values(t.Context(), team, scope, id)
		if err != nil {
			t.Fatal(err)
		}
		return values
	}
	tags := given.Value{Field: "tags", List: []string{"t1"}, Shown: "Outreach", Author: "ann", At: noon}
	source, later := given.Value{Field: "source", Text: "s1", At: noon}, given.Value{Field: "source", Text: "s2", At: noon.Add(time.Minute)}
	put(given.ForCampaign, "c1", tags, source)
	put(given.ForCampaign, "c10", source)
	put(given.ForPerson, "c1", source)
	put(given.ForCampaign, "c1", later)
	if diff := cmp.Diff([]given.Value{later, tags}, of("acme", given.ForCampaign, "c1")); diff != "" {
		t.Errorf("of the campaign (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]given.Value{source}, of("acme", given.ForPerson, "c1")); diff != "" {
		t.Errorf("of the person of that id (-want +got):\n%s", diff)
	}
	if got := append(of("globex", given.ForCampaign, "c1"), of("acme", given.ForPerson, "p1")...); len(got) > 0 {
		t.Errorf("another team's, and a stranger's: %v", got)
	}
	const want = `{"Field":"tags","Text":"","List":["t1"],"Shown":"Outreach","Author":"ann","At":"2026-11-23T12:00:00Z"}`
	item, ok, err := rows.Get(t.Context(), table.Key{Partition: "acme#set", Sort: "value#campaign#c1#tags"})
	if err != nil || !ok || string(item.Doc) != want {
		t.Errorf("%v %v\n got %s\nwant %s", ok, err, item.Doc, want)
	}
}
