package wire_test

import (
	"bytes"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// mishap is what happens to one call of a function to AWS.
type mishap string

const (
	cutBefore mishap = "cut before" // the connection breaks, and nothing was done
	cutAfter  mishap = "cut after"  // it was done, and the connection breaks
	failed    mishap = "failed"     // 500
	twice     mishap = "sent twice" // a queue has the message twice
)

var mishaps = []mishap{cutBefore, cutAfter, failed}

// trouble stands between functions and AWS. Its seed decides its dice; which call they
// fall for is for the processes to decide, which run as they like.
type trouble struct {
	mu   sync.Mutex
	dice *rand.Rand
	over bool
	last map[string]mishap // of a function whose calls go wrong one after another
	seen map[mishap]int
}

func newTrouble(seed uint64) *trouble {
	return &trouble{dice: rand.New(rand.NewPCG(seed, 19)), last: map[string]mishap{}, seen: map[mishap]int{}}
}

// between lets settings alone, through which the test itself asks.
func (x *trouble) between(function string, aws http.Handler) http.Handler {
	if function == "settings" {
		return aws
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch x.strikes(function, strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.SendMessage")) {
		case cutBefore:
			panic(http.ErrAbortHandler)
		case cutAfter:
			aws.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case failed:
			http.Error(w, `{"__type":"InternalServerError","message":"trouble"}`, http.StatusInternalServerError)
		case twice:
			body, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			aws.ServeHTTP(httptest.NewRecorder(), r)
			r.Body = io.NopCloser(bytes.NewReader(body))
			aws.ServeHTTP(w, r)
		default:
			aws.ServeHTTP(w, r)
		}
	})
}

// strikes rolls for a call. The SDK tries three times: what is to reach the function
// must strike in a row.
func (x *trouble) strikes(function string, sends bool) mishap {
	x.mu.Lock()
	defer x.mu.Unlock()
	m := x.last[function]
	switch roll := x.dice.Float64(); {
	case x.over:
		return ""
	case m != "" && roll < 0.7:
	case sends && roll < 0.15:
		m = twice
	case roll > 0.97:
		m = mishaps[x.dice.IntN(len(mishaps))]
		x.last[function] = m
	default:
		m = ""
		delete(x.last, function)
	}
	if m != "" {
		x.seen[m]++
	}
	return m
}

// ends it, and tells how often what happened.
func (x *trouble) ends() map[mishap]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	return maps.Clone(x.seen)
}

// ofAshby is what goes wrong there, a write in seven and a read in fourteen.
var ofAshby = []ashbytest.Fault{
	{Kind: ashbytest.ResetAfter, Writes: true, Probability: 0.03},
	{Kind: ashbytest.ResetBefore, Writes: true, Probability: 0.02},
	{Kind: ashbytest.BrokenAfter, Writes: true, Probability: 0.02},
	{Kind: ashbytest.LostAfter, Writes: true, Probability: 0.01},
	{Kind: ashbytest.Cut, Probability: 0.03},
	{Kind: ashbytest.Garbage, Probability: 0.02},
	{Kind: ashbytest.Unavailable, Probability: 0.01},
	{Kind: ashbytest.Throttled, Probability: 0.01, RetryAfterMs: 500},
}
