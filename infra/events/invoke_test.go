package events_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/infra/events"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// sampleVault holds keyring.json.
type sampleVault struct{ content string }

func (v sampleVault) Get(context.Context, string, string) (secret.Value, string, error) {
	return secret.NewValue(v.content), "v1", nil
}

func (sampleVault) Put(context.Context, string, string, secret.Value) error {
	return errors.ErrUnsupported
}

func (sampleVault) Delete(context.Context, string) error { return errors.ErrUnsupported }

type shelf struct{ bodies []string }

func (s *shelf) Send(_ context.Context, messages ...queue.Message) error {
	for _, m := range messages {
		s.bodies = append(s.bodies, m.Body)
	}
	return nil
}

// intake is the function as it answers while the samples' signatures hold.
func intake(t *testing.T, clock time.Time) (apigw.Func, *shelf) {
	t.Helper()
	keyring, err := events.Files.ReadFile("keyring.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{}
	handler, _ := intakehttp.New(intakehttp.Parts{
		Secrets: sampleVault{string(keyring)}, Keyring: "intake", Events: s, Now: func() time.Time { return clock },
		Log: logging.New(io.Discard, ""),
	})
	return apigw.Handler(handler), s
}

func TestTheEnvelopesAreTakenInByIntake(t *testing.T) {
	for name, body := range files(t, "invoke/*.json") {
		var in lambda.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(body, &in); err != nil {
			t.Fatal(err)
		}
		run, s := intake(t, events.SignedAt.Add(time.Minute))
		out, err := run(t.Context(), in)
		if err != nil || out.StatusCode != http.StatusAccepted || len(s.bodies) != 1 {
			t.Errorf("%s: %v %d %s", name, err, out.StatusCode, out.Body)
			continue
		}
		if _, err := contract.Unpack(s.bodies[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEverySampleCanBeSentNow(t *testing.T) {
	clock := time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC)
	for _, pattern := range []string{"requests/*.json", "hooks/*.json"} {
		for name := range files(t, pattern) {
			in, err := events.Sample(name, clock)
			if err != nil {
				t.Fatal(err)
			}
			run, _ := intake(t, clock)
			if out, err := run(t.Context(), in); err != nil || out.StatusCode != http.StatusAccepted {
				t.Errorf("%s: %v %d %s", name, err, out.StatusCode, out.Body)
			}
		}
	}
}
