package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// Sender posts events to the service, signed.
type Sender struct {
	API    string // base URL
	Team   string
	Secret webhook.Key
	HTTP   *http.Client
	Now    func() time.Time
}

// Answer of the service to one request.
type Answer struct {
	Status   int
	Accepted int
	Body     []byte // as it came
}

// Batch is how many events a request carries.
const Batch = 25

// Send posts one request with up to 100 events under the message id. A status
// other than 202 is in the answer, not an error.
func (s Sender) Send(ctx context.Context, id string, events []Event) (Answer, error) {
	return send(ctx, s, id, events)
}

// SendRaw posts events that somebody else wrote, as they are.
func (s Sender) SendRaw(ctx context.Context, id string, events []json.RawMessage) (Answer, error) {
	return send(ctx, s, id, events)
}

func send[E Event | json.RawMessage](ctx context.Context, s Sender, id string, events []E) (Answer, error) {
	body, err := json.Marshal(map[string]any{"team": s.Team, "events": events})
	if err != nil {
		return Answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.API+"/v1/events", bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	now := s.Now()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", id)
	r.Header.Set("Webhook-Timestamp", fmt.Sprint(now.Unix()))
	r.Header.Set("Webhook-Signature", webhook.Sign(s.Secret, id, now, body))
	response, err := s.HTTP.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	answer := Answer{Status: response.StatusCode}
	if answer.Body, err = io.ReadAll(io.LimitReader(response.Body, 1<<20)); err != nil {
		return Answer{}, err
	}
	if answer.Status == http.StatusAccepted {
		answer.Accepted = len(events)
	}
	return answer, nil
}

// Requests cuts events into requests and repeats every twentieth event in a
// later one, as webhooks do that were not answered in time.
func Requests(events []Event) [][]Event {
	var out [][]Event
	var repeats []Event
	for at := 0; at < len(events); at += Batch {
		request := events[at:min(at+Batch, len(events))]
		for i := range request {
			if (at+i)%20 == 19 {
				repeats = append(repeats, request[i])
			}
		}
		out = append(out, request)
	}
	for at := 0; at < len(repeats); at += Batch {
		out = append(out, repeats[at:min(at+Batch, len(repeats))])
	}
	return out
}
