package push

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// gather gives the last of the edits that go as one from i on; i itself for any
// other event. It carries the earlier ones, which end with its first write. open
// says that more may come: nothing of the person waits behind them.
func (w *worker) gather(ctx context.Context, i int) (last int, open bool, err error) {
	last, w.earlier = i, nil
	if !untouched(w.records[i].Record) {
		return i, false, nil
	}
	var first *plan.Input // read when there is a second one
	for j := i + 1; j < len(w.records) && len(w.earlier)+1 < plan.MostTogether; j++ {
		r := w.records[j].Record
		if w.turn(r) == pass {
			continue // it does not stand between
		}
		if !mayJoin(r) || !untouched(w.records[last].Record) {
			break
		}
		if first == nil {
			in, err := w.inputOf(ctx, i)
			if err != nil {
				return i, false, err
			}
			first = &in
		}
		next, err := w.inputOf(ctx, j)
		if err != nil {
			return i, false, err
		}
		if !plan.Together(*first, next) {
			break
		}
		w.earlier, last = append(w.earlier, last), j
	}
	return last, w.mayGrow(i, last), nil
}

// mayJoin reports whether an event may be an edit that was not begun.
func mayJoin(r delivery.Record) bool {
	return r.Type == event.ContactEdited && r.State == delivery.Pending && r.Ends == "" && !r.Frozen && len(r.Steps) == 0
}

// untouched reports whether, besides, nothing went wrong with it yet.
func untouched(r delivery.Record) bool { return mayJoin(r) && r.Retries == 0 && r.Tries == 0 }

// mayGrow reports whether the edits still wait for more: the first one is not due,
// and nothing that is due comes after them.
func (w *worker) mayGrow(first, last int) bool {
	now, r := w.Now(), w.records[first].Record
	until := r.AcceptedAt.Add(plan.Gather)
	if !untouched(r) || !r.Due.After(now) || r.Due.After(until) {
		return false
	}
	for _, behind := range w.records[last+1:] {
		if work, ok := behind.Work(); ok && !work.Due.After(now) {
			return false
		}
	}
	return true
}

// inputOf gives what tells whether an event goes together with others. One whose
// content is gone goes with none.
func (w *worker) inputOf(ctx context.Context, i int) (plan.Input, error) {
	r := w.records[i].Record
	e, ok, err := w.Ledger.Event(ctx, w.team, r.Event)
	if err != nil || !ok {
		return plan.Input{}, err
	}
	return plan.Input{Event: e, Person: w.subject.Person, Settings: setting.Resolve(r.Layers, w.terms().fence)}, nil
}

// carried reads the edits that go together with the current one.
func (w *worker) carried(ctx context.Context) ([]event.Event, error) {
	var out []event.Event
	for _, i := range w.earlier {
		e, ok, err := w.Ledger.Event(ctx, w.team, w.records[i].Event)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fault.New(fault.Internal, "payload_gone", "the event's content is not kept any more")
		}
		out = append(out, e)
	}
	return out, nil
}

func ids(events []event.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

// ends gives the records of the carried edits as they end. They are written at
// once with the first that is written of the one that carries them, so that after
// a crash they are either wholly in its plan, or still to be planned.
func (w *worker) ends(by delivery.Record) ([]delivery.EndChange, error) {
	var out []delivery.EndChange
	for _, i := range w.earlier {
		from := w.records[i]
		to, err := from.Move(delivery.Coalesced, w.Now().UTC())
		if err != nil {
			return nil, err
		}
		to.CarriedBy, to.Row, to.Due, to.Detail = by.Event, by.Row, time.Time{}, ""
		out = append(out, delivery.EndChange{From: from, To: to})
	}
	return out, nil
}

// joined takes over what was written with the current record.
func (w *worker) joined(also []delivery.EndChange, r delivery.Revision) {
	if len(also) == 0 {
		return
	}
	for n, i := range w.earlier {
		w.records[i] = delivery.Stored{Record: also[n].To, Revision: r}
	}
	w.earlier = nil
}
