package dev

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
)

// Player sends events as SourceWhale would.
type Player struct {
	Sender campaign.Sender
	Token  func() string // a new one each time
}

const (
	maxPeople = 500
	maxBody   = 256 << 10
)

// played says what was sent.
type played struct {
	Events int      `json:"events"`
	People []string `json:"people"`
}

// play sends a whole campaign. Within a day one of the same name is the same to the byte: a second delivery of every event.
func (p Player) play(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Campaign string `json:"campaign"`
		People   int    `json:"people"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&asked); err != nil ||
		asked.Campaign == "" || asked.People < 1 || asked.People > maxPeople {
		refuse(w, http.StatusBadRequest, "campaign_refused", fmt.Sprintf("a campaign has a name and 1 to %d people", maxPeople))
		return
	}
	c := campaign.Campaign{Team: p.Sender.Team, Name: asked.Campaign, People: asked.People, Now: p.Sender.Now().Truncate(24 * time.Hour)}
	out := played{People: []string{}}
	for i, events := range campaign.Requests(c.Events()) {
		if !sent(r.Context(), w, func(ctx context.Context) (campaign.Answer, error) {
			return p.Sender.Send(ctx, fmt.Sprintf("msg_%s_%d", c.Name, i), events)
		}) {
			return
		}
		out.Events += len(events)
	}
	for i := range c.People {
		out.People = append(out.People, c.PersonID(i))
	}
	answer(w, http.StatusAccepted, out)
}

// events signs the given events and sends them on as they are.
func (p Player) events(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&asked); err != nil || len(asked.Events) == 0 {
		refuse(w, http.StatusBadRequest, "events_refused", "events is a list of one event or more")
		return
	}
	if sent(r.Context(), w, func(ctx context.Context) (campaign.Answer, error) {
		return p.Sender.SendRaw(ctx, "msg_"+p.Token(), asked.Events)
	}) {
		answer(w, http.StatusAccepted, played{Events: len(asked.Events), People: []string{}})
	}
}

// sent reports whether the service took the request; if not, its own answer is passed on.
func sent(ctx context.Context, w http.ResponseWriter, send func(context.Context) (campaign.Answer, error)) bool {
	got, err := send(ctx)
	if err != nil {
		refuse(w, http.StatusBadGateway, "not_sent", "the service did not take the events")
		return false
	}
	if got.Status == http.StatusAccepted {
		return true
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(got.Status)
	_, _ = w.Write(got.Body) // the caller is gone if this fails
	return false
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	answer(w, status, map[string]any{"status": status, "code": code, "detail": detail})
}
