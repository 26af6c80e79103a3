package timeline_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456789, time.UTC)

// bench is a store with a clock that stands still unless it is set.
type bench struct {
	*timeline.Store
	table table.Table
	now   time.Time
	n     int
}

func newBench(wrap func(table.Table) table.Table) *bench {
	b := &bench{now: noon}
	clock := func() time.Time { return b.now }
	b.table = memory.NewTable(clock)
	if wrap != nil {
		b.table = wrap(b.table)
	}
	b.Store = timeline.New(b.table, clock, func() string { b.n++; return fmt.Sprintf("token%d", b.n) })
	return b
}

func record(id string, occurred time.Time) delivery.Record {
	return delivery.Record{
		Event: id, Person: "p1", Type: event.EmailSent, Order: delivery.OrderOf(occurred, noon, id), OccurredAt: occurred,
		AcceptedAt: noon, BodyHash: "hash", State: delivery.Pending, Due: noon, Class: delivery.Live, Changed: noon,
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) create(t *testing.T, r delivery.Record) delivery.Stored {
	t.Helper()
	ctx := context.Background()
	work, ok := r.Work()
	if ok {
		check(t, b.Touch(ctx, "t1"))
		check(t, b.AddDue(ctx, "t1", []delivery.Work{work}))
	}
	stored, _, err := b.Create(ctx, "t1", r)
	check(t, err)
	check(t, b.AddEntries(ctx, "t1", []delivery.Record{r}))
	return stored
}

func (b *bench) due(t *testing.T, class delivery.Class) []string {
	t.Helper()
	var events []string
	for _, w := range must[[]delivery.Work](t)(b.Due(context.Background(), "t1", class, b.now, 100)) {
		events = append(events, w.Event)
	}
	return events
}

func TestRowsAreStoredInTheseBytes(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	trigger, yes, types := setting.OnReply, true, []event.Type{event.EmailSent}
	e := event.Event{
		ID: "e1", Team: "t1", Type: event.EmailSent, OccurredAt: noon, AcceptedAt: noon, Origin: event.CampaignRun,
		Actor: event.Actor{ID: "u1"}, Campaign: &event.Campaign{ID: "c1", Name: "Founders"},
		Person: event.Person{
			ID: "p1", Stage: event.Messaged,
			Snapshot: contact.Snapshot{contact.FirstName: {Text: "Ada"}, contact.Emails: {List: []string{"ada@example.com"}}},
		},
		Message: &event.Message{Channel: event.Email, Direction: event.Outbound, Subject: "Hello"}, BodyHash: "hash", Trace: "req",
	}
	_, _, err := b.PutEvent(ctx, e)
	check(t, err)
	r := record("e1", noon)
	r.Layers = []setting.Layer{{Level: setting.Team, Author: "u1", Version: 3, Values: setting.Values{
		Trigger: &trigger, OnlySynced: &yes, NoteTypes: &types, Manual: &yes,
	}}}
	stored := b.create(t, r)
	to := stored.Record.WithStep(delivery.Step{
		ID: "note", Method: "candidate.createNote", Token: "attempt", Fingerprint: "f", IntentAt: noon, CallBy: noon.Add(5 * time.Second),
		Status: delivery.Intent, Attempts: 1,
	})
	to.Plan = must[string](t)(b.PutExplanation(ctx, "t1", "e1", timeline.Explanation{
		Effective: setting.Resolve(nil, setting.Lock{}), Asks: []plan.Ask{{Kind: plan.AskEmail, Arg: "ada@example.com"}},
		Outcome: plan.Outcome{Code: delivery.Matched, Row: 8, Steps: []plan.Step{{ID: "note", Method: "candidate.createNote", Body: "{}"}}},
	}))
	p := person.Person{Team: "t1", ID: "p1"}.After(e)
	p.Link = person.Link{Kind: person.Synced, Candidate: "cand1", By: "e1", At: noon}
	_, _, err = b.Apply(ctx, delivery.Change{
		Team: "t1", From: stored, To: to,
		Person: &delivery.PersonChange{From: must[delivery.Subject](t)(b.Subject(ctx, "t1", "p1")), To: p},
	})
	check(t, err)
	check(t, b.EndCandidate(ctx, "t1", "cand0", "cand1", noon))
	hook := event.CandidateHook{Team: "t1", ActionID: "a1", Action: event.CandidateMerge, Deleted: "cand0", Survivor: "cand1"}
	check(t, b.SeeHook(ctx, hook))
	state := must[delivery.HookState](t)(b.HookState(ctx, "t1", "p2"))
	_, err = b.Derive(ctx, delivery.Derivation{Team: "t1", Person: "p2", From: state, To: state.With(event.Hook{
		Stage: event.Messaged, OccurredAt: noon, Snapshot: contact.Snapshot{contact.Company: {Text: "Engines"}},
	})})
	check(t, err)

	got := dump(t, b.table, "t1#p#p1", "t1#p#p2", "t1#e#e1", "t1#cand#cand0", "t1#cand#cand1", "t1#hook",
		"t1#due#0", "t1#due#1", "t1#due#2", "t1#due#3",
		"due#0", "due#1", "due#2", "due#3", "due#4", "due#5", "due#6", "due#7", "due#8", "due#9", "due#10", "due#11",
		"due#12", "due#13", "due#14", "due#15")
	const file = "testdata/rows.txt"
	if *update {
		check(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	check(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("stored rows (-want +got):\n%s", diff)
	}
}

func dump(t *testing.T, tbl table.Table, partitions ...string) string {
	t.Helper()
	var out strings.Builder
	for _, partition := range partitions {
		page := must[table.Page](t)(tbl.Query(context.Background(), table.Range{Partition: partition}))
		for _, row := range page.Items {
			expires := "never"
			if !row.Expires.IsZero() {
				expires = row.Expires.UTC().Format(time.DateOnly)
			}
			fmt.Fprintf(&out, "%s | %s | expires %s\n  %s\n", row.Partition, row.Sort, expires, row.Doc)
		}
	}
	return out.String()
}

func TestWhatIsReadIsWhatWasWritten(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	stored := b.create(t, record("e1", noon))
	got, ok, err := b.Stored(ctx, "t1", "e1")
	check(t, err)
	if diff := cmp.Diff(stored, got); !ok || diff != "" {
		t.Errorf("record (-written +read):\n%s", diff)
	}
	if _, ok, err := b.Record(ctx, "t1", "e2"); ok || err != nil {
		t.Errorf("a record that is not there: %v, %v", ok, err)
	}
	if _, ok, err := b.Person(ctx, "t1", "p1"); ok || err != nil {
		t.Errorf("a person of whom nothing is kept: %v, %v", ok, err)
	}
}

func TestOfTwoRecordsTheFirstWins(t *testing.T) {
	b := newBench(nil)
	first := b.create(t, record("e1", noon))
	second := record("e1", noon)
	second.BodyHash = "another"
	got, created, err := b.Create(context.Background(), "t1", second)
	check(t, err)
	if diff := cmp.Diff(first, got); created || diff != "" {
		t.Errorf("created %v; stored (-first +got):\n%s", created, diff)
	}
}

func TestOfTwoPayloadsTheFirstWinsAndTheSecondLearnsIt(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	_, ours, err := b.PutEvent(ctx, event.Event{ID: "e1", Team: "t1", BodyHash: "first"})
	check(t, err)
	stored, again, err := b.PutEvent(ctx, event.Event{ID: "e1", Team: "t1", BodyHash: "second"})
	check(t, err)
	if stored.BodyHash != "first" || ours == "" || again != "" {
		t.Errorf("stored %q, ours %q, then %q", stored.BodyHash, ours, again)
	}
	check(t, b.DropEvent(ctx, "t1", "e1", "not the revision"))
	if _, ok, err := b.Event(ctx, "t1", "e1"); !ok || err != nil {
		t.Errorf("another's payload was dropped: %v, %v", ok, err)
	}
	check(t, b.DropEvent(ctx, "t1", "e1", ours))
	if _, ok, err := b.Event(ctx, "t1", "e1"); ok || err != nil {
		t.Errorf("our payload was not dropped: %v, %v", ok, err)
	}
}

func TestAChangeOverAnotherRevisionWritesNothing(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	from := b.create(t, record("e1", noon))
	done, err := from.Record.Move(delivery.Synced, noon)
	check(t, err)
	_, _, err = b.Apply(ctx, delivery.Change{Team: "t1", From: from, To: done})
	check(t, err)
	late := from.Record
	late.Due = noon.Add(time.Hour)
	_, _, err = b.Apply(ctx, delivery.Change{
		Team: "t1", From: from, To: late,
		Person: &delivery.PersonChange{From: delivery.Subject{}, To: person.Person{Team: "t1", ID: "p1"}},
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("error %v, want a conflict", err)
	}
	if got, _, _ := b.Record(ctx, "t1", "e1"); got.State != delivery.Final {
		t.Errorf("state %s", got.State)
	}
	if _, ok, _ := b.Person(ctx, "t1", "p1"); ok {
		t.Error("the person was written")
	}
	b.now = noon.Add(2 * time.Hour)
	if due := b.due(t, delivery.Live); len(due) != 0 {
		t.Errorf("due %v", due)
	}
}

func TestADueEntryMovesWithTheRecordAndGoesWithTheEnd(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	from := b.create(t, record("e1", noon))
	later := from.Record
	later.Due = noon.Add(time.Minute)
	from, _, err := b.Apply(ctx, delivery.Change{Team: "t1", From: from, To: later})
	check(t, err)
	if due := b.due(t, delivery.Live); len(due) != 0 {
		t.Errorf("due before its time: %v", due)
	}
	b.now = noon.Add(time.Minute)
	if due := b.due(t, delivery.Live); len(due) != 1 {
		t.Errorf("due at its time: %v", due)
	}
	final, err := from.Record.Move(delivery.Synced, b.now)
	check(t, err)
	_, _, err = b.Apply(ctx, delivery.Change{Team: "t1", From: from, To: final})
	check(t, err)
	if idle := must[bool](t)(b.Idle(ctx, "t1")); !idle {
		t.Error("an entry is left over")
	}
}

func TestEveryLostWriteOfAChangeIsSettled(t *testing.T) {
	for _, loss := range tabletest.Losses() {
		t.Run(loss.String(), func(t *testing.T) {
			ctx := context.Background()
			var lossy *tabletest.Lossy
			plan := func(int) tabletest.Loss { return tabletest.None }
			b := newBench(func(inner table.Table) table.Table {
				lossy = tabletest.NewLossy(inner, func(n int) tabletest.Loss { return plan(n) })
				return lossy
			})
			from := b.create(t, record("e1", noon))
			plan = tabletest.Nth(lossy.Writes()+1, loss)
			to := from.Record
			to.Detail = "written"
			_, _, err := b.Apply(ctx, delivery.Change{
				Team: "t1", From: from, To: to,
				Person: &delivery.PersonChange{To: person.Person{Team: "t1", ID: "p1", Stage: event.Replied}},
			})
			check(t, err)
			lossy.Settle()
			got, _, err := b.Record(ctx, "t1", "e1")
			check(t, err)
			p, ok, err := b.Person(ctx, "t1", "p1")
			check(t, err)
			if got.Detail != "written" || !ok || p.Stage != event.Replied {
				t.Errorf("record %q, person %v %q", got.Detail, ok, p.Stage)
			}
		})
	}
}

func TestAnEntryThatWasPutAnewIsNotTakenAwayForTheOneThatWasRead(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	stored := b.create(t, record("e1", noon))
	read := must[[]delivery.Work](t)(b.Due(ctx, "t1", stored.Class, noon, 10))
	away := stored.Record
	for _, due := range []time.Time{noon.Add(time.Minute), noon} { // another drain moves it away, and back to the very same time
		away.Due = due
		var err error
		stored, _, err = b.Apply(ctx, delivery.Change{Team: "t1", From: stored, To: away})
		check(t, err)
	}
	check(t, b.DropDue(ctx, "t1", read[0]))
	if got := b.due(t, stored.Class); len(got) != 1 {
		t.Errorf("due afterwards: %v", got)
	}
	check(t, b.DropDue(ctx, "t1", must[[]delivery.Work](t)(b.Due(ctx, "t1", stored.Class, noon, 10))[0]))
	if got := b.due(t, stored.Class); len(got) != 0 {
		t.Errorf("the one that was read is still there: %v", got)
	}
}

func TestDueWorkComesByClassAndLongestDueFirst(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	var work []delivery.Work
	for i := range 20 {
		w := delivery.Work{
			Class: delivery.Live, Due: noon.Add(-time.Duration(i) * time.Second), Person: fmt.Sprintf("p%d", i), Event: fmt.Sprintf("e%02d", i),
		}
		if i%2 == 1 {
			w.Class = delivery.Bulk
		}
		work = append(work, w)
	}
	work = append(work, delivery.Work{Class: delivery.Live, Due: noon.Add(time.Nanosecond), Person: "p", Event: "not yet"})
	check(t, b.AddDue(ctx, "t1", work))
	want := []string{"e18", "e16", "e14", "e12", "e10", "e08", "e06", "e04", "e02", "e00"}
	if diff := cmp.Diff(want, b.due(t, delivery.Live)); diff != "" {
		t.Errorf("live (-want +got):\n%s", diff)
	}
	first := must[[]delivery.Work](t)(b.Due(ctx, "t1", delivery.Bulk, noon, 3))
	for i := range first {
		if first[i].Row == "" {
			t.Errorf("entry %d does not say which row it is", i)
		}
		first[i].Row = ""
	}
	if diff := cmp.Diff([]delivery.Work{work[19], work[17], work[15]}, first); diff != "" {
		t.Errorf("the first of bulk (-want +got):\n%s", diff)
	}
	if due := must[bool](t)(b.AnyDue(ctx, "t1", noon.Add(-time.Hour))); due {
		t.Error("something was due an hour ago")
	}
	if due := must[bool](t)(b.AnyDue(ctx, "t1", noon)); !due {
		t.Error("nothing is due")
	}
}

func TestATeamRowGoesOnlyWhenOldEmptyAndUntouched(t *testing.T) {
	ctx := context.Background()
	work := delivery.Work{Class: delivery.Live, Due: noon.Add(time.Hour), Person: "p1", Event: "e1"}
	for _, c := range []struct {
		name string
		do   func(b *bench)
		gone bool
	}{
		{"old and empty", func(b *bench) { b.now = noon.Add(16 * time.Minute) }, true},
		{"young", func(b *bench) { b.now = noon.Add(14 * time.Minute) }, false},
		{"with work", func(b *bench) { b.now = noon.Add(time.Hour); _ = b.AddDue(ctx, "t1", []delivery.Work{work}) }, false},
		{"touched since", func(b *bench) { b.now = noon.Add(time.Hour); _ = b.Touch(ctx, "t1") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(nil)
			check(t, b.Touch(ctx, "t1"))
			mark, ok, err := b.Mark(ctx, "t1")
			check(t, err)
			if !ok {
				t.Fatal("there is no team row")
			}
			c.do(b)
			gone := must[bool](t)(b.Retire(ctx, mark))
			_, still, err := b.Mark(ctx, "t1")
			check(t, err)
			if gone != c.gone || still == c.gone {
				t.Errorf("gone: said %v, row still there %v, want gone %v", gone, still, c.gone)
			}
		})
	}
}

func TestAPersonComesWithTheirEventsInOrder(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	b.create(t, record("late", noon))
	b.create(t, record("early", noon.Add(-time.Hour)))
	hidden := record("hidden", noon.Add(-time.Minute)) // crashed before its timeline entry
	_, _, err := b.Create(ctx, "t1", hidden)
	check(t, err)
	_, records, err := b.Load(ctx, "t1", "p1", []string{"hidden", "late", "never recorded"})
	check(t, err)
	var got []string
	for _, r := range records {
		got = append(got, r.Event)
	}
	if diff := cmp.Diff([]string{"early", "hidden", "late"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestATimelineIsPagedNewestFirst(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	for i := range 5 {
		b.create(t, record(fmt.Sprintf("e%d", i), noon.Add(time.Duration(i)*time.Second)))
	}
	var got []string
	cursor, pages := "", 0
	for {
		page, next, err := b.Timeline(ctx, "t1", "p1", cursor, 2)
		check(t, err)
		for _, r := range page {
			got = append(got, r.Event)
		}
		if pages++; next == "" || pages > 5 {
			break
		}
		cursor = next
	}
	if diff := cmp.Diff([]string{"e4", "e3", "e2", "e1", "e0"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestACandidateKnowsTheirPeople(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	nobody := must[delivery.Subject](t)(b.Subject(ctx, "t1", "p1"))
	p := nobody.Person
	p.Link.Candidate = "cand1"
	linked := must[delivery.Subject](t)(b.SavePerson(ctx, "t1", delivery.PersonChange{From: nobody, To: p}))
	if people := must[[]string](t)(b.PeopleOf(ctx, "t1", "cand1")); len(people) != 1 || people[0] != "p1" {
		t.Errorf("people of the candidate: %v", people)
	}
	p.Link.Candidate = "cand2"
	must[delivery.Subject](t)(b.SavePerson(ctx, "t1", delivery.PersonChange{From: linked, To: p}))
	left, came := must[[]string](t)(b.PeopleOf(ctx, "t1", "cand1")), must[[]string](t)(b.PeopleOf(ctx, "t1", "cand2"))
	if len(left) != 0 || len(came) != 1 {
		t.Errorf("after the person moved: %v and %v", left, came)
	}
	if _, err := b.SavePerson(ctx, "t1", delivery.PersonChange{From: linked, To: p}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale write: %v, want a conflict", err)
	}
}

func TestLedgersOutlivePayloads(t *testing.T) {
	ctx := context.Background()
	b := newBench(nil)
	_, _, err := b.PutEvent(ctx, event.Event{ID: "e1", Team: "t1"})
	check(t, err)
	b.create(t, record("e1", noon))
	b.now = noon.AddDate(0, 0, 101)
	_, payload, _ := b.Event(ctx, "t1", "e1")
	_, ledger, _ := b.Record(ctx, "t1", "e1")
	b.now = noon.AddDate(0, 0, 401)
	_, later, _ := b.Record(ctx, "t1", "e1")
	if payload || !ledger || later {
		t.Errorf("payload after 101 days %v, ledger %v, after 401 days %v", payload, ledger, later)
	}
}
