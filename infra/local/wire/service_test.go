package wire_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"go.yaml.in/yaml/v4"

	"github.com/sourcewhale/ashby-sync/infra/local/gateway"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/infra/local/runtimeapi"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
)

const team = "acme"

// service is the template, deployed: bootstrap files behind the Runtime API, their
// routes and queues.
type service struct {
	*template
	cloud    cloud
	ashby    *ashbytest.Ashby
	seeded   ashbytest.Seeded
	issuer   *issuer.Issuer
	url      string          // of the API
	linked   map[string]bool // candidates seen to be somebody's
	hosted   map[string]*runtimeapi.Hosted
	mappings map[string]poller.Mapping
}

// deploy brings the template up beside a simulated Ashby. Messages do not flow
// before flow.
func deploy(t *testing.T) *service {
	t.Helper()
	c := connect(t)
	s := &service{
		template: readTemplate(t), cloud: c, ashby: ashbytest.New(ashbytest.Config{}),
		linked: map[string]bool{}, hosted: map[string]*runtimeapi.Hosted{}, mappings: map[string]poller.Mapping{},
	}
	var err error
	if s.seeded, err = s.ashby.Seed(0); err != nil {
		t.Fatal(err)
	}
	if s.issuer, err = issuer.Open(filepath.Join(t.TempDir(), "issuer.pem"), time.Now); err != nil {
		t.Fatal(err)
	}
	ashby, routes := httptest.NewServer(s.ashby), http.NewServeMux()
	t.Cleanup(ashby.Close)
	routes.Handle("GET "+issuer.Path, s.issuer)
	api := httptest.NewServer(routes)
	t.Cleanup(api.Close)
	s.url = api.URL
	s.parameters(map[string]string{
		"Stage": stage(), "AshbyBaseUrl": ashby.URL, "PublicUrl": api.URL, "AllowedOrigins": api.URL,
		"JwtIssuer": issuer.Name, "JwtAudience": issuer.Audience, "JwksUrl": api.URL + issuer.Path,
	})
	c.makeTables(s.template)
	c.makeQueues(s.template)
	c.makeSecrets(s.template)
	s.start(routes)
	return s
}

// start builds every function and gives each what the template gives it.
func (s *service) start(routes *http.ServeMux) {
	s.Helper()
	bootstraps := build(s.T)
	host, err := runtimeapi.Start(s.Context(), s.Output())
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := host.Close(); err != nil {
			s.Error(err)
		}
	})
	for id, properties := range s.resources("AWS::Serverless::Function") {
		name := strings.TrimPrefix(s.value(s.at(properties, "CodeUri")), "functions/")
		timeout := time.Duration(s.number(s.at(properties, "Timeout"))) * time.Second
		s.hosted[name] = host.Add(runtimeapi.Function{
			Name: id, Bootstrap: filepath.Join(bootstraps, name), Env: s.environment(properties), Timeout: timeout, Concurrency: 2,
		})
		for event, source := range s.members(s.at(properties, "Events")) {
			s.connect(routes, name, event, source, timeout)
		}
	}
}

// environment is what the template declares, and nothing else, over what Lambda
// gives every function. The endpoints, empty in the template, are set as sam local
// sets them: only because they are declared.
func (s *service) environment(function *yaml.Node) []string {
	s.Helper()
	declared := s.members(s.at(s.root, "Globals", "Function", "Environment", "Variables"))
	for name, node := range s.members(s.at(function, "Environment", "Variables")) {
		declared[name] = node
	}
	var env []string
	for name, node := range declared {
		env = append(env, name+"="+s.value(node))
	}
	for _, pair := range s.cloud.env {
		name, _, _ := strings.Cut(pair, "=")
		if _, ok := declared[name]; ok || !strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			env = append(env, pair)
		}
	}
	return env
}

// connect feeds a function from one of its sources.
func (s *service) connect(routes *http.ServeMux, name, event string, source *yaml.Node, timeout time.Duration) {
	s.Helper()
	log := slog.New(slog.NewTextHandler(s.Output(), nil))
	properties := s.at(source, "Properties")
	switch kind := s.value(s.at(source, "Type")); kind {
	case "HttpApi":
		path := s.value(s.at(properties, "Path"))
		if path == "/" {
			path = "/{$}"
		}
		f := runtimeapi.Typed[events.APIGatewayV2HTTPRequest, events.APIGatewayV2HTTPResponse](s.hosted[name])
		routes.Handle(s.value(s.at(properties, "Method"))+" "+strings.ReplaceAll(path, "+}", "...}"), gateway.Serve(f, log))
	case "SQS":
		url, visibility := s.queue(s.value(s.at(properties, "Queue")))
		s.mappings[name] = poller.Mapping{
			Name: name + "/" + event, Queue: sqs.New(s.cloud.queues, url), Batch: s.number(s.at(properties, "BatchSize")), Workers: 2,
			Function:   s.mustRun(runtimeapi.Typed[events.SQSEvent, events.SQSEventResponse](s.hosted[name])),
			Visibility: visibility, Timeout: timeout,
		}
	case "Schedule": // the test is the clock
	default:
		s.Fatalf("%s is fed by %s, which this test does not know", name, kind)
	}
}

// mustRun ends the test soon when a function fails as a whole, which none may.
func (s *service) mustRun(f poller.Function) poller.Function {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		out, err := f(ctx, batch)
		if err != nil {
			s.Error(err)
		}
		return out, err
	}
}

// queue finds a queue by its ARN.
func (s *service) queue(arn string) (url string, visibility time.Duration) {
	s.Helper()
	for id, properties := range s.resources("AWS::SQS::Queue") {
		if s.arns[id+".Arn"] == arn {
			return s.refs[id], time.Duration(s.number(s.at(properties, "VisibilityTimeout"))) * time.Second
		}
	}
	s.Fatalf("no queue has the ARN %s", arn)
	return "", 0
}

// flow moves messages from a function's queue to it until the test ends.
func (s *service) flow(function string) {
	s.Helper()
	mapping, ok := s.mappings[function]
	if !ok {
		s.Fatalf("%s has no queue in the template", function)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		mapping.Run(s.Context(), slog.New(slog.NewTextHandler(s.Output(), nil)))
	}()
	s.Cleanup(func() { <-ended }) // the test's context ends before its cleanups begin
}

// sweep is the schedule's tick.
func (s *service) sweep() {
	s.Helper()
	tick := events.CloudWatchEvent{Source: "aws.events", DetailType: "Scheduled Event", Time: time.Now(), Detail: json.RawMessage("{}")}
	if _, err := runtimeapi.Typed[events.CloudWatchEvent, any](s.hosted["sweep"])(s.Context(), tick); err != nil {
		s.Fatal(err)
	}
}

// build builds every function for this machine as the Makefile builds it for
// Lambda, and gives the folder with the files.
func build(t *testing.T) string {
	t.Helper()
	for _, folder := range []string{"../../../functions", "../../../shared"} {
		watch(t, folder)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-trimpath", "-tags=lambda.norpc", "-ldflags=-s -w -buildid=",
		"-o", dir+string(filepath.Separator), "./functions/...")
	cmd.Dir, cmd.Env = "../../..", append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// watch looks at every file, so that go test does not answer from its cache after
// one has changed: it knows what this process looked at, not what the build did.
func watch(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		_, err = os.Stat(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
