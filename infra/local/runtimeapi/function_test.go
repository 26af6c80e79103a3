package runtimeapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/runtimeapi"
)

func TestAnEventComesBackAsItsAnswer(t *testing.T) {
	h := host(t, &logs{})
	first, other := h.Add(function(t, "handler")), h.Add(function(t, "handler", func(f *runtimeapi.Function) { f.Name = "other" }))
	a, err := invoke(t, first, ask{Text: "héllo"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Text != "héllo" || a.ID == "" || a.ARN != "arn:aws:lambda:eu-west-1:000000000000:function:sample" {
		t.Errorf("%+v", a)
	}
	if a.Left <= 0 || a.Left > 30*time.Second {
		t.Errorf("the handler has %s, its timeout is 30 s", a.Left)
	}
	b, err := invoke(t, first, ask{Text: "again"})
	if err != nil || b.PID != a.PID || b.ID == a.ID {
		t.Errorf("a warm environment is used again, for another request: %+v, %v", b, err)
	}
	c, err := invoke(t, other, ask{Text: "mine"})
	if err != nil || c.PID == a.PID || !strings.HasSuffix(c.ARN, ":other") || c.Text != "mine" {
		t.Errorf("another function on the same listener: %+v, %v", c, err)
	}
}

func TestAFunctionSeesOnlyItsOwnEnvironment(t *testing.T) {
	t.Setenv("RUNTIMEAPI_TEST_SECRET", "ours")
	h := host(t, &logs{})
	a, err := invoke(t, h.Add(function(t, "handler", func(f *runtimeapi.Function) { f.Env = append(f.Env, "TABLE=t1") })), ask{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"TABLE=t1", "AWS_LAMBDA_FUNCTION_NAME=sample", "AWS_REGION=eu-west-1"} {
		if !slices.Contains(a.Environment, want) {
			t.Errorf("%s is missing in %q", want, a.Environment)
		}
	}
	if slices.ContainsFunc(a.Environment, func(s string) bool { return strings.HasPrefix(s, "RUNTIMEAPI_TEST_SECRET=") }) {
		t.Error("what the host has in its environment reaches the function")
	}
}

func TestFailuresOfAFunctionHaveTheTypesThatLambdaGivesThem(t *testing.T) {
	f := host(t, &logs{}).Add(function(t, "handler"))
	for _, c := range []struct {
		in            ask
		kind, message string
	}{
		{ask{"fail", "no luck"}, "errorString", "no luck"},
		{ask{"panic", "boom"}, "string", "boom"},
		{ask{"exit", ""}, runtimeapi.ExitError, "exit status 7"},
		{ask{"grow", ""}, runtimeapi.TooLarge, "6291456"},
	} {
		_, err := invoke(t, f, c.in)
		told, ok := errors.AsType[*runtimeapi.Error](err)
		if !ok || told.Type != c.kind || !strings.Contains(told.Message, c.message) {
			t.Errorf("%s: %v, want %s with %q", c.in.Do, err, c.kind, c.message)
		}
		// Whatever happened, the next event finds an environment.
		if a, err := invoke(t, f, ask{Text: "after " + c.in.Do}); err != nil || a.Text != "after "+c.in.Do {
			t.Errorf("after %s: %+v, %v", c.in.Do, a, err)
		}
	}
}

func TestAFunctionThatTakesTooLongIsEndedAndReplaced(t *testing.T) {
	f := host(t, &logs{}).Add(function(t, "handler", func(f *runtimeapi.Function) { f.Timeout = 2 * time.Second }))
	before, err := invoke(t, f, ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = invoke(t, f, ask{Do: "hang"})
	if told, ok := errors.AsType[*runtimeapi.Error](err); !ok || told.Type != runtimeapi.TimedOut || !strings.Contains(told.Message, "2.00 seconds") {
		t.Errorf("got %v", err)
	}
	if after, err := invoke(t, f, ask{}); err != nil || after.PID == before.PID {
		t.Errorf("after it: %+v, %v", after, err)
	}
}

func TestAProcessThatIsKilledFailsItsInvocationAndIsReplaced(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(arrived); <-leave }))
	defer gate.Close()
	defer close(leave)
	f := host(t, &logs{}).Add(function(t, "handler"))
	if before, err := invoke(t, f, ask{Text: "x"}); err != nil || before.Text != "x" || f.Kill() {
		t.Errorf("an idle process is not killed: %+v, %v", before, err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := runtimeapi.Typed[ask, reply](f)(t.Context(), ask{"meet", gate.URL})
		failed <- err
	}()
	<-arrived
	if !f.Kill() {
		t.Error("nothing was at work")
	}
	if told, ok := errors.AsType[*runtimeapi.Error](<-failed); !ok || told.Type != runtimeapi.ExitError || !strings.Contains(told.Message, "killed") {
		t.Errorf("the invocation in hand: %v", told)
	}
	if a, err := invoke(t, f, ask{Text: "after"}); err != nil || a.Text != "after" {
		t.Errorf("after it: %+v, %v", a, err)
	}
}

func TestAnInvocationThatNobodyWaitsForKeepsItsEnvironmentBusy(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(arrived); <-leave }))
	defer gate.Close()
	f := host(t, &logs{}).Add(function(t, "handler"))
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { <-arrived; giveUp() }()
	_, err := runtimeapi.Typed[ask, reply](f)(ctx, ask{"meet", gate.URL})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("whoever gives up gets %v", err)
	}
	// The environment is still at it: a second event waits for the end of the first.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runtimeapi.Typed[ask, reply](f)(gone, ask{}); !errors.Is(err, context.Canceled) {
		t.Errorf("an event beside one in hand: %v", err)
	}
	close(leave)
	if a, err := invoke(t, f, ask{Text: "next"}); err != nil || a.Text != "next" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestSeveralEnvironmentsServeAtTheSameTime(t *testing.T) {
	arrivals := make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select { // nobody passes alone
		case arrivals <- struct{}{}:
		case <-arrivals:
		case <-r.Context().Done():
		}
	}))
	defer gate.Close()
	f := host(t, &logs{}).Add(function(t, "handler", func(f *runtimeapi.Function) { f.Concurrency = 2 }))
	pids := make(chan int, 2)
	for range 2 {
		go func() {
			a, err := runtimeapi.Typed[ask, reply](f)(t.Context(), ask{"meet", gate.URL})
			if err != nil {
				t.Error(err)
			}
			pids <- a.PID
		}()
	}
	if a, b := <-pids, <-pids; a == b || a == 0 {
		t.Errorf("both were served by process %d, %d", a, b)
	}
}

