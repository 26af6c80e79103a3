package deployment

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"go.yaml.in/yaml/v4"

	"github.com/sourcewhale/ashby-sync/infra/local/gateway"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/infra/local/runtimeapi"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
)

// Service is the template's functions, running. Messages do not flow before Flow.
type Service struct {
	*Template

	Account  Account
	host     *runtimeapi.Host
	log      *slog.Logger
	hosted   map[string]*runtimeapi.Hosted
	mappings map[string]poller.Mapping
	// Broken is told when a function that a queue feeds fails as a whole, which none
	// may; nil: it is only logged.
	Broken func(error)
	// Visibility is how long what was received stays hidden; 0: as long as the queue has
	// it. Less than an invocation takes is a second delivery beside the first.
	Visibility time.Duration
}

const (
	// answerers is how many processes there may be of a function that answers requests:
	// all that they wait for is this machine.
	answerers = 4
	// drains is how many there may be of one that a queue feeds: a drain is with its team
	// until nothing is due any more, and waits in between for leave to call Ashby.
	drains = 40
	// polls is how often an empty queue is looked at. No receive waits at one: moto looks
	// once, when a receive begins, which groups are in hand, and spins until it ends when
	// all that is there belongs to those.
	polls = 100 * time.Millisecond
)

// Between puts itself between a function and its endpoints: it gives the address
// that the function is told instead. Nil: nothing is between.
type Between func(function string) (url string)

// Start hosts every function of the template, whose bootstrap files lie in a folder
// each by its name, and adds its routes. What functions print goes to logs.
func Start(ctx context.Context, t *Template, a Account, bootstraps string, routes *http.ServeMux, between Between, logs io.Writer, log *slog.Logger) (*Service, error) {
	host, err := runtimeapi.Start(ctx, logs)
	if err != nil {
		return nil, err
	}
	s := &Service{
		Template: t, Account: a, host: host, log: log,
		hosted: map[string]*runtimeapi.Hosted{}, mappings: map[string]poller.Mapping{},
	}
	for id, properties := range t.resources("AWS::Serverless::Function") {
		name := folder(t, properties)
		timeout := time.Duration(t.number(t.at(properties, "Timeout"))) * time.Second
		env := a.Environment(t, properties)
		if between != nil {
			for key := range env {
				if strings.HasPrefix(key, "AWS_ENDPOINT_URL_") {
					env[key] = between(name)
				}
			}
		}
		s.hosted[name] = host.Add(runtimeapi.Function{
			Name: id, Bootstrap: filepath.Join(bootstraps, name), Env: pairs(env), Timeout: timeout, Concurrency: t.processes(properties),
		})
		for event, source := range members(t.at(properties, "Events")) {
			s.connect(routes, name, event, source, timeout)
		}
	}
	if err := t.Err(); err != nil {
		return nil, errors.Join(err, host.Close())
	}
	return s, nil
}

// processes is how many there may be of a function.
func (t *Template) processes(function *yaml.Node) int {
	for _, source := range members(t.at(function, "Events")) {
		if t.value(t.at(source, "Type")) == "SQS" {
			return drains
		}
	}
	return answerers
}

// Close ends every process.
func (s *Service) Close() error { return s.host.Close() }

// connect feeds a function from one of its sources.
func (s *Service) connect(routes *http.ServeMux, name, event string, source *yaml.Node, timeout time.Duration) {
	properties := s.at(source, "Properties")
	switch kind := s.value(s.at(source, "Type")); kind {
	case "HttpApi":
		path := s.value(s.at(properties, "Path"))
		if path == "/" {
			path = "/{$}"
		}
		f := runtimeapi.Typed[events.APIGatewayV2HTTPRequest, events.APIGatewayV2HTTPResponse](s.hosted[name])
		routes.Handle(s.value(s.at(properties, "Method"))+" "+strings.ReplaceAll(path, "+}", "...}"), gateway.Serve(f, s.log))
	case "SQS":
		url, visibility := s.queue(s.value(s.at(properties, "Queue")))
		s.mappings[name] = poller.Mapping{
			Name: name + "/" + event, Queue: sqs.New(s.Account.Queues, url), Batch: s.number(s.at(properties, "BatchSize")), Workers: drains, Every: polls,
			Function:   s.whole(runtimeapi.Typed[events.SQSEvent, events.SQSEventResponse](s.hosted[name])),
			Visibility: visibility, Timeout: timeout,
		}
	case "Schedule": // Sweep is its tick
	default:
		s.fail(source, "%s is fed by %s, which is not known here", name, kind)
	}
}

// whole tells when a function fails as a whole.
func (s *Service) whole(f poller.Function) poller.Function {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		out, err := f(ctx, batch)
		if err != nil && s.Broken != nil {
			s.Broken(err)
		}
		return out, err
	}
}

// queue finds a queue by its ARN.
func (s *Service) queue(arn string) (url string, visibility time.Duration) {
	for id, properties := range s.resources("AWS::SQS::Queue") {
		if s.arns[id+".Arn"] == arn {
			return s.refs[id], time.Duration(s.number(s.at(properties, "VisibilityTimeout"))) * time.Second
		}
	}
	s.fail(nil, "no queue has the ARN %q", arn)
	return "", 0
}

// Flow moves messages from a function's queue to it until the context ends; then
// it waits for what is under way. Without names, all queues flow.
func (s *Service) Flow(ctx context.Context, functions ...string) error {
	if len(functions) == 0 {
		for name := range s.mappings {
			functions = append(functions, name)
		}
	}
	var flowing sync.WaitGroup
	defer flowing.Wait()
	for _, name := range functions {
		mapping, ok := s.mappings[name]
		if !ok {
			return fmt.Errorf("%s has no queue in the template", name)
		}
		mapping.Visibility = cmp.Or(s.Visibility, mapping.Visibility)
		flowing.Go(func() { mapping.Run(ctx, s.log) })
	}
	return nil
}

// Kill kills a process of a function that is at work, as the end of its machine would;
// false if none is.
func (s *Service) Kill(function string) bool { return s.hosted[function].Kill() }

// Sweep is the schedule's tick.
func (s *Service) Sweep(ctx context.Context) error {
	tick := events.CloudWatchEvent{Source: "aws.events", DetailType: "Scheduled Event", Time: time.Now(), Detail: json.RawMessage("{}")}
	_, err := runtimeapi.Typed[events.CloudWatchEvent, any](s.hosted["sweep"])(ctx, tick)
	return err
}
