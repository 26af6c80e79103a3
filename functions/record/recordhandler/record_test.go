package recordhandler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/functions/record/recordhandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// outbox keeps what is sent and what is given back, or refuses it.
type outbox struct {
	sent []queue.Message
	back map[string]time.Duration
	err  error
}

func (o *outbox) Release(_ context.Context, delay time.Duration, receipts ...string) error {
	for _, receipt := range receipts {
		if o.back == nil {
			o.back = map[string]time.Duration{}
		}
		o.back[receipt] = delay
	}
	return o.err
}

func (o *outbox) Send(_ context.Context, messages ...queue.Message) error {
	if o.err == nil {
		o.sent = append(o.sent, messages...)
	}
	return o.err
}

// rig is the function over a store in memory.
type rig struct {
	table              table.Table
	work, events, dead outbox
}

func newRig() *rig { return &rig{table: memory.NewTable(clock)} }

func clock() time.Time { return noon }

// invoke brings bodies and gives the ids of those that failed.
func (r *rig) invoke(t *testing.T, timelines table.Table, bodies ...string) []string {
	t.Helper()
	n := 0
	handle := recordhandler.New(recordhandler.Parts{
		Config: memory.NewTable(clock), Timeline: timelines, Work: &r.work, Events: &r.events, Dead: &r.dead,
		Token: func() string { n++; return fmt.Sprint(n) }, Now: clock, Log: slog.New(slog.DiscardHandler),
	})
	var in events.SQSEvent
	for i, body := range bodies {
		in.Records = append(in.Records, events.SQSMessage{
			MessageId: fmt.Sprint("m", i), ReceiptHandle: fmt.Sprint("r", i), Body: body, Attributes: map[string]string{"ApproximateReceiveCount": "1"},
		})
	}
	out, err := handle(t.Context(), in)
	if err != nil {
		t.Fatalf("an error for the whole batch: %v", err)
	}
	var failed []string
	for _, f := range out.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

func (r *rig) recorded(t *testing.T, ids ...string) {
	t.Helper()
	store := timeline.New(r.table, clock, func() string { return "x" })
	for _, id := range ids {
		if _, ok, err := store.Record(t.Context(), "t1", id); !ok || err != nil {
			t.Errorf("%s is not recorded: %v", id, err)
		}
	}
}

func packed(t *testing.T, ids ...string) string {
	t.Helper()
	var list []event.Event
	for _, id := range ids {
		list = append(list, event.Event{
			ID: id, Team: "t1", Type: event.EmailSent, OccurredAt: noon, AcceptedAt: noon, Person: event.Person{ID: "p1"},
		})
	}
	bodies, err := contract.Pack(list, contract.MaxPacked)
	if err != nil || len(bodies) != 1 {
		t.Fatalf("%d bodies, %v", len(bodies), err)
	}
	return bodies[0]
}

func TestTheEventsOfAllMessagesAreRecordedAndTheTeamIsRungOnce(t *testing.T) {
	r := newRig()
	if failed := r.invoke(t, r.table, packed(t, "e1", "e2"), packed(t, "e3")); len(failed) != 0 {
		t.Errorf("failed %v", failed)
	}
	r.recorded(t, "e1", "e2", "e3")
	if len(r.work.sent) != 1 || r.work.sent[0].Body != `{"team":"t1"}` || r.work.sent[0].Group != "t1" {
		t.Errorf("rings %+v", r.work.sent)
	}
}

func TestWhatNobodyCanReadIsSetAsideAndTheRestGoesOn(t *testing.T) {
	r := newRig()
	bad := []string{"", "not JSON", `{"v":99,"events":[{}]}`}
	if failed := r.invoke(t, r.table, bad[0], packed(t, "e1"), bad[1], bad[2]); len(failed) != 0 {
		t.Errorf("failed %v", failed)
	}
	r.recorded(t, "e1")
	var aside []string
	for _, m := range r.dead.sent {
		aside = append(aside, m.Body)
	}
	if diff := cmp.Diff(bad, aside); diff != "" {
		t.Errorf("set aside (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeSetAsideComesAgain(t *testing.T) {
	r := newRig()
	r.dead.err = errors.New("the queue is down")
	if diff := cmp.Diff([]string{"m0"}, r.invoke(t, r.table, "not JSON", packed(t, "e1"))); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	r.recorded(t, "e1")
}

func TestWhatTheStoreRefusesComesAgainAndIsNotSetAside(t *testing.T) {
	r := newRig()
	down := tabletest.NewLossy(r.table, tabletest.First(1, 1000, tabletest.Down))
	if diff := cmp.Diff([]string{"m0", "m1"}, r.invoke(t, down, packed(t, "e1"), packed(t, "e2"))); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if len(r.dead.sent)+len(r.work.sent) != 0 {
		t.Errorf("set aside %v, rings %v", r.dead.sent, r.work.sent)
	}
	if diff := cmp.Diff(map[string]time.Duration{"r0": 5 * time.Second, "r1": 5 * time.Second}, r.events.back); diff != "" {
		t.Errorf("they come again after (-want +got):\n%s", diff)
	}
}

func TestAnEventTooLargeForTheStoreIsSetAside(t *testing.T) {
	r := newRig()
	huge := event.Event{
		ID: "e1", Team: "t1", Type: event.EmailSent, OccurredAt: noon, AcceptedAt: noon, Person: event.Person{ID: "p1"},
		Message: &event.Message{Body: strings.Repeat("x", table.MaxItemBytes)},
	}
	bodies, err := contract.Pack([]event.Event{huge}, 2*table.MaxItemBytes)
	if err != nil {
		t.Fatal(err)
	}
	if failed := r.invoke(t, r.table, bodies...); len(failed) != 0 || len(r.dead.sent) != 1 {
		t.Errorf("failed %v, %d set aside", failed, len(r.dead.sent))
	}
}

func TestHooksBecomeEventsAndCandidatesAreFollowed(t *testing.T) {
	r := newRig()
	hook, err := contract.PackHook(event.Hook{
		Kind: event.CandidateUpdated, Team: "t1", PersonID: "p1", Stage: event.Messaged, OccurredAt: noon, AcceptedAt: noon,
		Snapshot: contact.Snapshot{contact.Company: {Text: "Engines"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	gone, err := contract.PackCandidate(event.CandidateHook{
		Team: "t1", ActionID: "a1", Action: event.CandidateDelete, Deleted: "c1", AcceptedAt: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := r.invoke(t, r.table, hook, gone); len(failed) != 0 {
		t.Errorf("failed %v", failed)
	}
	store := timeline.New(r.table, clock, func() string { return "x" })
	if page, _, err := store.Timeline(t.Context(), "t1", "p1", "", 10); err != nil || len(page) != 1 {
		t.Errorf("timeline %v, %v", page, err)
	}
	seen, err := store.HookSeen(t.Context(), event.CandidateHook{Team: "t1", ActionID: "a1", Action: event.CandidateDelete})
	if err != nil || !seen {
		t.Errorf("the candidate's hook was seen: %v, %v", seen, err)
	}
}

func TestAnEditByHandRingsItsTeamLaterByTheWayOfOurOwnQueue(t *testing.T) {
	r := newRig()
	edit := event.Event{
		ID: "e1", Team: "t1", Type: event.ContactEdited, Origin: event.Manual, OccurredAt: noon, AcceptedAt: noon, Person: event.Person{ID: "p1"},
	}
	bodies, err := contract.Pack([]event.Event{edit}, contract.MaxPacked)
	if err != nil {
		t.Fatal(err)
	}
	if failed := r.invoke(t, r.table, bodies...); len(failed) != 0 || len(r.work.sent) != 0 || len(r.events.sent) != 1 {
		t.Fatalf("failed %v, rings %v, later %v", failed, r.work.sent, r.events.sent)
	}
	later := r.events.sent[0]
	if later.Delay <= 0 || queue.Check(false, later) != nil {
		t.Errorf("sent %+v", later)
	}
	if failed := r.invoke(t, r.table, later.Body); len(failed) != 0 || len(r.work.sent) != 1 || r.work.sent[0].Body != `{"team":"t1"}` {
		t.Errorf("failed %v, rings %+v", failed, r.work.sent)
	}
	r.work.err = errors.New("the queue is down")
	if failed := r.invoke(t, r.table, later.Body); len(failed) != 1 {
		t.Errorf("failed %v: a ring that cannot be passed on comes again", failed)
	}
}
