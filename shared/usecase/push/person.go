package push

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// orphanAge is how old a due entry without its event is left to be: the event
// may be just being recorded.
const orphanAge = 10 * time.Minute

// lookAgain is when what waits behind another event is looked at again.
const lookAgain = 10 * time.Minute

// worker carries one person's events, one after another.
type worker struct {
	*drain
	id      string
	subject delivery.Subject
	records []delivery.Stored
	at      int             // of the record being worked on
	unlock  func()          // lets others write to the candidate again
	claimed bool            // the person's identity keys are held
	release func()          // lets others who share them go on
	earlier []int           // edits that go together with the record being worked on, as indices of records
	looks   []delivery.Work // entries that ask to look again at what waits
	looking bool            // what they ask for is still to be done
	waking  bool            // what awaits news of the person is worked on, too
	sight   string          // what the last look for an unknown step came to, for the log

	tried    *counted               // the try of the current event, in a drain that is wary
	shares   bool                   // other people are linked to the candidate that is written to
	shut     *delivery.Candidate    // the candidate that is closed to them meanwhile
	claims   []delivery.StoredClaim // that the create may take, as they stand
	made     []plan.Made            // what others made for the person's keys
	withheld []int                  // events that were withheld and are given back to work, as indices of records
	recall   recall                 // what was read of Ashby in this pass
}

// carry works on one person and says until when to leave them alone: not at all,
// for a moment where an event is just being recorded, or for the rest of the
// drain.
func (d *drain) carry(ctx context.Context, j job) (rest time.Time) {
	if j.person == "" {
		return d.spread(ctx, j)
	}
	w := &worker{drain: d, id: j.person, unlock: func() {}}
	d.mu.Lock()
	d.counts.people++
	d.mu.Unlock()
	left, err := w.caught(urgently(ctx, j.live), j)
	switch {
	case err != nil:
	case w.stillDue() || w.looking:
		return d.until
	case left:
		return d.Now().Add(headEvery)
	default:
		return time.Time{}
	}
	level := slog.LevelError
	if fault.Is(err, fault.Conflict) {
		level = slog.LevelInfo // another worker has the person
	}
	d.mu.Lock()
	d.counts.dropped++
	d.mu.Unlock()
	d.Log.LogAttrs(ctx, level, "person dropped", slog.String("team", d.team), slog.String("person", j.person),
		slog.String("kind", fault.Of(err).Kind().String()), slog.String("error", err.Error()))
	return d.until
}

// attempt loads the person and works on them. A panic is a failure of the event
// that it happened in.
func (w *worker) attempt(ctx context.Context, j job) (left bool, err error) {
	left, err = w.load(ctx, j)
	if err == nil {
		err = w.renew(ctx)
	}
	if err != nil {
		return left, err
	}
	before := w.subject.Person
	w.waking = len(w.looks) > 0
	halted, err := w.inOrder(ctx)
	w.waking = false
	if err == nil && !halted && person.News(before, w.subject.Person) {
		w.waking = true
		halted, err = w.inOrder(ctx)
		w.waking = false
	}
	if err == nil && !halted {
		err = w.looked(ctx)
	}
	w.looking = halted && len(w.looks) > 0
	return left, err
}

// stillDue reports whether something of the person's stays due as it is: for
// this drain there is nothing more to do about it.
func (w *worker) stillDue() bool {
	return slices.ContainsFunc(w.records, func(r delivery.Stored) bool {
		work, open := r.Work()
		return open && !work.Due.After(w.Now())
	})
}

func sameValue(a, b given.Value) bool {
	return a.At.Equal(b.At) && a.Text == b.Text && slices.Equal(a.List, b.List)
}

func sameKnown(a, b person.Known) bool { return a.At.Equal(b.At) && a.Value.Equal(b.Value) }

