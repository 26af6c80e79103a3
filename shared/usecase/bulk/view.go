package bulk

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
)

// Progress is how far a job is. For people it is read off the events that stand
// for them, so that it is told of no event that it is done which is not.
type Progress struct {
	job.Job
	State    job.State
	Done     int // carried out, or decided that there is nothing to do
	Failed   int // nobody known, refused, or set aside
	Waiting  int // for something: the inbox says for what
	Forecast time.Duration
}

// each is how long one person takes, as a rule: three calls at the rate of a key.
const each = 200 * time.Millisecond

// Job shows a job. NotFound: the team has no such job.
func (f *Foreman) Job(ctx context.Context, team, id string) (Progress, error) {
	j, people, ok, err := f.Store.Job(ctx, team, id)
	if err != nil {
		return Progress{}, err
	}
	if !ok {
		return Progress{}, noSuchJob()
	}
	return f.progress(ctx, team, j.Job, people)
}

func (f *Foreman) progress(ctx context.Context, team string, j job.Job, people []string) (Progress, error) {
	p := Progress{Job: j, State: j.State, Failed: j.Missed}
	if j.Kind == job.Redrive {
		p.Done = j.Sent
		if !j.Ended() {
			p.Forecast = time.Duration(max(0, j.Total-j.Sent)) * each / 10
		}
		return p, nil
	}
	records, err := f.records(ctx, team, j, people[:min(j.Next, len(people))])
	if err != nil {
		return Progress{}, err
	}
	pending := 0
	for _, r := range records {
		switch {
		case r.State == delivery.Pending:
			pending++
		case r.State == delivery.Waiting:
			p.Waiting++
		case r.Listed != nil:
			p.Failed++
		case r.Code != delivery.Cancelled:
			p.Done++
		}
	}
	if p.State == job.Done && pending > 0 {
		p.State = job.Running // all are asked for, and not all were carried out
	}
	if p.State == job.Running {
		p.Forecast = time.Duration(pending+len(people)-j.Next) * each
	}
	return p, nil
}

func (f *Foreman) records(ctx context.Context, team string, j job.Job, people []string) ([]delivery.Stored, error) {
	var events []string
	for _, p := range people {
		if p != "" {
			events = append(events, f.Requests.EventOf(team, p, types[j.Kind], j.ID))
		}
	}
	if len(events) == 0 {
		return nil, nil
	}
	return f.Ledger.Records(ctx, team, events)
}

// Jobs lists a team's jobs of the last 30 days, newest first, as they were last
// written: how far their people are is told one job at a time.
func (f *Foreman) Jobs(ctx context.Context, team, cursor string, limit int) ([]job.Job, string, error) {
	return f.Store.Jobs(ctx, team, cursor, limit)
}

// Cancel ends a job: what is not asked for will not be, and of what is, whatever
// has not begun ends as cancelled. One that is over stays as it is.
func (f *Foreman) Cancel(ctx context.Context, team, id string) (Progress, error) {
	for {
		from, people, ok, err := f.Store.Job(ctx, team, id)
		if err != nil {
			return Progress{}, err
		}
		if !ok {
			return Progress{}, noSuchJob()
		}
		to := from.Job
		if !to.Ended() || to.State == job.Done && to.Kind != job.Redrive {
			to.State, to.Changed = job.Cancelled, f.Now().UTC().Round(0)
			if err := f.Store.SaveJob(ctx, team, from, to); fault.Is(err, fault.Conflict) {
				continue
			} else if err != nil {
				return Progress{}, err
			}
		}
		if to.State == job.Cancelled && to.Kind != job.Redrive {
			if err := f.drop(ctx, team, to, people); err != nil {
				return Progress{}, err
			}
		}
		return f.progress(ctx, team, to, people)
	}
}

// drop ends the requests of a cancelled job that have not begun. One that another
// writer has in hand goes on.
func (f *Foreman) drop(ctx context.Context, team string, j job.Job, people []string) error {
	records, err := f.records(ctx, team, j, people)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, from := range records {
		if from.State != delivery.Pending || len(from.Steps) > 0 {
			continue
		}
		g.Go(func() error {
			to, err := from.Move(delivery.Cancelled, f.Now().UTC())
			if err != nil {
				return err
			}
			to.Due = time.Time{}
			_, _, err = f.Ledger.Apply(ctx, delivery.Change{Team: team, From: from, To: to})
			if fault.Is(err, fault.Conflict) {
				return nil
			}
			return err
		})
	}
	return g.Wait()
}
