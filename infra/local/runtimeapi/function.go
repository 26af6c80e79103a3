package runtimeapi

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// Function is a bootstrap file and what it runs with.
type Function struct {
	Name      string
	Bootstrap string // path of the executable
	// Env is KEY=value. The process sees it, what Lambda itself sets for every
	// function (names, log group, handler) and nothing of ours. Region and credentials,
	// which Lambda also sets, belong in here.
	Env         []string
	Timeout     time.Duration // of an invocation
	MemoryMB    int           // told to the function, not enforced; 0: 512
	Concurrency int           // environments at most; 0: one. Further invocations wait.
}

// Error is a failure of the function, in Lambda's terms: an error or a panic of
// its handler, an end of its process (Runtime.ExitError) or of its time
// (Sandbox.Timedout).
type Error struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error gives both.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// What Lambda calls the failures that a function cannot tell of itself.
const (
	ExitError   = "Runtime.ExitError"
	TimedOut    = "Sandbox.Timedout"
	TooLarge    = "Function.ResponseSizeTooLarge"
	initTimeout = 10 * time.Second // Lambda's, until a function asks for its first event
)

// Hosted is a function that can be invoked.
type Hosted struct {
	host     *Host
	function Function
	slots    chan struct{} // an element for each environment there may be that is not at work

	mu   sync.Mutex
	idle []*environment // the one that worked last is used first, so that few are started
}

// Add takes a function in. Its first process starts with its first invocation.
func (h *Host) Add(f Function) *Hosted {
	f.Concurrency = max(f.Concurrency, 1)
	if f.MemoryMB == 0 {
		f.MemoryMB = 512
	}
	hosted := &Hosted{host: h, function: f, slots: make(chan struct{}, f.Concurrency)}
	for range f.Concurrency {
		hosted.slots <- struct{}{}
	}
	return hosted
}

// Invoke hands the payload to an environment, starting one if it must, and gives
// the answer. A failure of the function is an *Error; any other error is a failure
// to run it, or the context's. An invocation that has begun goes on when the
// context ends, as in Lambda.
func (f *Hosted) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	select {
	case <-f.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	done := make(chan outcome, 1)
	go func() {
		e, out := f.run(f.take(), payload)
		f.put(e)
		f.slots <- struct{}{}
		done <- out
	}()
	select {
	case out := <-done:
		return out.payload, out.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Kill kills a process of the function that has an invocation in hand, as the end of
// its machine would; false if there is none.
func (f *Hosted) Kill() bool {
	for _, e := range f.host.running() {
		if e.function.Name == f.function.Name && e.atWork() {
			e.process.Kill()
			return true
		}
	}
	return false
}

// take gives an idle environment; nil if there is none.
func (f *Hosted) take() *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	last := len(f.idle) - 1
	if last < 0 {
		return nil
	}
	e := f.idle[last]
	f.idle = f.idle[:last]
	return e
}

func (f *Hosted) put(e *environment) {
	if e == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idle = append(f.idle, e)
}

// run gives back the environment if it can serve again, else nil.
func (f *Hosted) run(e *environment, payload []byte) (*environment, outcome) {
	in := &invocation{payload: payload, result: make(chan outcome, 1)}
	if e != nil && e.offer(in) == nil {
		return e.serve(in)
	}
	e, err := f.host.start(f.function) // there was none yet, or it ended after its last answer
	if err != nil {
		return nil, outcome{err: err}
	}
	if failed := e.offer(in); failed != nil {
		return nil, outcome{err: failed}
	}
	return e.serve(in)
}

// Typed gives a function with its event and its answer as Go values.
func Typed[In, Out any](f *Hosted) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (out Out, err error) {
		payload, err := json.Marshal(in)
		if err != nil {
			return out, fmt.Errorf("event of %s: %w", f.function.Name, err)
		}
		answer, err := f.Invoke(ctx, payload)
		if err != nil {
			return out, fmt.Errorf("%s: %w", f.function.Name, err)
		}
		if len(answer) > 0 {
			err = json.Unmarshal(answer, &out)
		}
		return out, err
	}
}