// load reads the person and clears the due list of entries that are good no
// more. left says that one stays for which there is nothing to do yet.
func (w *worker) load(ctx context.Context, j job) (left bool, err error) {
	var besides []string
	for _, entry := range j.work {
		besides = append(besides, entry.Event)
	}
	if w.subject, w.records, err = w.Ledger.Load(ctx, w.team, w.id, besides); err != nil {
		return false, err
	}
	found := map[string]delivery.Stored{}
	for _, r := range w.records {
		found[r.Event] = r
	}
	for _, entry := range j.work {
		r, ok := found[entry.Event]
		if entry.Event == "" || ok && r.Lacks() {
			w.looks = append(w.looks, entry)
			continue
		}
		if wanted, open := r.Work(); ok && open && wanted.Event == entry.Event && wanted.Person == w.id &&
			wanted.Class == entry.Class && wanted.Due.Equal(entry.Due) {
			continue
		}
		if !ok && w.Now().Sub(entry.Due) < orphanAge {
			left = true
			continue
		}
		if err := w.Ledger.DropDue(ctx, w.team, entry); err != nil {
			return left, err
		}
	}
	w.records = slices.DeleteFunc(w.records, func(r delivery.Stored) bool { return r.Person != w.id })
	w.witnesses.add(w.team, w.subject.Person.Link)
	return left, nil
}

// inOrder works on the person's events until one holds back the others. An
// unknown step comes first, wherever its event stands: nothing may be decided
// about the person before it is known whether it was applied.
func (w *worker) inOrder(ctx context.Context) (halted bool, err error) {
	unknown := func(r delivery.Stored) bool { _, ok := r.Unknown(); return ok }
	if i := slices.IndexFunc(w.records, unknown); i >= 0 {
		if halted, err := w.one(ctx, i); halted || err != nil {
			return true, err
		}
	}
	again := map[int]bool{} // events that were gone back to
	for i := 0; i < len(w.records); i++ {
		last, open, err := w.gather(ctx, i)
		if open || err != nil {
			return true, err
		}
		halted, err := w.one(ctx, last)
		w.earlier = nil
		if halted || err != nil {
			return true, err
		}
		i = last
		if freed := w.freedBefore(i, again); freed >= 0 {
			again[freed] = true
			i = freed - 1
		}
		w.withheld = nil
	}
	return false, nil
}

// freedBefore gives the first event before that one which waits for a decision that
// is made by now, or was withheld and is given back: an event that links the person
// does so for the earlier ones, and they go before what follows it, once in a pass.
// Negative: there is none.
func (w *worker) freedBefore(i int, again map[int]bool) int {
	for j, r := range w.records[:i] {
		if !again[j] && (r.FreedBy(w.subject.Person) || slices.Contains(w.withheld, j)) {
			return j
		}
	}
	return -1
}

// one works on one event, if it is its turn.
func (w *worker) one(ctx context.Context, i int) (halted bool, err error) {
	w.at = i
	if w.current().FreedBy(w.subject.Person) {
		if err := w.reopen(ctx, w.current().Class); err != nil {
			return true, err
		}
	}
	switch w.turn(w.records[i].Record) {
	case pass:
		return false, nil
	case stand:
		return true, w.holdBack(ctx)
	case take:
	}
	halted, err = w.safely(ctx)
	if err == nil && halted {
		err = w.holdBack(ctx)
	}
	return halted, err
}

// turn says what is to be done with an event when it is its turn.
type turn uint8

const (
	take  turn = iota // work on it
	pass              // nothing to do, and nothing to hold back
	stand             // not now, and what comes after it neither
)

func (w *worker) turn(r delivery.Record) turn {
	later := r.Due.After(w.Now()) && !w.freed(r)
	step, unknown := r.Unknown()
	if unknown && step.Status == delivery.Intent && w.Now().Before(step.CallBy.Add(CallTime+Margin)) {
		return stand // another worker may be just about it
	}
	switch r.State {
	case delivery.Pending:
		if later && (r.Retries > 0 || r.Tries > 0) {
			return stand
		}
		return take
	case delivery.Waiting:
		switch {
		case unknown && (later || w.Now().Before(w.lookAt(step))):
			return stand
		case unknown, w.waking && awaitsNews(r):
			return take
		case r.Due.IsZero():
			return pass
		case later:
			return stand
		}
		return take
	default: // resting and final
		return pass
	}
}

