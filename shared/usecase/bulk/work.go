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
	from, named, ok, err := f.Store.Job(ctx, team, id)
	if err != nil || !ok || from.Ended() {
		return false, err
	}
	to, err := f.advance(ctx, team, from.Job, named)
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
func (f *Foreman) advance(ctx context.Context, team string, j job.Job, named []string) (job.Job, error) {
	if j.Kind != job.Redrive || j.Cause == "" {
		return f.each(ctx, team, j, named)
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

// one does what the job is for, for one of the people or events that it names.
func (f *Foreman) one(ctx context.Context, team string, j job.Job, id string) error {
	if j.Kind == job.Redrive {
		return f.Causes.One(ctx, team, id)
	}
	return f.Requests.Request(ctx, team, id, types[j.Kind], j.By, j.ID)
}

// each sees to the next of those that the job names. What is not there, or has
// nothing left to do, is missed; who was forgotten meanwhile is no more.
func (f *Foreman) each(ctx context.Context, team string, j job.Job, named []string) (job.Job, error) {
	part := named[min(j.Next, len(named)):min(j.Next+slice, len(named))]
	errs := make([]error, len(part))
	var g errgroup.Group
	g.SetLimit(parallel)
	var mu sync.Mutex
	var failed error
	for i, id := range part {
		if id == "" {
			continue
		}
		g.Go(func() error {
			err := f.one(ctx, team, j, id)
			errs[i] = err
			if err != nil && !fault.Is(err, fault.NotFound) && !(j.Kind == job.Redrive && fault.Is(err, fault.Conflict)) {
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
	for i, id := range part {
		switch {
		case id == "":
		case errs[i] != nil:
			j = j.Missing(id, errs[i])
		default:
			j.Sent++
		}
	}
	if j.Next += len(part); j.Next >= len(named) {
		j.State = job.Done
	}
	return j, nil
}
