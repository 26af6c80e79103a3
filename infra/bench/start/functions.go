package start

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/events"

	samples "github.com/sourcewhale/ashby-sync/infra/events"
	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// Names of the programs: the references first, then the functions.
var (
	References = []string{"hello", "handbuilt", "loaded"}
	Functions  = []string{"intake", "record", "push", "sweep", "settings", "console"}
)

// Build builds references and functions into the folder, for this machine and for
// arm64, and gives those for this machine with the event that each is given.
func Build(ctx context.Context, root, into string) ([]Program, error) {
	reference := filepath.Join(root, "infra", "bench", "reference")
	for _, arch := range []string{"", "arm64"} {
		to, env := filepath.Join(into, "host"), []string(nil)
		if arch != "" {
			to, env = filepath.Join(into, arch), []string{"GOARCH=" + arch}
		}
		if err := os.MkdirAll(to, 0o750); err != nil {
			return nil, err
		}
		err := errors.Join(
			deployment.BuildPackages(ctx, reference, to, "./...", env...),
			deployment.BuildPackages(ctx, root, to, "./functions/...", env...),
		)
		if err != nil {
			return nil, err
		}
	}
	first, err := firstEvents(time.Now())
	if err != nil {
		return nil, err
	}
	var out []Program
	for _, name := range append(append([]string{}, References...), Functions...) {
		p := Program{Name: name, Path: filepath.Join(into, "host", name), Event: []byte("false")}
		if e, ok := first[name]; ok {
			if p.Event, err = json.Marshal(e); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// firstEvents are commonplace: a signed request of events, the message that it
// becomes, a ring, a tick of the clock, and two requests of a browser.
func firstEvents(now time.Time) (map[string]any, error) {
	request, err := samples.Sample("requests/email_reply.json", now)
	if err != nil {
		return nil, err
	}
	received, err := contract.Open([]byte(request.Body))
	if err != nil {
		return nil, err
	}
	var accepted []event.Event
	for _, v := range received.Events(now, "trace") {
		accepted = append(accepted, v.Event)
	}
	parcels, failed := contract.Pack(accepted, 100<<10)
	ring, err := contract.PackRing(samples.Team)
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	return map[string]any{
		"intake": request, "record": message(parcels[0]), "push": message(ring), "sweep": map[string]string{"source": "aws.events"},
		"settings": get("/v1/connection", now), "console": get("/", now),
	}, nil
}

func message(body string) events.SQSEvent {
	return events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: "m1", ReceiptHandle: "r1", Body: body, EventSource: "aws:sqs",
		Attributes: map[string]string{"ApproximateReceiveCount": "1", "MessageGroupId": samples.Team},
	}}}
}

func get(path string, at time.Time) events.APIGatewayV2HTTPRequest {
	r := samples.Envelope(path, map[string]string{"accept": "*/*"}, nil, at)
	r.RouteKey, r.RequestContext.RouteKey, r.RequestContext.HTTP.Method = "GET "+path, "GET "+path, http.MethodGet
	return r
}

// Zipped gives how many bytes the arm64 build of a program weighs in a zip, as
// sam packs it.
func Zipped(ctx context.Context, into, name string) (int64, error) {
	return deployment.Zipped(ctx, filepath.Join(into, "arm64", filepath.Base(name)))
}
