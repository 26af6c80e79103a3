package record

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// store records a team's events but for those of people who were forgotten after
// they were accepted. Who is forgotten is looked up once more when all is written:
// either this sees the mark then, or whoever forgets sees what is written.
func (b *batch) store(ctx context.Context, team string) {
	places := b.of(team)
	gone, err := b.gone(ctx, team, places)
	if err != nil {
		b.fail(places, err)
		return
	}
	var kept []int
	for _, i := range places {
		e := b.events[i]
		if !gone.Ends(e.ID, e.Person.ID, e.AcceptedAt) {
			kept = append(kept, i)
			continue
		}
		b.outcomes[i], b.errs[i] = forgotten, b.Ledger.MarkEventGone(ctx, team, e.ID, b.Now())
	}
	if len(kept) == 0 {
		return
	}
	b.record(ctx, team, kept)
	if gone, err = b.gone(ctx, team, kept); err != nil {
		b.fail(kept, err)
		return
	}
	for _, i := range kept {
		e := b.events[i]
		_, marked := gone.People[e.Person.ID]
		switch {
		case b.errs[i] != nil:
		case gone.Ends(e.ID, e.Person.ID, e.AcceptedAt):
			b.outcomes[i], b.errs[i] = forgotten, b.forget(ctx, gone, e)
		case marked:
			// Whoever forgot may have met its due entry before there was more to see of it.
			b.errs[i] = b.Ledger.AddDue(ctx, team, b.work[i:i+1])
		}
	}
}

func (b *batch) gone(ctx context.Context, team string, places []int) (delivery.Gone, error) {
	people, events := make([]string, len(places)), make([]string, len(places))
	for n, i := range places {
		people[n], events[n] = b.events[i].Person.ID, b.events[i].ID
	}
	return b.Ledger.Gone(ctx, team, people, events)
}

// forget takes away what was written of an event whose person was being forgotten
// at that very time.
func (r *Recorder) forget(ctx context.Context, gone delivery.Gone, e event.Event) error {
	until, ok := gone.People[e.Person.ID]
	if !ok {
		until = e.AcceptedAt
	}
	_, err := r.Ledger.Forget(ctx, e.Team, e.Person.ID, until)
	return err
}
