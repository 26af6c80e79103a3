package runtimeapi

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/tether"
)

// stopWithin is what Lambda leaves a process between SIGTERM and SIGKILL.
const stopWithin = 500 * time.Millisecond

// invocation is one event on its way through an environment.
type invocation struct {
	id      string // given when it is taken
	payload []byte
	result  chan outcome // holds one
}

type outcome struct {
	payload []byte
	err     error
}

// environment is one process of a function.
type environment struct {
	id       string
	function Function
	work     chan *invocation // taken by the process's next
	process  *tether.Process

	mu      sync.Mutex
	current *invocation
	broken  *Error // why it could not start, in its own words
}

// start starts a process of the function, which asks for events by itself.
func (h *Host) start(f Function) (*environment, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errors.New("the runtime api host is closed")
	}
	h.started++
	e := &environment{
		id: fmt.Sprintf("%s-%d", f.Name, h.started), function: f, work: make(chan *invocation),
	}
	logs := &lineWriter{prefix: f.Name + ": ", to: h.logs}
	cmd := exec.Command(f.Bootstrap) // it outlives the invocation that it is started for
	cmd.Dir = filepath.Dir(f.Bootstrap)
	cmd.Env = e.environ(h.address)
	cmd.Stdout, cmd.Stderr = logs, logs
	cmd.WaitDelay = time.Second // a grandchild that keeps the output open does not keep us
	var err error
	if e.process, err = tether.Start(cmd, func() { logs.flush(); h.dismiss(e) }); err != nil {
		return nil, fmt.Errorf("start %s: %w", f.Name, err)
	}
	h.environments[e.id] = e
	return e, nil
}

// environ is what Lambda sets, then the function's own, which wins.
func (e *environment) environ(address string) []string {
	name := e.function.Name
	return append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + address + "/" + e.id,
		"AWS_LAMBDA_FUNCTION_NAME=" + name, "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(e.function.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + name, "AWS_LAMBDA_LOG_STREAM_NAME=" + e.id,
		"LAMBDA_TASK_ROOT=" + filepath.Dir(e.function.Bootstrap), "_HANDLER=bootstrap",
		"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=en_US.UTF-8", "TZ=:UTC",
	}, e.function.Env...)
}

// arn names the function; the account is nobody's.
func (e *environment) arn() string {
	region := "us-east-1"
	for _, pair := range e.function.Env {
		if value, ok := strings.CutPrefix(pair, "AWS_REGION="); ok {
			region = value
		}
	}
	return "arn:aws:lambda:" + region + ":000000000000:function:" + e.function.Name
}

// offer waits until the process takes the invocation, and otherwise says why it
// did not: it ended first, or did not ask within its time.
func (e *environment) offer(in *invocation) *Error {
	limit := time.NewTimer(initTimeout)
	defer limit.Stop()
	select {
	case e.work <- in:
		return nil
	case <-e.process.Ended():
	case <-limit.C:
		e.stop()
		return &Error{TimedOut, fmt.Sprintf("did not ask for an event within %s", initTimeout)}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.broken != nil {
		return e.broken
	}
	return e.exited()
}

// serve waits for the answer to an invocation that was taken. A process that runs
// out of time or ends is not used again.
func (e *environment) serve(in *invocation) (*environment, outcome) {
	limit := time.NewTimer(e.function.Timeout)
	defer limit.Stop()
	select {
	case out := <-in.result:
		return e, out
	case <-e.process.Ended():
	case <-limit.C:
		e.stop()
		return nil, outcome{err: &Error{TimedOut, fmt.Sprintf("Task timed out after %.2f seconds", e.function.Timeout.Seconds())}}
	}
	select {
	case out := <-in.result: // it answered, then ended
		return nil, out
	default:
		return nil, outcome{err: e.exited()}
	}
}

// atWork reports whether it has an invocation in hand.
func (e *environment) atWork() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current != nil
}

func (e *environment) exited() *Error {
	return &Error{ExitError, "Runtime exited with error: " + e.process.String()}
}

// stop ends the process and waits for its end.
func (e *environment) stop() { e.process.Stop(stopWithin) }
