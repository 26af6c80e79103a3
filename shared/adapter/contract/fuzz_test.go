package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// canary stands for a sensitive value; no input but the planted ones has it.
const canary = "k4n4ry-v4lue"

func FuzzWhateverIsAcceptedKeepsTheLimits(f *testing.F) {
	f.Add(request(full))
	f.Add(request(`{"id":"e","type":"contact_edited","origin":"manual","occurred_at":"2026-03-01T00:00:00Z","person":{"id":"p","snapshot":{"gender":"` + canary + `"}}}`))
	f.Add([]byte(`{"team":"t1","events":[{"id":"\ud800","person":{"snapshot":{"experience":[{"a":[[[]]]}]}}}]}`))
	f.Add([]byte(strings.Repeat(`{"team":`, 50)))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := contract.Open(body)
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
				t.Errorf("refused by %v", err)
			}
			return
		}
		var fit []event.Event
		all := r.Events(at, "trace-1")
		if len(all) == 0 || len(all) > contract.MaxEvents {
			t.Errorf("%d events", len(all))
		}
		for _, v := range all {
			if len(v.Mistakes) > 21 {
				t.Errorf("%d mistakes", len(v.Mistakes))
			}
			if v.Accepted() {
				limits(t, v.Event)
				fit = append(fit, v.Event)
			}
		}
		if len(fit) > 0 {
			comesBack(t, fit)
		}
	})
}

func limits(t *testing.T, e event.Event) {
	t.Helper()
	for what, id := range map[string]string{"event": e.ID, "person": e.Person.ID, "team": e.Team} {
		if id == "" || len(id) > 128 || strings.ContainsAny(id, "#\x00\n") {
			t.Errorf("%s id %q", what, id)
		}
	}
	if !e.Type.Known() || !e.Origin.Known() || e.OccurredAt.After(at.Add(contract.MaxAhead)) || e.OccurredAt.Before(at.AddDate(-5, 0, 0)) {
		t.Errorf("%s %s %v", e.Type, e.Origin, e.OccurredAt)
	}
	for name := range e.Person.Snapshot {
		if contact.KindOf(name) == contact.Unknown {
			t.Errorf("variable %q", name)
		}
	}
	if e.Message != nil && len(e.Message.Body) > 100_000 {
		t.Errorf("a body of %d bytes", len(e.Message.Body))
	}
}

// comesBack holds packing to the queue's rules and to losing nothing.
func comesBack(t *testing.T, fit []event.Event) {
	t.Helper()
	s := &shelf{}
	if err := contract.NewCourier(s).Events(t.Context(), fit); err != nil {
		t.Fatal(err)
	}
	if err := queue.Check(false, s.messages...); err != nil {
		t.Error(err)
	}
	var back []event.Event
	for _, m := range s.messages {
		if len(m.Body) > contract.MaxPacked {
			t.Errorf("a message of %d bytes", len(m.Body))
		}
		p, err := contract.Unpack(m.Body)
		if err != nil {
			t.Fatalf("%v: %s", err, m.Body)
		}
		back = append(back, p.Events...)
	}
	if diff := cmp.Diff(fit, back); diff != "" {
		t.Errorf("(-sent +received):\n%s", diff)
	}
}

// The fuzzer chooses where in the snapshot, and under which spelling, the
// sensitive value lies.
func FuzzNoSensitiveValueSurvives(f *testing.F) {
	f.Add("gender", `{"a":[1]}`, uint8(0))
	f.Add("Dominant_Race", `"x"`, uint8(1))
	f.Add("dominantRace", `["y","gender"]`, uint8(2))
	f.Fuzz(func(t *testing.T, name, beside string, where uint8) {
		if !sensitiveSpelling(name) {
			name = []string{"gender", "dominantRace", "Gender", "DOMINANT-RACE"}[where%4]
		}
		planted := fmt.Sprintf(`%q:[%q,{"x":%q}]`, name, canary, canary)
		snapshot := fmt.Sprintf(`{%s,"firstName":"Ada"}`, planted)
		if where%2 == 1 {
			snapshot = fmt.Sprintf(`{"experience":[{"title":"CTO",%s},{"deep":{%s}}],"company":%q}`, planted, planted, beside)
		}
		event := fmt.Sprintf(`{"id":"e","type":"email_sent","occurred_at":"2026-03-01T00:00:00Z","person":{"id":"p","snapshot":%s,"changed":[%q]}}`, snapshot, name)
		r, err := contract.Open(request(event))
		if err != nil {
			t.Skip("the neighbour is no JSON")
		}
		v := r.Events(at, "")[0]
		if !v.Accepted() || v.Event.Dropped < 2 {
			t.Fatalf("dropped %d: %+v", v.Event.Dropped, v.Mistakes)
		}
		clean, _, _ := strings.Cut(fmt.Sprintf("%+v", v), canary)
		if clean != fmt.Sprintf("%+v", v) {
			t.Error("the value survived")
		}
		h, err := contract.Hook([]byte(`{"type":"candidateUpdated","id":"p","candidate":`+snapshot+`}`), "t1", at, "")
		if err != nil || strings.Contains(fmt.Sprintf("%+v", h), canary) || h.Dropped == 0 {
			t.Errorf("in a hook: %v, dropped %d", err, h.Dropped)
		}
	})
}

func sensitiveSpelling(name string) bool {
	switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)) {
	case "gender", "dominantrace":
		return !strings.ContainsFunc(name, func(r rune) bool { return r > '~' })
	}
	return false
}

func FuzzHooksNeverPanicAndAreFitToSend(f *testing.F) {
	f.Add([]byte(flat))
	f.Add([]byte(`{"action":"candidateMerge","data":{"deletedCandidate":{"id":"a"},"mergedCandidate":{"id":"b"}}}`))
	f.Add([]byte(`{"type":"candidateCreated","id":1e5,"campaign":{"id":{}},"lastContacted":1e99,"updatedAt":-1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := &shelf{}
		c := contract.NewCourier(s)
		if h, err := contract.Hook(body, "t1", at, ""); err == nil && h.PersonID != "" {
			if err := c.Hook(t.Context(), h); err != nil {
				t.Error(err)
			}
			for _, e := range event.Expand(h, event.LastKnown{}) {
				limits(t, e)
			}
		}
		if h, err := contract.CandidateHook(body, "t1", at, ""); err == nil && h.Deleted != "" {
			if err := c.Candidate(t.Context(), h); err != nil {
				t.Error(err)
			}
		}
		if err := queue.Check(false, s.messages...); err != nil {
			t.Error(err)
		}
		for _, m := range s.messages {
			if _, err := contract.Unpack(m.Body); err != nil {
				t.Errorf("%v: %s", err, m.Body)
			}
		}
	})
}

func FuzzUnpackGivesAFaultOrWhatCanBeStored(f *testing.F) {
	f.Add(`{"v":1,"events":[{"ID":"e"}]}`)
	f.Add(`{"v":1,"hooks":[{}],"candidates":[null]}`)
	f.Fuzz(func(t *testing.T, body string) {
		p, err := contract.Unpack(body)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, e := range p.Events {
			if strings.Contains(e.ID+e.Person.ID+e.Team, "#") || e.ID == "" {
				t.Errorf("%+v", e)
			}
		}
	})
}
