// Package push carries a team's due events to Ashby: it plans each, writes down
// what it is about to do, does it, and writes down what came of it.
//
// A write to Ashby cannot be taken back and, by most methods, not be recognised
// when it comes twice. So every call is announced first (an intent, with the
// token of this attempt), and an intent without an outcome is unknown, wherever
// the crash was: it is never repeated blindly, and holds back all else of its
// person. When nothing of it can be under way any more, Ashby is looked at, to
// see whether it was applied (decision 7).
package push

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Ledger keeps people, events and due work. Errors are faults; Conflict means
// that another writer came between and nothing was written.
type Ledger interface {
	// Due lists a class's entries that are due by then, the longest due first.
	Due(ctx context.Context, team string, class delivery.Class, by time.Time, most int) ([]delivery.Work, error)
	// AddDue puts entries on the team's due list, which has work anyway.
	AddDue(ctx context.Context, team string, work []delivery.Work) error
	// DropDue takes away an entry that is good no more.
	DropDue(ctx context.Context, team string, w delivery.Work) error
	// Lacking gives a page of the events that wait for a mandatory field. The cursor
	// is empty for the first page; next is empty after the last.
	Lacking(ctx context.Context, team, cursor string, limit int) (page []delivery.Listed, next string, err error)
	// Load reads a person with the records of their latest events and of those
	// named besides, in the person's order.
	Load(ctx context.Context, team, person string, besides []string) (delivery.Subject, []delivery.Stored, error)
	// Event reads a payload.
	Event(ctx context.Context, team, id string) (event.Event, bool, error)
	// Explanation reads the plan that a record names.
	Explanation(ctx context.Context, team string, r delivery.Record) (plan.Explanation, bool, error)
	// PutExplanation keeps a plan of an event, and gives the name for the record.
	PutExplanation(ctx context.Context, team, event string, x plan.Explanation) (name string, err error)
	// DropExplanation takes away one that came to nothing.
	DropExplanation(ctx context.Context, team, event, name string) error
	// Apply writes a change and gives record and person as they are stored then.
	Apply(ctx context.Context, c delivery.Change) (delivery.Stored, delivery.Subject, error)
	// Linked gives a few candidates that people are linked to in that generation of
	// links, as far as anybody knows still there.
	Linked(ctx context.Context, team string, generation, most int) ([]string, error)
	// Listed gives a page of the events that wait for a cause, Records the records of events.
	Listed(ctx context.Context, team string, cause delivery.Cause, cursor string, limit int) (page []delivery.Listed, next string, err error)
	Records(ctx context.Context, team string, events []string) ([]delivery.Stored, error)
	// MirrorWork lists the mirror's entries of the due list, due or not, the first
	// due first; PutMirrorRun makes that the time of its next reading.
	MirrorWork(ctx context.Context, team string, most int) ([]delivery.Work, error)
	PutMirrorRun(ctx context.Context, team string, due time.Time) error
	// NextProbe says when the team's key is to be looked at; ok is false: never.
	NextProbe(ctx context.Context, team string) (due time.Time, ok bool, err error)
	// PutProbe makes that the time of the next look; zero: never.
	PutProbe(ctx context.Context, team string, due time.Time) error
	// Candidate reads what is known of a candidate, with the people linked to it.
	Candidate(ctx context.Context, team, id string) (delivery.Candidate, error)
	// CloseCandidate says who writes to a candidate, or nobody, over what was read.
	CloseCandidate(ctx context.Context, team string, from delivery.Candidate, c *delivery.Closing) (delivery.Candidate, error)
	// AppliedByOthers gives the times of the values that a candidate's other people
	// last wrote to it.
	AppliedByOthers(ctx context.Context, team, candidate, but string) (map[contact.Variable]time.Time, error)
	// Claims reads the claims that stand on identity keys.
	Claims(ctx context.Context, team string, keys []string) ([]delivery.StoredClaim, error)
	// AddActivity keeps lines of the team's recent activity.
	AddActivity(ctx context.Context, team string, happened []delivery.Happening) error
	// Mark reads the team's row; Retire takes it away if the team has no work.
	Mark(ctx context.Context, team string) (delivery.Mark, bool, error)
	Retire(ctx context.Context, m delivery.Mark) (bool, error)
}

