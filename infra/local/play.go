package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// play sends a campaign as SourceWhale would, waits until every event has an
// outcome, and tells what became of them.
func play(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	flags := flag.NewFlagSet("play", flag.ContinueOnError)
	name := flags.String("campaign", "spring", "name of the campaign; the same name sends the same events")
	people := flags.Int("people", 10, "how many people go through it, eight events each")
	patience := flags.Duration("wait", 5*time.Minute, "how long to wait for outcomes; 0: not at all")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *people < 1 || *people > maxPeople {
		return fmt.Errorf("-people is from 1 to %d", maxPeople)
	}
	c, err := connect(getenv, "viewer", out)
	if err != nil {
		return err
	}
	if err := c.connected(ctx); err != nil {
		return err
	}
	key, err := webhook.ParseKey(c.WebhookSecret)
	if err != nil {
		return err
	}
	// Within a day a campaign is the same to the byte, so that playing it again is a second delivery.
	played := campaign.Campaign{Team: c.Team, Name: *name, People: *people, Now: time.Now().Truncate(24 * time.Hour)}
	before := c.ashbyCalls(ctx)
	if err := send(ctx, c, key, played); err != nil {
		return err
	}
	if *patience == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, *patience)
	defer cancel()
	outcomes, err := settled(ctx, c, played)
	tell(out, outcomes)
	c.tellCalls(ctx, before, len(played.Events()))
	return err
}

const maxPeople = 5000

// connected refuses to play where nothing could come of it.
func (c *client) connected(ctx context.Context) error {
	var answer struct{ Status, Message string }
	if _, err := c.call(ctx, http.MethodGet, "/v1/connection", nil, nil, &answer); err != nil {
		return err
	}
	if answer.Status != "connected" && answer.Status != "connected_with_limits" {
		return fmt.Errorf("the team is not connected to Ashby: %s (`make activate`)", answer.Message)
	}
	return nil
}

func send(ctx context.Context, c *client, key webhook.Key, played campaign.Campaign) error {
	sender := campaign.Sender{API: c.API, Team: c.Team, Secret: key, HTTP: c.http, Now: time.Now}
	requests := campaign.Requests(played.Events())
	_, _ = fmt.Fprintf(c.out, "> POST %s/v1/events   signed; %d requests, every twentieth event twice\n", c.API, len(requests))
	began, sent := time.Now(), 0
	for i, events := range requests {
		id := fmt.Sprintf("msg_%s_%d", played.Name, i)
		answer, err := sender.Send(ctx, id, events)
		if err != nil {
			return fmt.Errorf("the service does not answer (is `make run` still running?): %w", err)
		}
		if answer.Status != http.StatusAccepted {
			return fmt.Errorf("request %d: status %d\n%s", i+1, answer.Status, indented(answer.Body))
		}
		sent += len(events)
		_, _ = fmt.Fprintf(c.out, "\r  %d events sent", sent)
	}
	_, _ = fmt.Fprintf(c.out, " in %s, all answered 202\n", time.Since(began).Round(time.Millisecond))
	return nil
}

// outcome of an event as its timeline tells it.
type outcome struct {
	Event, State, Code, Message string
}

// settled polls the timelines until no event of the campaign is pending.
func settled(ctx context.Context, c *client, played campaign.Campaign) (map[string]outcome, error) {
	known := map[string]outcome{}
	open := make([]string, 0, played.People)
	for i := range played.People {
		open = append(open, played.PersonID(i))
	}
	began, total, told := time.Now(), played.People*campaign.PerPerson, -1
	for {
		var still []string
		for _, person := range open {
			done, err := c.timeline(ctx, person, known)
			if err != nil {
				return known, err
			}
			if !done {
				still = append(still, person)
			}
		}
		open = still
		if len(known) != told {
			told = len(known)
			_, _ = fmt.Fprintf(c.out, "\r  %d of %d events have an outcome", told, total)
		}
		if len(open) == 0 {
			_, _ = fmt.Fprintf(c.out, " after %s\n\n", time.Since(began).Round(100*time.Millisecond))
			return known, nil
		}
		select {
		case <-ctx.Done():
			_, _ = fmt.Fprintln(c.out)
			return known, fmt.Errorf("%d events are still pending; they are kept and go on by themselves (`make why EVENT=…`)", total-len(known))
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// timeline notes the outcomes of a person's events and says whether all of them
// have one.
func (c *client) timeline(ctx context.Context, person string, known map[string]outcome) (bool, error) {
	var page struct{ Events []outcome }
	_, err := c.call(ctx, http.MethodGet, "/v1/people/"+url.PathEscape(person)+"/timeline?limit=100", nil, nil, &page)
	if isNotFound(err) {
		return false, nil // not recorded yet
	}
	if err != nil {
		return false, err
	}
	done := 0
	for _, e := range page.Events {
		if e.State != "pending" {
			known[e.Event] = e
			done++
		}
	}
	return done >= campaign.PerPerson, nil
}

func tell(out io.Writer, outcomes map[string]outcome) {
	counts, sentence := map[string]int{}, map[string]string{}
	for _, o := range outcomes {
		key := o.State + " " + o.Code
		counts[key]++
		sentence[key] = o.Message
	}
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		_, _ = fmt.Fprintf(out, "  %6d  %-32s %s\n", counts[key], key, sentence[key])
	}
}

// ashbyCalls gives the simulated Ashby's count of calls by endpoint; nil where
// Ashby is not simulated.
func (c *client) ashbyCalls(ctx context.Context) map[string]int {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Ashby+"/_sim/stats", nil)
	if err != nil {
		return nil
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil
	}
	defer func() { _ = answer.Body.Close() }()
	var stats struct {
		Endpoints map[string]int `json:"endpoints"`
	}
	if answer.StatusCode != http.StatusOK || json.NewDecoder(answer.Body).Decode(&stats) != nil {
		return nil
	}
	return stats.Endpoints
}

func (c *client) tellCalls(ctx context.Context, before map[string]int, events int) {
	after := c.ashbyCalls(context.WithoutCancel(ctx))
	if after == nil {
		return
	}
	total := 0
	_, _ = fmt.Fprintln(c.out, "\n  calls to Ashby since then:")
	for _, endpoint := range slices.Sorted(maps.Keys(after)) {
		if n := after[endpoint] - before[endpoint]; n > 0 {
			_, _ = fmt.Fprintf(c.out, "  %6d  %s\n", n, endpoint)
			total += n
		}
	}
	_, _ = fmt.Fprintf(c.out, "  %6d  in all: %.2f for each of %d events\n", total, float64(total)/float64(events), events)
}
