package dynamodb

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

const (
	itemTimeout = 2 * time.Second // one try of a call for single rows
	bulkTimeout = 6 * time.Second // one try of a call that may carry up to 16 MB
	tries       = 8
	firstPause  = 25 * time.Millisecond // the longest first pause; doubles up to lastPause
	lastPause   = time.Second
)

// operation is a method of the SDK's client.
type operation[In, Out any] func(context.Context, In, ...func(*sdk.Options)) (Out, error)

// call makes one kind of request until it is answered, refused, or the tries are
// used up. What comes back is the SDK's error of a refusal, as refused knows it,
// or a fault. refused says false for errors that are no refusal.
func call[In, Out any](
	ctx context.Context, do effect, timeout time.Duration, op operation[In, Out], in In, refused func(error) (bool, error),
) (Out, error) {
	var none Out
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return none, unavailable("store_unreachable", err)
		}
		out, sent, err := once(ctx, timeout, op, in)
		if err == nil {
			return out, nil
		}
		if known, refusal := refused(err); known {
			return none, refusal
		}
		v := judge(do, sent, err)
		if !v.again || try+1 == tries || !pause(ctx, try) {
			return none, v.err
		}
	}
}

func once[In, Out any](
	ctx context.Context, timeout time.Duration, op operation[In, Out], in In,
) (out Out, sent bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var watch atomic.Bool
	out, err = op(ctx, in, func(o *sdk.Options) { o.HTTPClient = watched{o.HTTPClient, &watch} })
	return out, watch.Load(), err
}

// neverRefused is for calls without conditions.
func neverRefused(error) (bool, error) { return false, nil }

// watched notes that a request was handed to the network. What fails before
// (credentials, signing) was surely not applied.
type watched struct {
	sdk.HTTPClient
	sent *atomic.Bool
}

func (w watched) Do(r *http.Request) (*http.Response, error) {
	w.sent.Store(true)
	return w.HTTPClient.Do(r)
}

// pause waits a random while, longer from try to try; false when the caller goes
// first.
func pause(ctx context.Context, try int) bool {
	timer := time.NewTimer(rand.N(min(firstPause<<try, lastPause))) //nolint:gosec // spreads tries, guards nothing
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
