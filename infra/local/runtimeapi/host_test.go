package runtimeapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/sourcewhale/ashby-sync/infra/local/runtimeapi"
)

// part is the variable that makes the test binary play a bootstrap file.
const part = "RUNTIMEAPI_TEST_PART"

func TestMain(m *testing.M) {
	switch os.Getenv(part) {
	case "handler":
		lambda.Start(handle)
	case "told of its end":
		lambda.StartWithOptions(handle, lambda.WithEnableSIGTERM(func() { fmt.Println("told of its end") }))
	case "cannot start":
		fmt.Println("TABLE is required")
		os.Exit(1)
	case "says why":
		tell("init/error", `{"errorType":"Init.NoTable","errorMessage":"no table"}`)
		os.Exit(1)
	case "host":
		hostForever(os.Args[0], os.Args[1])
	default:
		os.Exit(m.Run())
	}
}

// tell posts to the Runtime API without a runtime, and prints the status.
func tell(path, body string) {
	url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/" + path
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = answer.Body.Close()
	fmt.Println(answer.StatusCode)
}

// hostForever has a function call the address and never comes to an end itself.
func hostForever(binary, address string) {
	h, err := runtimeapi.Start(context.Background(), os.Stderr)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = runtimeapi.Typed[ask, reply](h.Add(runtimeapi.Function{
		Name: "sample", Bootstrap: binary, Timeout: time.Hour, Env: []string{part + "=handler"},
	}))(context.Background(), ask{"meet", address})
	fmt.Println(err)
}

// ask is an event of the function below.
type ask struct {
	Do   string
	Text string
}

type reply struct {
	Text, ID, ARN string
	Left          time.Duration
	PID           int
	Environment   []string
}

func handle(ctx context.Context, in ask) (reply, error) {
	switch in.Do {
	case "fail":
		return reply{}, errors.New(in.Text)
	case "panic":
		panic(in.Text)
	case "exit":
		os.Exit(7)
	case "hang":
		select {}
	case "grow":
		return reply{Text: strings.Repeat("x", 7<<20)}, nil
	case "print":
		fmt.Print("one\ntwo")
	case "meet": // two of them end only together
		return reply{PID: os.Getpid()}, meet(ctx, in.Text)
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return reply{
		Text: in.Text, ID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, Left: time.Until(deadline), PID: os.Getpid(), Environment: os.Environ(),
	}, nil
}

func meet(ctx context.Context, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// logs keeps what functions print.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func host(t *testing.T, out *logs) *runtimeapi.Host {
	t.Helper()
	h, err := runtimeapi.Start(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func function(t *testing.T, play string, change ...func(*runtimeapi.Function)) runtimeapi.Function {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f := runtimeapi.Function{
		Name: "sample", Bootstrap: binary, Timeout: 30 * time.Second, Env: []string{part + "=" + play, "AWS_REGION=eu-west-1"},
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

// invoke is a call of the function as Lambda's own API would make it.
func invoke(t *testing.T, f *runtimeapi.Hosted, in ask) (reply, error) {
	t.Helper()
	return runtimeapi.Typed[ask, reply](f)(t.Context(), in)
}
