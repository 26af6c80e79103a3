package contract_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got+"\n" != string(want) {
		t.Errorf("%s is now\n%s", name, got)
	}
}

func unpacked(t *testing.T, body string) contract.Parcel {
	t.Helper()
	p, err := contract.Unpack(body)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The bytes on the queue are a contract between two deployments: messages of the
// old one are read by the new one.
func TestTheBytesOnTheQueueArePinned(t *testing.T) {
	e := verdicts(t, request(full))[0].Event
	bodies, err := contract.Pack([]event.Event{e}, contract.MaxPacked)
	if err != nil || len(bodies) != 1 {
		t.Fatalf("%d bodies, %v", len(bodies), err)
	}
	golden(t, "packed_event.json", bodies[0])
	if diff := cmp.Diff(contract.Parcel{Events: []event.Event{e}}, unpacked(t, bodies[0])); diff != "" {
		t.Errorf("it does not come back (-want +got):\n%s", diff)
	}

	h, err := contract.Hook([]byte(flat), "t1", at, "trace-1")
	if err != nil {
		t.Fatal(err)
	}
	body, err := contract.PackHook(h)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "packed_hook.json", body)
	if diff := cmp.Diff(contract.Parcel{Hooks: []event.Hook{h}}, unpacked(t, body)); diff != "" {
		t.Errorf("it does not come back (-want +got):\n%s", diff)
	}

	c := event.CandidateHook{
		Team: "t1", ActionID: "a1", Action: event.CandidateMerge, Deleted: "c1", Survivor: "c2", AcceptedAt: at, Trace: "trace-1",
	}
	if body, err = contract.PackCandidate(c); err != nil {
		t.Fatal(err)
	}
	golden(t, "packed_candidate.json", body)
	if diff := cmp.Diff(contract.Parcel{Candidates: []event.CandidateHook{c}}, unpacked(t, body)); diff != "" {
		t.Errorf("it does not come back (-want +got):\n%s", diff)
	}
}

func sized(id string, bytes int) event.Event {
	return event.Event{
		ID: id, Team: "t1", Type: event.EmailSent, OccurredAt: at, AcceptedAt: at, Person: event.Person{ID: "p1"},
		Message: &event.Message{Body: strings.Repeat("<", bytes)},
	}
}

func TestMessagesKeepToCountAndBytesAndOrder(t *testing.T) {
	var many []event.Event
	for i := range 60 {
		many = append(many, sized(strings.Repeat("i", i+1), 0))
	}
	for _, c := range []struct {
		name   string
		events []event.Event
		max    int
		want   []int
	}{
		{"by count", many, contract.MaxPacked, []int{25, 25, 10}},
		{"by bytes", []event.Event{sized("a", 90_000), sized("b", 90_000), sized("c", 90_000)}, contract.MaxPacked, []int{2, 1}},
		{"a large one goes alone", []event.Event{sized("a", 10), sized("b", 5000), sized("c", 10)}, 3000, []int{1, 1, 1}},
		{"none", nil, contract.MaxPacked, nil},
	} {
		bodies, err := contract.Pack(c.events, c.max)
		if err != nil {
			t.Fatal(err)
		}
		var counts []int
		var ids, want []string
		for _, b := range bodies {
			p := unpacked(t, b)
			counts = append(counts, len(p.Events))
			for _, e := range p.Events {
				ids = append(ids, e.ID)
			}
			if len(b) > c.max && len(p.Events) > 1 {
				t.Errorf("%s: %d bytes", c.name, len(b))
			}
		}
		for _, e := range c.events {
			want = append(want, e.ID)
		}
		if !cmp.Equal(counts, c.want) || !cmp.Equal(ids, want) {
			t.Errorf("%s: %v, want %v; ids kept: %t", c.name, counts, c.want, cmp.Equal(ids, want))
		}
	}
}

func TestEventsOfOneIDTravelTogetherInTheirOrder(t *testing.T) {
	var events []event.Event
	for i := range 60 {
		events = append(events, sized(fmt.Sprint("e", i), i))
	}
	events[40].ID, events[59].ID = "e7", "e7"
	bodies, err := contract.Pack(events, contract.MaxPacked)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for n, b := range bodies {
		var lengths []int
		for _, e := range unpacked(t, b).Events {
			if total++; e.ID == "e7" {
				lengths = append(lengths, len(e.Message.Body))
			}
		}
		if len(lengths) != 0 && !cmp.Equal(lengths, []int{7, 40, 59}) {
			t.Errorf("message %d has those with bodies of %v", n, lengths)
		}
	}
	if total != 60 || len(bodies) != 3 {
		t.Errorf("%d events in %d messages", total, len(bodies))
	}
	tight, err := contract.Pack([]event.Event{sized("a", 1000), sized("b", 1000), sized("b", 1001)}, 4000)
	if err != nil || len(tight) != 2 || len(unpacked(t, tight[1]).Events) != 2 {
		t.Errorf("%d messages, %v", len(tight), err)
	}
	many, err := contract.Pack([]event.Event{sized("a", 3000), sized("a", 3001)}, 4000)
	if err != nil || len(many) != 2 {
		t.Errorf("more than one message can carry: %d messages, %v", len(many), err)
	}
}