// Teams keeps what a team configured.
type Teams interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	Mapping(ctx context.Context, team string) (mapping.Mapping, error)
	// Lock gives the team's lock as it stands now, with who is an admin now.
	Lock(ctx context.Context, team string) (setting.Lock, error)
	// Standing gives what holds now for a user's events of the settings that are
	// not frozen with them.
	Standing(ctx context.Context, team, user string) (setting.Standing, error)
	// Values gives the values that users gave for a campaign or a person.
	Values(ctx context.Context, team string, scope given.Scope, id string) ([]given.Value, error)
	// MarkRefused says that Ashby refuses the key of this fingerprint; it does
	// nothing when the team has another key by now, or when that is known. turned
	// says that it did something.
	MarkRefused(ctx context.Context, team, fingerprint, reason string, at time.Time) (turned bool, err error)
	// MarkAccepted says that Ashby accepts this key again.
	MarkAccepted(ctx context.Context, team, fingerprint string, at time.Time) error
	// MarkGranted says that this key has a permission that it lacked.
	MarkGranted(ctx context.Context, team, fingerprint string, p connection.Permission, at time.Time) error
	// MarkMissing says that this key lacks a permission; it does nothing when the
	// team has another key by now, or when the key was checked after `at`.
	MarkMissing(ctx context.Context, team, fingerprint string, p connection.Permission, at time.Time) error
}

// Keys gives a team's key for Ashby, by the version that the connection names.
// NotFound: there is none any more.
type Keys interface {
	Key(ctx context.Context, team, version string) (secret.Value, error)
}

// Ashby opens accounts. Before every read that an account makes it asks admit,
// and gives admit's error as it is.
type Ashby interface {
	Open(key secret.Value, team, fingerprint string, admit func(context.Context) error) Account
}

// Account is one team's Ashby. Errors are faults, whose kinds say what the
// answer means.
type Account interface {
	plan.Reader
	// Do sends exactly these bytes. The reply holds what is known beside an error.
	Do(ctx context.Context, method string, body []byte) (Reply, error)
	// Probe settles whether a key is alive that was refused without a reason.
	Probe(ctx context.Context) (alive bool, err error)
	// Try makes a call that needs the permission and changes nothing; nil: it is there.
	Try(ctx context.Context, p connection.Permission) error
	// NotesOf gives all notes of a candidate that the key may see, contents by id;
	// Rejected with delivery.CandidateNotFound when there is no such candidate.
	NotesOf(ctx context.Context, candidate string) (map[string]string, error)
	// AddedSince gives all candidates that were added since then.
	AddedSince(ctx context.Context, t time.Time) ([]candidate.Candidate, error)
	// List, One and CustomFields are what the mirror reads.
	List(ctx context.Context, asked candidate.Listing) (candidate.Page, error)
	One(ctx context.Context, id string) (c candidate.Listed, ok bool, err error)
	CustomFields(ctx context.Context) ([]field.Field, error)
}

// Reply is what Ashby says to a write.
type Reply struct {
	RemoteID  string // of what was made
	Profile   string // Ashby's page of it
	RequestID string // for Ashby's support
	Warnings  []string
}

// Bell tells a team's drain that there is work.
type Bell interface {
	Ring(ctx context.Context, team string) error
}

// Planner finds out what an event does. plan.Drive is one.
type Planner func(ctx context.Context, in plan.Input, read plan.Reader) (plan.Outcome, []plan.Ask, error)

// Pusher drains teams.
type Pusher struct {
	Ledger Ledger
	Teams  Teams
	Keys   Keys
	Ashby  Ashby
	Bell   Bell
	Chores Chores // nil: none
	Mirror Mirror // the drain's lowest work; nil: no copy is kept
	// Ended follows the end of a candidate that no hook told of, as if one had; nil: nobody does.
	Ended   func(ctx context.Context, h event.CandidateHook) error
	Budgets Budgets
	Limits  budget.Limits    // of a key; people are worked on at once as many as calls may be on their way
	Drive   Planner          // nil: plan.Drive
	Now     func() time.Time // also of the budget
	Token   func() string    // unique, for attempts
	Jitter  func() float64   // [0, 1), spreads back-offs
	Log     *slog.Logger
	Settle  time.Duration // after a call's last moment, until Ashby is believed to have applied it or not; 0: DefaultSettle

	witnesses witnesses
	expiries  expiries
}

