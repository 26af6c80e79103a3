package timeline

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// sameAgain wants a document to be read from its compact form as from the plain
// one, which rows from before have.
func sameAgain[T any](t interface {
	Helper()
	Fatalf(string, ...any)
	Errorf(string, ...any)
}, doc T,
) (plain, short int) {
	t.Helper()
	long, err := json.Marshal(doc)
	if err != nil {
		t.Fatalf("%v", err)
	}
	compacted, err := compact(doc)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var before, after T
	if err := json.Unmarshal(long, &before); err != nil {
		t.Fatalf("%v", err)
	}
	if err := json.Unmarshal(compacted, &after); err != nil {
		t.Fatalf("%v in %s", err, compacted)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("-plain +compact:\n%s\n%s", diff, compacted)
	}
	return len(long), len(compacted)
}

func TestWhatIsZeroIsLeftOutAndWhatWasChosenIsNot(t *testing.T) {
	no, never, none := false, setting.Never, []event.Type{}
	r := delivery.Record{
		Event: "e1", Person: "p1", State: delivery.Pending, AcceptedAt: time.Unix(1, 0).UTC(),
		Layers: []setting.Layer{{Level: setting.Team, Values: setting.Values{OnlySynced: &no, Trigger: &never, NoteTypes: &none}}},
		Steps:  []delivery.Step{{ID: "note", Warnings: []string{""}}},
	}
	plain, short := sameAgain(t, r)
	if short > plain*2/3 {
		t.Errorf("%d bytes of %d", short, plain)
	}
	sameAgain(t, delivery.Record{})
	sameAgain(t, person.Person{Known: map[contact.Variable]person.Known{contact.Company: {}}, Applied: map[contact.Variable]time.Time{}})
}

// samePersonAgain wants a person to be read from their row as they were, and a row
// that was written plainly to be read the same.
func samePersonAgain(t *rapid.T, p person.Person) {
	t.Helper()
	row, err := item(personKey("t1", "p1"), personDocOf(p), "1", time.Time{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := readPerson(row)
	if err != nil {
		t.Fatalf("%v in %s", err, row.Doc)
	}
	if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-written +read:\n%s\n%s", diff, row.Doc)
	}
	if row.Doc, err = compact(p); err != nil {
		t.Fatalf("%v", err)
	}
	if got, err = readPerson(row); err != nil || !cmp.Equal(p, got, cmpopts.EquateEmpty()) {
		t.Errorf("%v of a row from before: %s", err, row.Doc)
	}
}

func TestRandomDocumentsAreReadAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "a", "é\"\\\n<&>", "\u2028"})
		flag := rapid.Bool().Draw(t, "flag")
		when := rapid.SampledFrom([]time.Time{{}, time.Unix(0, 0).UTC(), time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)})
		var values setting.Values
		if rapid.Bool().Draw(t, "chosen") {
			values.OnlySynced = &flag
		}
		known := map[contact.Variable]person.Known{}
		for range rapid.IntRange(0, 3).Draw(t, "known") {
			known[contact.Variable(text.Draw(t, "variable"))] = person.Known{Value: contact.Value{Text: text.Draw(t, "text")}, At: when.Draw(t, "at")}
		}
		applied := map[contact.Variable]time.Time{}
		for v := range known {
			if rapid.Bool().Draw(t, "applied") {
				applied[v] = when.Draw(t, "of")
			}
		}
		link := person.Link{Candidate: text.Draw(t, "candidate")}
		link.Profile = rapid.SampledFrom([]string{"", "https://a.example.com/x", "https://a.example.com/" + link.Candidate}).Draw(t, "profile")
		p := person.Person{Team: "t1", ID: "p1", Link: link, StageAt: when.Draw(t, "stage"), Known: known, Applied: applied, Held: flag}
		sameAgain(t, p)
		samePersonAgain(t, p)
		sameAgain(t, delivery.Record{
			Event: text.Draw(t, "event"), Due: when.Draw(t, "due"), Frozen: flag, Layers: []setting.Layer{{Values: values}},
			Steps: []delivery.Step{{ID: text.Draw(t, "step"), Message: text.Draw(t, "message"), DoneAt: when.Draw(t, "done")}},
		})
	})
}