func TestAnIdleEnvironmentIsUsedBeforeAnotherIsStarted(t *testing.T) {
	f := host(t, &logs{}).Add(function(t, "handler", func(f *runtimeapi.Function) { f.Concurrency = 8 }))
	var first reply
	for range 3 {
		a, err := invoke(t, f, ask{Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if first.PID == 0 {
			first = a
		}
		if a.PID != first.PID {
			t.Errorf("process %d serves beside the idle %d", a.PID, first.PID)
		}
	}
}

func TestAFunctionThatCannotStartSaysWhyInTheLogOrInTheError(t *testing.T) {
	var out logs
	h := host(t, &out)
	for play, want := range map[string]string{
		"cannot start": runtimeapi.ExitError + ": Runtime exited with error: exit status 1",
		"says why":     "Init.NoTable: no table",
	} {
		_, err := invoke(t, h.Add(function(t, play)), ask{})
		if told, ok := errors.AsType[*runtimeapi.Error](err); !ok || told.Error() != want {
			t.Errorf("%s: %v, want %s", play, err, want)
		}
	}
	if !strings.Contains(out.String(), "sample: TABLE is required\n") || !strings.Contains(out.String(), "sample: 202\n") {
		t.Errorf("the log has %q", out.String())
	}
	_, err := h.Add(function(t, "", func(f *runtimeapi.Function) { f.Bootstrap = filepath.Join(t.TempDir(), "bootstrap") })).Invoke(t.Context(), nil)
	if told, ok := errors.AsType[*runtimeapi.Error](err); err == nil || ok {
		t.Errorf("a file that is not there is no failure of the function: %v", told)
	}
}

func TestWhatFunctionsPrintIsTheirsLineByLine(t *testing.T) {
	var out logs
	h, err := runtimeapi.Start(t.Context(), &out)
	if err != nil {
		t.Fatal(err)
	}
	_, err = invoke(t, h.Add(function(t, "told of its end")), ask{Do: "print"})
	if err := errors.Join(err, h.Close()); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "sample: one\nsample: twotold of its end\n" {
		t.Errorf("%q", got)
	}
}

func TestAClosedHostStartsNothing(t *testing.T) {
	h, err := runtimeapi.Start(t.Context(), &logs{})
	if err != nil {
		t.Fatal(err)
	}
	f := h.Add(function(t, "handler"))
	a, err := invoke(t, f, ask{Text: "x"})
	if err != nil || a.Text != "x" {
		t.Fatal(a, err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := invoke(t, f, ask{}); err == nil {
		t.Error("a closed host runs functions")
	}
}

func TestFunctionsDieWithAHostThatIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system cannot do that")
	}
	arrived, gone := make(chan struct{}), make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done() // when the function's connection breaks
		close(gone)
	}))
	defer gate.Close()
	parent := exec.Command(os.Args[0], gate.URL)
	parent.Env = append(os.Environ(), part+"=host")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the function runs on")
	}
}