// holdBack puts off what is due beside the event that stopped: nothing is lost
// by looking again in a while.
func (w *worker) holdBack(ctx context.Context) error {
	if w.ended() != "" {
		return nil // everything stays due for the next drain
	}
	due := w.Now().UTC().Add(lookAgain)
	switch blocker, open := w.current().Work(); {
	case open && !blocker.Due.After(w.Now()):
		return nil // it is looked at again at once, and they after it
	case open && blocker.Due.Before(due):
		due = blocker.Due
	}
	return w.putOffTo(ctx, due, func(_ delivery.Record, was time.Time) bool { return !was.After(w.Now()) })
}

// putOffTo moves the open events that are chosen, by when they were due, beside the
// current one.
func (w *worker) putOffTo(ctx context.Context, due time.Time, chosen func(r delivery.Record, was time.Time) bool) error {
	for i, from := range w.records {
		if work, open := from.Work(); i == w.at || !open || !chosen(from.Record, work.Due) {
			continue
		}
		to := from.Record
		to.Due = due
		stored, _, err := w.Ledger.Apply(ctx, delivery.Change{Team: w.team, From: from, To: to})
		if err != nil {
			return err
		}
		w.records[i] = stored
	}
	return nil
}

// safely pushes the current event; a panic counts as our own error.
func (w *worker) safely(ctx context.Context) (halted bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("%v\n%s", p, debug.Stack())
			w.Log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("team", w.team),
				slog.String("event", w.records[w.at].Event), slog.String("error", cause.Error()))
			halted, err = w.broken(context.WithoutCancel(ctx), w.current().Record, fault.New(fault.Internal, "panic", "something went wrong on our side"))
		}
	}()
	return w.push(ctx)
}

// current is the record being worked on.
func (w *worker) current() delivery.Stored { return w.records[w.at] }

// write puts the current record, and the person where they changed, into the
// ledger.
func (w *worker) write(ctx context.Context, to delivery.Record, p person.Person) error {
	return w.writeWith(ctx, to, p, nil)
}

// conclude writes it together with the records of the edits that it carries.
func (w *worker) conclude(ctx context.Context, to delivery.Record, p person.Person) error {
	also, err := w.ends(to)
	if err != nil {
		return err
	}
	return w.writeWith(ctx, to, p, also)
}

func (w *worker) writeWith(ctx context.Context, to delivery.Record, p person.Person, also []delivery.EndChange) error {
	to.Changed, to.Shared = w.Now().UTC(), to.Shared || w.shares
	c := delivery.Change{Team: w.team, From: w.current(), To: to, Also: also}
	err := w.tell(ctx, p)
	if err != nil {
		return err
	}
	if c.Claims, err = w.claimChanges(ctx, to); err != nil {
		return err
	}
	if !samePerson(p, w.subject.Person) || fenced(w.current().Record, to) {
		c.Person = &delivery.PersonChange{From: w.subject, To: p}
	}
	stored, subject, err := w.Ledger.Apply(ctx, c)
	if err != nil {
		return err
	}
	w.happened(c)
	w.records[w.at] = stored
	w.joined(also, stored.Revision)
	if c.Person != nil {
		w.subject = subject
		w.witnesses.add(w.team, subject.Person.Link)
	}
	return nil
}

// samePerson compares what is kept of a person; an empty map is as good as none.
func samePerson(a, b person.Person) bool {
	if !maps.EqualFunc(a.Known, b.Known, sameKnown) || !maps.EqualFunc(a.Applied, b.Applied, time.Time.Equal) ||
		!maps.EqualFunc(a.Given, b.Given, time.Time.Equal) || !maps.EqualFunc(a.Values, b.Values, sameValue) || !slices.Equal(a.Review.Candidates, b.Review.Candidates) {
		return false
	}
	for _, p := range []*person.Person{&a, &b} {
		p.Known, p.Applied, p.Given, p.Values, p.Review.Candidates = map[contact.Variable]person.Known(nil), nil, nil, nil, nil
		p.StageAt, p.Link.At = p.StageAt.UTC().Round(0), p.Link.At.UTC().Round(0)
		p.Responded.At, p.Interested.At = p.Responded.At.UTC().Round(0), p.Interested.At.UTC().Round(0)
	}
	return reflect.DeepEqual(a, b)
}