func TestWhatCannotBeDecodedIsInvalidAndNotRepeated(t *testing.T) {
	ok, err := contract.Pack([]event.Event{sized("e1", 1)}, contract.MaxPacked)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"nothing": "", "no JSON": "hunter2", "a list": `["hunter2"]`, "another version": strings.Replace(ok[0], `"v":1`, `"v":2`, 1),
		"no version": strings.Replace(ok[0], `"v":1,`, ``, 1), "empty": `{"v":1}`, "no events": `{"v":1,"events":[]}`,
		"wrong kind": `{"v":1,"events":"hunter2"}`, "wrong field": strings.Replace(ok[0], `"ID":"e1"`, `"ID":{"hunter2":1}`, 1),
		"no id":      strings.Replace(ok[0], `"ID":"e1"`, `"ID":""`, 1),
		"key broken": strings.Replace(ok[0], `"ID":"e1"`, `"ID":"hunter2#1"`, 1),
		"no team":    strings.Replace(ok[0], `"Team":"t1"`, `"Team":""`, 1),
		"no person":  strings.Replace(ok[0], `"ID":"p1"`, `"ID":""`, 1),
		"no type":    strings.Replace(ok[0], `"Type":"email_sent"`, `"Type":"hunter2"`, 1),
		"hook":       `{"v":1,"hooks":[{"Team":"t1"}]}`, "candidate": `{"v":1,"candidates":[{"Team":"t1","ActionID":"hunter2"}]}`,
	} {
		_, err := contract.Unpack(body)
		if !fault.Is(err, fault.Invalid) || fault.Of(err).Code() != "undecodable" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANewerIntakeMayAddFields(t *testing.T) {
	ok, err := contract.Pack([]event.Event{sized("e1", 1)}, contract.MaxPacked)
	if err != nil {
		t.Fatal(err)
	}
	p := unpacked(t, strings.NewReplacer(`"v":1`, `"v":1,"later":[1]`, `"Team":"t1"`, `"Team":"t1","Later":{"a":1}`).Replace(ok[0]))
	if len(p.Events) != 1 || p.Events[0].ID != "e1" {
		t.Errorf("%+v", p)
	}
}

// shelf is a queue that keeps what it gets.
type shelf struct {
	messages []queue.Message
	err      error
}

func (s *shelf) Send(_ context.Context, messages ...queue.Message) error {
	if s.err == nil {
		s.messages = append(s.messages, messages...)
	}
	return s.err
}

func TestTheCouriersMessagesAreOfTheirTeamAndReadable(t *testing.T) {
	s := &shelf{}
	c := contract.NewCourier(s)
	var many []event.Event
	for range 30 {
		many = append(many, sized("e1", 10))
	}
	if err := c.Events(t.Context(), many); err != nil {
		t.Fatal(err)
	}
	if err := c.Hook(t.Context(), event.Hook{Team: "t1", PersonID: "p1", AcceptedAt: at}); err != nil {
		t.Fatal(err)
	}
	if err := c.Candidate(t.Context(), event.CandidateHook{Team: "t1", ActionID: "a", Deleted: "c", AcceptedAt: at}); err != nil {
		t.Fatal(err)
	}
	if len(s.messages) != 4 {
		t.Fatalf("%d messages", len(s.messages))
	}
	if err := queue.Check(false, s.messages...); err != nil {
		t.Error(err)
	}
	total := 0
	for _, m := range s.messages {
		if m.Group != "t1" {
			t.Errorf("group %q", m.Group)
		}
		p := unpacked(t, m.Body)
		total += len(p.Events) + len(p.Hooks) + len(p.Candidates)
	}
	if total != 32 {
		t.Errorf("%d things arrived", total)
	}
	s.err = fault.New(fault.Unavailable, "x", "")
	if c.Events(t.Context(), many) == nil || c.Hook(t.Context(), event.Hook{}) == nil || c.Candidate(t.Context(), event.CandidateHook{}) == nil {
		t.Error("a refusing queue went unnoticed")
	}
}

func TestAnEventTakesWhatItsLimitSays(t *testing.T) {
	if contract.MaxPacked >= queue.MaxMessageBytes-1024 {
		t.Errorf("%d bytes leave no room for attributes", contract.MaxPacked)
	}
	if contract.MaxAhead != 5*time.Minute || contract.MaxYears != 5 {
		t.Error("the clocks' limits moved")
	}
}
