package events_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/infra/events"
	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

var update = flag.Bool("update", false, "write the files that are made of the others")

// at is when the samples are read in these tests: after all of them happened.
var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func files(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(events.Files, pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if strings.HasSuffix(name, ".headers.json") {
			continue
		}
		body, err := events.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = body
	}
	return out
}

func TestEverySampleRequestIsAcceptedWhole(t *testing.T) {
	seen := map[string]bool{}
	for name, body := range files(t, "requests/*.json") {
		request, err := contract.Open(body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, v := range request.Events(at, "trace") {
			if !v.Accepted() {
				t.Errorf("%s event %d: %+v", name, i, v.Mistakes)
			}
			if seen[v.ID] {
				t.Errorf("%s: %s is in two samples", name, v.ID)
			}
			seen[v.ID] = true
		}
	}
}

func TestTheSignedSampleVerifies(t *testing.T) {
	body := files(t, "requests/email_reply.json")["requests/email_reply.json"]
	ring, err := events.Keyring()
	if err != nil {
		t.Fatal(err)
	}
	want := events.Headers(ring, events.Team, "msg_sample", events.SignedAt, body)
	var got map[string]string
	golden(t, "requests/email_reply.headers.json", want, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	signed := webhook.Signed{ID: got["webhook-id"], Timestamp: got["webhook-timestamp"], Signature: got["webhook-signature"]}
	if err := webhook.Verify(ring.TeamKeys(events.Team), signed, body, events.SignedAt.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	request, err := contract.Open(body)
	if err != nil {
		t.Fatal(err)
	}
	if e := request.Events(at, "")[0].Event; e.Person.Stage != "" || !e.MarksResponded() {
		t.Errorf("it is to be a reply that marks without a stage: %+v", e.Person)
	}
}

func TestTheEnvelopesBringTheSamples(t *testing.T) {
	for name, sample := range map[string]string{
		"invoke/events_email_reply.json":           "requests/email_reply.json",
		"invoke/sourcewhale_candidateCreated.json": "hooks/sourcewhale_candidateCreated.json",
		"invoke/sourcewhale_candidateUpdated.json": "hooks/sourcewhale_candidateUpdated.json",
		"invoke/ashby_candidateDelete.json":        "hooks/ashby_candidateDelete.json",
		"invoke/ashby_candidateMerge.json":         "hooks/ashby_candidateMerge.json",
	} {
		want, err := events.Sample(sample, events.SignedAt)
		if err != nil {
			t.Fatal(err)
		}
		var got lambda.APIGatewayV2HTTPRequest
		golden(t, name, want, &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got.RequestContext.HTTP.Method != http.MethodPost || !strings.HasPrefix(got.RouteKey, "POST /v1/") {
			t.Errorf("%s: %s %s", name, got.RequestContext.HTTP.Method, got.RouteKey)
		}
	}
}

func TestTheHookSamplesSayWhatTheTableSays(t *testing.T) {
	last := event.LastKnown{}
	for _, c := range []struct {
		file string
		want []event.Type
	}{
		{"hooks/sourcewhale_candidateCreated.json", []event.Type{event.CampaignAdded}},
		{"hooks/sourcewhale_candidateUpdated.json", []event.Type{event.StageChanged, event.ContactEdited}},
	} {
		h, err := contract.Hook(files(t, c.file)[c.file], events.Team, at, "trace")
		if err != nil {
			t.Fatal(err)
		}
		var got []event.Type
		for _, e := range event.Expand(h, last) {
			got = append(got, e.Type)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.file, got, c.want)
		}
		last = event.LastKnown{Known: true, Stage: h.Stage, Snapshot: h.Snapshot}
	}
	if last.Stage != event.Replied || last.Snapshot.Items(contact.Emails)[1] != "lin@harbour.example" {
		t.Errorf("after both: %+v", last)
	}
	for name, body := range files(t, "hooks/ashby_*.json") {
		h, err := contract.CandidateHook(body, events.Team, at, "trace")
		if err != nil || "hooks/ashby_"+string(h.Action)+".json" != name {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

func TestEverySampleIsTidy(t *testing.T) {
	all := files(t, "requests/*.json")
	maps.Copy(all, files(t, "hooks/*.json"))
	for name, body := range all {
		if !json.Valid(body) || !bytes.HasSuffix(body, []byte("}\n")) {
			t.Errorf("%s is not JSON with a line break at its end", name)
		}
	}
}

// golden reads a file that is made of others, after writing it if that was asked
// for.
func golden(t *testing.T, name string, want, got any) {
	t.Helper()
	if *update {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(want); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path.Clean(name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: go test ./infra/events -update writes it", err)
	}
	if err := json.Unmarshal(body, got); err != nil {
		t.Fatal(err)
	}
}
