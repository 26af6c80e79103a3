package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// Naive is the design that comes to mind first, to compare with: each delivery is
// carried out by itself, each call is preceded by a row of the table that says so,
// each field is a call of its own, and a call without an answer is made again. The
// key is read each time, the link is a row.
type Naive struct {
	Calls, Writes, Reads int

	ashby http.RoundTripper
	key   string
	known map[string]string // candidate by person
}

// NewNaive works on an Ashby with one key.
func NewNaive(a *ashbytest.Ashby, key string) *Naive {
	return &Naive{ashby: a.Transport(), key: key, known: map[string]string{}}
}

// notes are the types of which a note is made by default.
var notes = []string{"email_sent", "linkedin_message_sent", "email_reply"}

// Carry carries one delivery.
func (n *Naive) Carry(ctx context.Context, e campaign.Event) {
	n.Reads++
	id := n.known[e.Person.ID]
	if id == "" {
		n.Writes++
		id = n.find(ctx, e)
		n.known[e.Person.ID] = id
	}
	if e.Type == "contact_edited" || e.Type == "campaign_added" {
		for _, name := range slices.Sorted(maps.Keys(e.Person.Snapshot)) {
			if fields[name] != "" {
				n.call(ctx, "candidate.update", map[string]any{"candidateId": id, fields[name]: first(e.Person.Snapshot[name])})
			}
		}
	}
	if slices.Contains(notes, e.Type) {
		n.call(ctx, "candidate.createNote", map[string]any{"candidateId": id, "note": e.ID + " " + e.Message.Body})
	}
}

// Dollars is what a million events cost so, that were so many, when a call takes so
// long: each delivery is a message and an invocation of its own.
func (n *Naive) Dollars(events, requests int, latency time.Duration) float64 {
	deliveries, million := float64(n.Reads), 1e6/float64(events)
	seconds := float64(n.Calls)*latency.Seconds() + float64(n.Writes)*writeTime.Seconds() + float64(n.Reads)*readTime.Seconds()
	return HTTPRequest.For(float64(requests)*million) + LambdaRequest.For((float64(requests)+deliveries)*million) +
		LambdaSecond.For(seconds*million) + QueueRequest.For(3*deliveries*million) + SecretRead.For(deliveries*million) +
		WriteUnit.For(float64(n.Writes)*million) + ReadUnit.For(deliveries*million)
}

var fields = map[string]string{"firstName": "name", "emails": "email", "phones": "phoneNumber", "socialLinks": "linkedInUrl"}

// find looks a person up by address, and makes them where nobody bears it.
func (n *Naive) find(ctx context.Context, e campaign.Event) string {
	address := first(e.Person.Snapshot["emails"])
	var found struct{ Results []struct{ ID string } }
	_ = json.Unmarshal(n.call(ctx, "candidate.search", map[string]any{"email": address}), &found)
	if len(found.Results) > 0 {
		return found.Results[0].ID
	}
	var made struct{ Results struct{ ID string } }
	_ = json.Unmarshal(n.call(ctx, "candidate.create", map[string]any{"name": e.Person.Snapshot["firstName"], "email": address}), &made)
	return made.Results.ID
}

func first(value any) any {
	if list, ok := value.([]string); ok && len(list) > 0 {
		return list[0]
	}
	return value
}

// patience is how long it waits for an answer.
const patience = 8 * time.Second

// tries is how often a call is made that is not answered.
const tries = 3

func (n *Naive) call(ctx context.Context, method string, body any) []byte {
	raw, _ := json.Marshal(body) // of strings
	n.Writes++
	for range tries {
		n.Calls++
		ctx, cancel := context.WithTimeout(ctx, patience)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://ashby.example.com/"+method, bytes.NewReader(raw))
		if err != nil {
			cancel()
			return nil
		}
		r.SetBasicAuth(n.key, "")
		r.Header.Set("Content-Type", "application/json")
		answer, err := n.ashby.RoundTrip(r)
		if err != nil {
			cancel()
			continue
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		cancel()
		if err == nil && answer.StatusCode < http.StatusInternalServerError {
			return text
		}
	}
	return nil
}
