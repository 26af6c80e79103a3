package preview_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

func then(id string, after time.Duration, kind event.Type) event.Event {
	e := sent()
	e.ID, e.Type, e.OccurredAt = id, kind, noon.Add(after)
	return e
}

func correction(id string, after time.Duration, snapshot contact.Snapshot) event.Event {
	e := then(id, after, event.ContactEdited)
	e.Origin, e.Message, e.Person.Snapshot = event.Manual, nil, snapshot
	return e
}

func several(t *testing.T, w *team, events ...event.Event) preview.Result {
	t.Helper()
	out, err := previewer(w).Events(t.Context(), "acme", events)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// shown lists what a preview comes to: event, code and calls.
func shown(r preview.Result) string {
	var out []string
	for _, p := range r.Events {
		line := p.Event.ID + " " + string(p.Explanation.Outcome.Code)
		for _, s := range p.Explanation.Outcome.Steps {
			line += " " + s.Method
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestSeveralEventsArePlannedAsIfThoseBeforeHadGone(t *testing.T) {
	r := several(t, connected(),
		then("e2", time.Minute, event.EmailReply), sent(), // given out of order
		correction("e3", 2*time.Minute, contact.Snapshot{contact.Phones: {List: []string{"+44 20 7946 0000"}}}),
		correction("e4", 2*time.Minute+time.Second, contact.Snapshot{contact.City: {Text: "Oslo"}}),
		correction("e5", time.Hour, contact.Snapshot{contact.City: {Text: "Oslo"}}),
	)
	const want = "e1 created candidate.create candidate.createNote\ne2 synced candidate.createNote\n" +
		"e3 coalesced\ne4 synced candidate.update\ne5 synced"
	if got := shown(r); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	for i, id := range map[int]string{1: "$e1.candidateId", 3: "$e1.candidateId"} {
		if body := r.Events[i].Explanation.Outcome.Steps[0].Body; !strings.Contains(body, `"candidateId":"`+id+`"`) {
			t.Errorf("%s", body)
		}
	}
	if e3, e4 := r.Events[2], r.Events[3]; e3.CarriedBy != "e4" || len(e4.Explanation.Carried) != 1 || e4.Explanation.Outcome.Steps[0].Body !=
		`{"candidateId":"$e1.candidateId","phoneNumber":"+44 20 7946 0000","location":{"city":"Oslo"},"sendNotifications":false}` {
		t.Errorf("carried by %q, %v", e3.CarriedBy, e4.Explanation.Outcome.Steps)
	}
}

func TestPeopleWhoShareAnAddressAreOneCandidateInAPreviewToo(t *testing.T) {
	other := sent()
	other.ID, other.Person.ID = "e2", "p2"
	if got := shown(several(t, connected(), sent(), other)); !strings.Contains(got, "e2 matched candidate.createNote") {
		t.Errorf("got\n%s", got)
	}
}

func TestAnEarlierEventThatWaitsForANameGoesOnceALaterOneBringsIt(t *testing.T) {
	nameless := sent()
	nameless.Person.Snapshot = contact.Snapshot{}
	named := correction("e2", time.Minute, contact.Snapshot{contact.Name: {Text: "Zoe Quill"}})
	if got := shown(several(t, connected(), nameless, named)); got != "e2 no_link\ne1 created candidate.create candidate.createNote" {
		t.Errorf("got\n%s", got)
	}
}

func TestAPreviewWarnsOfWhatMightBeOverlooked(t *testing.T) {
	w := connected()
	w.connection.Fingerprint, w.connection.Status = "f1", "paused"
	w.standing.PrivateNotes = true
	if got := several(t, w, sent()).Warnings; len(got) != 2 || got[0] != preview.NotActive || got[1] != preview.NotesNotPrivate {
		t.Errorf("warnings %v", got)
	}
	w.connection.Status, w.connection.SeesPrivate = "connected", true
	if got := several(t, w, sent()).Warnings; len(got) != 0 {
		t.Errorf("warnings %v", got)
	}
}

// zoe is linked to a candidate who has another name in Ashby.
func zoe() *team {
	w := connected()
	p := person.Person{Team: "acme", ID: "p1", Link: person.Link{Kind: person.Synced, Candidate: "cand-1"}}
	w.people = map[string]person.Person{"p1": p.After(sent())}
	w.candidates = []candidate.Candidate{{ID: "cand-1", Name: "Zoë"}}
	return w
}

func TestAPushOfAPersonIsShownWithAllThatIsKnown(t *testing.T) {
	w := zoe()
	r, err := previewer(w).Person(t.Context(), "acme", "p1", event.Actor{ID: "u1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(r); got != "preview synced candidate.update" || w.askedFor != "u1" {
		t.Errorf("got %s, settings of %q", got, w.askedFor)
	}
	if _, err := previewer(w).Person(t.Context(), "acme", "nobody", event.Actor{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	gone := w.people["p1"]
	gone.Link.Gone = true
	w.people["p1"] = gone
	if r, err = previewer(w).Person(t.Context(), "acme", "p1", event.Actor{}); err != nil || shown(r) != "preview "+string(delivery.RecordDeleted) {
		t.Errorf("a deleted candidate is not made again unasked: %s, %v", shown(r), err)
	}
}

func TestAMappingIsShownOnASampleAndOnARealPersonWhateverTheirState(t *testing.T) {
	m := mapping.Mapping{Entries: []mapping.Entry{{From: []contact.Variable{contact.Name}, To: field.Name}, {From: []contact.Variable{contact.Phones}, To: field.Phone, Take: mapping.First}}}
	action := func(p preview.Preview, id string) (string, string, string) {
		for _, f := range p.Explanation.Outcome.Fields {
			if f.Field == id {
				return string(f.Action), f.Before, f.After
			}
		}
		return "", "", ""
	}
	w := zoe()
	w.standing.Mandatory = []string{field.Source}
	sample, err := previewer(w).Mapping(t.Context(), "acme", m, "")
	if a, b, c := action(sample, field.Phone); err != nil || a != "write" || b != "" || c != "+44 20 7946 0000" || len(w.asks) > 0 {
		t.Errorf("sample: %s %q %q %v; asks %v", a, b, c, err, w.asks)
	}
	held := w.people["p1"]
	held.Held = true
	w.people["p1"] = held
	known, err := previewer(w).Mapping(t.Context(), "acme", m, "p1")
	if a, b, c := action(known, field.Name); err != nil || a != "write" || b != "Zoë" || c != "Zoe Quill" {
		t.Errorf("linked: %s %q %q %v", a, b, c, err)
	}
	gone := held
	gone.Link.Gone = true
	w.people["p1"] = gone
	known, err = previewer(w).Mapping(t.Context(), "acme", m, "p1")
	if a, b, _ := action(known, field.Name); err != nil || a != "write" || b != "" {
		t.Errorf("gone: %s %q %v", a, b, err)
	}
	if _, err := previewer(w).Mapping(t.Context(), "acme", m, "nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestEverySampleVariableIsOneOfSourceWhales(t *testing.T) {
	for v, value := range preview.Sample() {
		kind := contact.KindOf(v)
		if kind == contact.Unknown || contact.Sensitive(string(v)) || value.Blank() || (kind == contact.List) != (value.List != nil) {
			t.Errorf("%s: %+v", v, value)
		}
	}
}

// find gives who is in Ashby.
func (w *team) find(ask plan.Ask) (out []candidate.Candidate) {
	for _, c := range w.candidates {
		if ask.Kind == plan.AskCandidate && c.ID == ask.Arg || ask.Kind == plan.AskEmail && c.HasEmail(ask.Arg) {
			out = append(out, c)
		}
	}
	return out
}
