package record

import (
	"context"
	"log/slog"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// Candidate follows a merge or deletion in Ashby: the links of the people
// concerned, and their events that wait because a candidate is gone. It is
// remembered last, so that a crash on the way only means doing it again.
func (r *Recorder) Candidate(ctx context.Context, h event.CandidateHook) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	seen, err := r.Hooks.HookSeen(ctx, h)
	if err != nil || seen {
		return err
	}
	if err := r.Hooks.EndCandidate(ctx, h.Team, h.Deleted, h.Survivor, h.AcceptedAt); err != nil {
		return err
	}
	if err := r.reflect(ctx, h); err != nil {
		return err
	}
	people, err := r.concerned(ctx, h)
	if err != nil {
		return err
	}
	for _, id := range people {
		if err := r.relink(ctx, h, id); err != nil {
			return err
		}
	}
	if err := r.Hooks.SeeHook(ctx, h); err != nil {
		return err
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "candidate hook applied", slog.String("team", h.Team),
		slog.String("action", string(h.Action)), slog.Int("people", len(people)),
		slog.String("rung", r.ring(ctx, h.Team, true)))
	return nil
}

// reflect lets the copy of the team's candidates follow: its one writer is the
// team's drain. A candidate that others were merged into has changed.
func (r *Recorder) reflect(ctx context.Context, h event.CandidateHook) error {
	work := []delivery.Work{{
		Class: delivery.Mirror, Due: h.AcceptedAt.UTC(), Person: delivery.MirrorPerson, Event: delivery.MirrorGone(h.Deleted),
	}}
	if h.Survivor != "" {
		work = append(work, delivery.Work{
			Class: delivery.Mirror, Due: h.AcceptedAt.UTC(), Person: delivery.MirrorPerson, Event: delivery.MirrorLook(h.Survivor),
		})
	}
	if err := r.Ledger.Touch(ctx, h.Team); err != nil {
		return err
	}
	return r.Ledger.AddDue(ctx, h.Team, work)
}

// concerned lists the people of the candidate that is gone, and of a survivor:
// a crash may have left somebody there whose events still wait.
func (r *Recorder) concerned(ctx context.Context, h event.CandidateHook) ([]string, error) {
	people, err := r.Hooks.PeopleOf(ctx, h.Team, h.Deleted)
	if err != nil || h.Survivor == "" {
		return people, err
	}
	there, err := r.Hooks.PeopleOf(ctx, h.Team, h.Survivor)
	return append(people, there...), err
}

// relink follows one person's candidate. A person who has another candidate by
// now is left alone.
func (r *Recorder) relink(ctx context.Context, h event.CandidateHook, id string) error {
	var err error
	for range rounds {
		if err = r.relinkOnce(ctx, h, id); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return err
}

func (r *Recorder) relinkOnce(ctx context.Context, h event.CandidateHook, id string) error {
	subject, records, err := r.Hooks.Load(ctx, h.Team, id, nil)
	if err != nil {
		return err
	}
	if subject.Person.Link.Candidate == h.Deleted {
		to := follow(subject.Person, h)
		if _, err := r.Hooks.SavePerson(ctx, h.Team, delivery.PersonChange{From: subject, To: to}); err != nil {
			return err
		}
		subject.Person = to
	}
	if h.Survivor == "" || subject.Person.Link.Candidate != h.Survivor {
		return nil
	}
	return r.wake(ctx, h.Team, subject.Person, records)
}

func follow(p person.Person, h event.CandidateHook) person.Person {
	if h.Survivor == "" {
		return p.Lost()
	}
	return p.Moved(h.Deleted, h.Survivor, h.AcceptedAt)
}

// wake puts the events that wait for a deleted candidate back to work, and the edits
// that found it gone.
func (r *Recorder) wake(ctx context.Context, team string, p person.Person, records []delivery.Stored) error {
	for _, from := range records {
		waits, late := from.State == delivery.Waiting && from.Code == delivery.RecordDeleted, from.State == delivery.Final && from.FreedBy(p)
		if !waits && !late {
			continue
		}
		to, err := from.Freed(r.Now(), p)
		if err != nil {
			return err
		}
		to.Changed = to.Due
		if _, _, err := r.Ledger.Apply(ctx, delivery.Change{Team: team, From: from, To: to}); err != nil {
			return err
		}
	}
	return nil
}
