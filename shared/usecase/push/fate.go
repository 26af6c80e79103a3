package push

import (
	"context"
	"errors"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// fate is what becomes of a step, or of a plan, that met an error.
type fate uint8

const (
	ours      fate = iota // our own error: tried again a few times, then quarantined
	again                 // surely not applied: tried again, later and later
	paced                 // told to wait: tried again then
	keyless               // the key is refused: the whole team waits
	parked                // the key may not do this: the event waits
	uncertain             // may or may not be applied: never repeated
	refused               // a definite no
)

// fateOf turns a fault's kind into what becomes of the step. Kinds that no call
// to Ashby ends with are our own errors.
func fateOf(f *fault.Error) fate {
	switch f.Kind() {
	case fault.Unavailable:
		return again
	case fault.Throttled:
		return paced
	case fault.KeyRefused:
		return keyless
	case fault.PermissionMissing:
		return parked
	case fault.Ambiguous:
		return uncertain
	case fault.Rejected:
		return refused
	default:
		return ours
	}
}

// Times after which what did not work is tried again.
const (
	backOff     = 5 * time.Second // doubles with every try
	maxBackOff  = 15 * time.Minute
	recheckKey  = 15 * time.Minute
	quarantined = 8 // tries that ended in our own error
)

// codeUnclear is the code of a refusal that does not say whether the key is
// wrong or lacks a permission.
const codeUnclear = "forbidden_unclear"

// unread handles an event whose plan could not be made: reads may be repeated.
func (w *worker) unread(ctx context.Context, err error) (halted bool, _ error) {
	if errors.Is(err, errNotNow) {
		return true, nil
	}
	f := fault.Of(err)
	switch fateOf(f) {
	case ours, refused:
		return w.broken(ctx, w.current().Record, f)
	default:
		return w.putOff(ctx, w.current().Record, f)
	}
}

// putOff leaves the event for later, in the way that the error asks for.
func (w *worker) putOff(ctx context.Context, r delivery.Record, f *fault.Error) (halted bool, err error) {
	now := w.Now().UTC()
	if f.Kind() == fault.KeyRefused && f.Code() == codeUnclear {
		f = w.probed(ctx, f)
	}
	switch fateOf(f) {
	case keyless:
		w.stop(keyRefused)
		return true, w.keyRefused(ctx, r)
	case parked:
		if r, err = r.Move(delivery.Connection, now); err != nil {
			return true, err
		}
		r.Detail, r.Due = f.Message(), now.Add(recheckKey)
		return true, errors.Join(w.write(ctx, r, w.subject.Person), w.limited(ctx, f))
	case paced:
		wait, err := w.slowDown(ctx, f)
		if err != nil {
			return true, err
		}
		r.Tries = 0
		return true, w.retry(ctx, r, now.Add(wait))
	case ours:
		return w.broken(ctx, r, f)
	default:
		due := now.Add(w.wait(r.Retries))
		r.Retries, r.Tries, r.Detail = r.Retries+1, 0, f.Message()
		return true, w.retry(ctx, r, due)
	}
}

// retry writes the record down to be looked at again then.
func (w *worker) retry(ctx context.Context, r delivery.Record, due time.Time) error {
	to, err := r.Retry(due)
	if err != nil {
		return err
	}
	return w.write(ctx, to, w.subject.Person)
}

// keyRefused turns the connection, so that the whole team's work waits, as due as
// it is. The event stays as it was, but for a step that was not sent.
func (w *worker) keyRefused(ctx context.Context, r delivery.Record) error {
	err := w.keyIsRefused(ctx, keyRefused)
	if _, begun := w.current().Unknown(); begun {
		err = errors.Join(err, w.write(ctx, r, w.subject.Person))
	}
	return err
}

// probed settles a refusal that does not say why, with one more call for the
// whole drain. While it is under way no other call begins.
func (w *worker) probed(ctx context.Context, f *fault.Error) *fault.Error {
	<-w.door
	defer func() { w.door <- struct{}{} }()
	if w.verdict == nil {
		if !w.pacer.take(ctx, w.lastStart()) {
			return fault.New(fault.Unavailable, "key_unclear", "Ashby refused a call and did not say why")
		}
		w.counted()
		alive, err := w.account.Probe(ctx)
		if err != nil {
			return fault.New(fault.Unavailable, "key_unclear", "Ashby refused a call and did not say why").Because(err)
		}
		if !alive {
			w.stop(keyRefused)
		}
		w.verdict = &alive
	}
	if *w.verdict {
		boxes := boxesNeeded()
		if use, ok := lacked(f); ok {
			boxes = use.Box
		}
		return fault.New(fault.PermissionMissing, "missing_endpoint_permission",
			"the API key lacks a permission that this needs: "+boxes).Because(f).With(f.Details()...)
	}
	return f
}

// boxesNeeded names the boxes that a key cannot do without.
func boxesNeeded() string {
	var names string
	for _, u := range connection.Uses() {
		if u.Needed {
			if names != "" {
				names += ", "
			}
			names += u.Box
		}
	}
	return names
}

// broken counts an attempt that ended in our own error, and quarantines the
// event when there were too many. A step on the way is unknown.
func (w *worker) broken(ctx context.Context, r delivery.Record, err error) (halted bool, _ error) {
	f := fault.Of(err)
	if _, unknown := r.Unknown(); unknown {
		return true, w.settle(ctx, r)
	}
	if !w.wary { // else it was counted before
		r.Tries++
	}
	r.Detail = f.Message()
	if r.Tries >= quarantined {
		return false, w.setAside(ctx, r, r.Tries, r.Detail)
	}
	return true, w.retry(ctx, r, w.Now().UTC().Add(w.wait(r.Tries)))
}

// settle parks an event with a step that may or may not have been applied, until
// Ashby can be looked at. One that was looked for in vain is looked for later
// and later.
func (w *worker) settle(ctx context.Context, r delivery.Record) error {
	step, _ := r.Unknown()
	now := w.Now().UTC()
	due := w.lookAt(step)
	if !now.Before(due) {
		due = now.Add(w.wait(r.Retries))
	}
	return w.stay(ctx, r, due, r.Detail, r.Retries+1)
}

// wait gives the back-off after so many tries, spread by half around its middle.
func (w *worker) wait(tries int) time.Duration {
	d := maxBackOff
	if tries < 8 {
		d = min(d, backOff<<tries)
	}
	return d/2 + time.Duration(w.Jitter()*float64(d))
}
