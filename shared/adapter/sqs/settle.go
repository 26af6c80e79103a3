package sqs

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	tries      = 4
	maxBackoff = time.Second
)

// answer is what a batch call said about its entries, by their ids.
type answer struct {
	done    []string
	refused []types.BatchResultErrorEntry
}

// answered reads an answer; the SDK has a type of its own for what each kind of
// batch confirms.
func answered[Entry any](refused []types.BatchResultErrorEntry, done []Entry, id func(Entry) *string) answer {
	a := answer{refused: refused}
	for _, e := range done {
		a.done = append(a.done, aws.ToString(id(e)))
	}
	return a
}

// settle makes a batch call with the entries 0…n-1, whose ids are their numbers,
// and repeats it with those not confirmed, for a 200 of a batch call can mean
// "some". An entry that is the sender's fault is not repeated, but the others are
// completed before its fault is returned. What is left after the last try makes
// the whole call Unavailable.
func (q *Queue) settle(ctx context.Context, n int, call func(ctx context.Context, pending []int) (answer, error)) error {
	pending := make([]int, n)
	for i := range pending {
		pending[i] = i
	}
	var hopeless, last error
	for try := 0; len(pending) > 0; try++ {
		if try == tries {
			return errors.Join(last, hopeless)
		}
		if try > 0 && !q.pause(ctx, try) {
			return errors.Join(last, hopeless)
		}
		callCtx, cancel := q.call(ctx, 0)
		a, err := call(callCtx, pending)
		cancel()
		if err != nil {
			if last = failed(err); !fault.Is(last, fault.Unavailable) {
				return last
			}
			continue
		}
		pending, last, hopeless = remaining(pending, a, hopeless)
	}
	return hopeless
}

// remaining gives the entries to try again with the reason, and the first fault
// that no repetition mends.
func remaining(pending []int, a answer, hopeless error) (again []int, reason, dead error) {
	reason = fault.New(fault.Unavailable, "queue_unavailable", "the queue did not confirm every message")
	for _, n := range pending {
		id := strconv.Itoa(n)
		if slices.Contains(a.done, id) {
			continue
		}
		i := slices.IndexFunc(a.refused, func(e types.BatchResultErrorEntry) bool { return aws.ToString(e.Id) == id })
		if i < 0 {
			again = append(again, n)
			continue
		}
		e := a.refused[i]
		f := refused(aws.ToString(e.Code), e.SenderFault, errors.New(aws.ToString(e.Code)+": "+aws.ToString(e.Message)))
		if fault.Is(f, fault.Unavailable) {
			again, reason = append(again, n), f
		} else if hopeless == nil {
			hopeless = f
		}
	}
	return again, reason, hopeless
}

// pause waits before another try: a random time up to a bound that doubles, so
// that many senders do not come back together. It is false when the caller gave up.
func (q *Queue) pause(ctx context.Context, try int) bool {
	bound := min(q.backoff<<(try-1), maxBackoff)
	timer := time.NewTimer(bound/2 + rand.N(bound/2+1)) //nolint:gosec // spreads load, guards nothing
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
