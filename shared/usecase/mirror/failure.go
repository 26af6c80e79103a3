package mirror

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// failed notes why a step failed and when it is tried again. It begins from the
// state as it is stored: nothing of the step counts.
func (j *job) failed(ctx context.Context, err error) (time.Time, error) {
	f := fault.Of(err)
	if !fromAshby(err) {
		return time.Time{}, err
	}
	full := j.state.Run == nil || j.state.Run.Full
	stored, over, readErr := j.States.State(ctx, j.team)
	if readErr != nil {
		return time.Time{}, readErr
	}
	j.state, j.over = stored, over
	s, now := &j.state, j.Now().UTC()
	switch {
	case restart(f):
		*s = s.GiveUp()
		s.Wanted = true
		if !full && s.Failures == 0 {
			s.NextAt = now // everything is read instead: nobody has to wait for that
			return now, j.save(ctx)
		}
		s.NextAt = now.Add(wait(s.Failures))
		err = nil // the remedy is at work
	case f.Kind() == fault.Throttled:
		s.NextAt = now.Add(f.RetryAfter())
		return s.NextAt, errOr(j.save(ctx), err)
	case f.Kind() == fault.PermissionMissing:
		s.NextAt = now.Add(noLeaveWait)
	default:
		s.NextAt = now.Add(wait(s.Failures))
	}
	s.Problem, s.Message, s.Failures = f.Code(), f.Message(), s.Failures+1
	return s.NextAt, errOr(j.save(ctx), err)
}

func errOr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// notNow is the code of a call that the drain has no time for any more: no failure.
const notNow = "not_now"

// answer is a failure of a call to Ashby; others are the store's, and the step is
// simply done again.
type answer struct{ error }

// Unwrap gives the fault.
func (a answer) Unwrap() error { return a.error }

func fromAshby(err error) bool {
	_, ok := errors.AsType[answer](err)
	return ok && fault.Of(err).Code() != notNow
}

// restart reports whether Ashby wants a listing to begin anew.
func restart(f *fault.Error) bool {
	return slices.ContainsFunc(f.Details(), func(d fault.Detail) bool { return d.Path == "answer" && d.Code == "restart_sync" })
}

func wait(failures int) time.Duration {
	if failures > 6 {
		return longestWait
	}
	return min(longestWait, firstWait<<failures)
}
