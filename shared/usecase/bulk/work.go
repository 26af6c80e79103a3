package bulk

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
)

// Of a job, so much is done in a slice, so many at once.
const (
	slice    = 25
	parallel = 8
)

// Work does a slice of the team's job that was asked for first. more says that
// there is, or may be, another slice to do.
func (f *Foreman) Work(ctx context.Context, team string) (more bool, err error) {
	id, ok, err := f.Store.NextJob(ctx, team)
	if err != nil || !ok {
		return false, err
	}
	from, people, ok, err := f.Store.Job(ctx, team, id)
	if err != nil || !ok || from.Ended() {
		return false, err
	}
	to, err := f.advance(ctx, team, from.Job, people)
	if err != nil {
		to = from.Job
		if to.Tries++; to.Tries >= job.Patience {
			to = to.Missing("", err)
			to.State = job.Failed
		}
	} else {
		to.Tries = 0
	}
	to.Changed = f.Now().UTC().Round(0)
	if saved := f.Store.SaveJob(ctx, team, from, to); saved != nil {
		if fault.Is(saved, fault.Conflict) {
			return true, nil // somebody cancelled it
		}
		return false, saved
	}
	return err == nil, err
}

// advance does a slice.
func (f *Foreman) advance(ctx context.Context, team string, j job.Job, people []string) (job.Job, error) {
	if j.Kind != job.Redrive {
		return f.ask(ctx, team, j, people)
	}
	done, next, err := f.Causes.Again(ctx, team, j.Cause, j.At, j.Place, slice)
	if err != nil {
		return j, err
	}
	j.Sent += done
	if j.Place = next; next == "" {
		j.State = job.Done
	}
	return j, nil
}

// ask asks for the next of the people. Whom nobody knows is missed; one whom
// somebody forgot meanwhile is no more.
func (f *Foreman) ask(ctx context.Context, team string, j job.Job, people []string) (job.Job, error) {
	part := people[min(j.Next, len(people)):min(j.Next+slice, len(people))]
	errs := make([]error, len(part))
	var g errgroup.Group
	g.SetLimit(parallel)
	var mu sync.Mutex
	var failed error
	for i, p := range part {
		if p == "" {
			continue
		}
		g.Go(func() error {
			err := f.Requests.Request(ctx, team, p, types[j.Kind], j.By, j.ID)
			errs[i] = err
			if err != nil && !fault.Is(err, fault.NotFound) {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
			return nil
		})
	}
	_ = g.Wait() // errors stand with their people
	if failed != nil {
		return j, failed
	}
	for i, p := range part {
		switch {
		case p == "":
		case errs[i] != nil:
			j = j.Missing(p, errs[i])
		default:
			j.Sent++
		}
	}
	if j.Next += len(part); j.Next >= len(people) {
		j.State = job.Done
	}
	return j, nil
}