// DefaultSettle is how long Ashby may take to apply a call that nobody waits for
// any more. Ashby does not say; the longest seen are well below.
const DefaultSettle = 2 * time.Minute

// Times of a drain.
const (
	// CallTime is how long a call to Ashby may take; the client ends it then.
	CallTime = 8 * time.Second
	// Margin is what is left after a call for writing down what came of it.
	Margin = 3 * time.Second
	// announce is how long an intent allows its call to begin, and lag how long
	// before that no call is begun any more.
	announce = 5 * time.Second
	lag      = 2 * time.Second
	// headEvery is how often the head of live work is read again.
	headEvery = 500 * time.Millisecond
)

// Drain works on what is due of a team until nothing is, or until too little
// time is left for another call. No call is in flight when it returns. The error
// says why work could not be looked at; work and its state are in the ledger,
// whatever Drain returns.
func (p *Pusher) Drain(ctx context.Context, team string, until time.Time) error {
	return p.drain(ctx, team, until, false)
}

func (p *Pusher) drain(ctx context.Context, team string, until time.Time, wary bool) error {
	d := &drain{
		Pusher: p, team: team, wary: wary, until: until, began: p.Now(), locks: newLocks(),
		flying: map[string]bool{}, rested: map[string]time.Time{}, door: make(chan struct{}, 1), sight: make(chan struct{}, 1),
	}
	d.door <- struct{}{}
	d.sight <- struct{}{}
	err := d.open(ctx)
	switch {
	case err != nil:
	case d.account != nil:
		err = d.work(ctx)
	default:
		d.choresAlone(ctx)
	}
	d.publish(context.WithoutCancel(ctx), true)
	if err == nil && d.chores.more {
		err = d.Bell.Ring(context.WithoutCancel(ctx), team)
	}
	if err == nil && ctx.Err() == nil {
		err = d.probing(ctx)
	}
	if d.pacer != nil {
		d.pacer.crowded(false, 0)
		if saved := d.pacer.save(context.WithoutCancel(ctx), false); !fault.Is(saved, fault.Conflict) { // else another drain keeps the book
			err = errors.Join(err, saved)
		}
	}
	d.tell(ctx, err)
	return err
}

// open reads what all of the drain's work rests on. Without an active connection
// there is nothing to be done, and no account, but that a key which was refused is
// looked at when that is due: the work stays pending.
func (d *drain) open(ctx context.Context) error {
	var err error
	if d.connection, err = d.Teams.Connection(ctx, d.team); err != nil {
		return err
	}
	if !d.connection.Active() && d.connection.Fingerprint != "" {
		if err = d.probing(ctx); err != nil {
			return err
		}
		if d.connection, err = d.Teams.Connection(ctx, d.team); err != nil {
			return err
		}
	}
	d.watched = d.Now()
	if !d.connection.Active() {
		if d.connection.Unconnected() {
			err = d.expire(ctx)
		} else {
			err = d.keepOld(ctx)
		}
		d.stop("not_active")
		d.account = nil
		return err
	}
	if d.account == nil {
		err = d.unlock(ctx)
	}
	if err != nil || d.account == nil {
		return err
	}
	return d.renewTerms(ctx)
}

// unlock opens the account with the team's key; there is none when somebody took
// the key out of the safe, and then the connection says so.
func (d *drain) unlock(ctx context.Context) error {
	key, err := d.Keys.Key(ctx, d.team, d.connection.SecretVersion)
	if fault.Is(err, fault.NotFound) {
		d.stop(keyMissing)
		return d.keyIsRefused(ctx, keyMissing)
	}
	if err != nil {
		return err
	}
	if d.pacer, err = openPacer(ctx, d.Budgets, d.Limits, d.team, d.Now); err != nil {
		return err
	}
	account := d.Ashby.Open(key, d.team, d.connection.Fingerprint, d.admit)
	d.account = attentive{account, func() { d.heard.Store(true) }}
	return nil
}
