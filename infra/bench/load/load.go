package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// Bound ends a load: after so many requests or so long, whichever comes first.
type Bound struct {
	Requests int
	Time     time.Duration
	Callers  int // at once
}

// Borne is how a load was borne.
type Borne struct {
	Requests, Errors int
	Took             time.Duration
	P50, P99         time.Duration
	Memory           [3]int64 // held at the end of each third, in bytes
}

// Rate of requests a second.
func (b Borne) Rate() float64 { return float64(b.Requests) / b.Took.Seconds() }

// Events posts signed requests of 25 events.
func (s *Service) Events(ctx context.Context, b Bound) (Borne, error) {
	secret, err := webhook.ParseKey(s.Secret)
	if err != nil {
		return Borne{}, err
	}
	people := b.Requests*campaign.Batch/campaign.PerPerson + 1
	list := campaign.Campaign{Team: s.Team, Name: "load", People: people, Now: time.Now()}.Events()
	sender := campaign.Sender{API: s.API, Team: s.Team, Secret: secret, HTTP: caller(b), Now: time.Now}
	return s.bear(ctx, b, func(ctx context.Context, i int) error {
		answer, err := sender.Send(ctx, fmt.Sprintf("load-%d", i), list[i*campaign.Batch:(i+1)*campaign.Batch])
		if err == nil && answer.Status != http.StatusAccepted {
			err = fmt.Errorf("answer %d", answer.Status)
		}
		return err
	})
}

// Settings reads what a page reads when it is opened: connection, settings, mapping,
// inbox, in turn.
func (s *Service) Settings(ctx context.Context, b Bound) (Borne, error) {
	paths := []string{"/v1/connection", "/v1/settings/effective", "/v1/mapping", "/v1/inbox"}
	client := caller(b)
	return s.bear(ctx, b, func(ctx context.Context, i int) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.API+paths[i%len(paths)], nil)
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+s.Tokens["admin"])
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: answer %d", paths[i%len(paths)], answer.StatusCode)
		}
		return err
	})
}

func caller(b Bound) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: b.Callers}}
}

// bear makes the requests, each caller one after another. An error is that none
// came through.
func (s *Service) bear(ctx context.Context, b Bound, request func(context.Context, int) error) (Borne, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Time)
	defer cancel()
	var (
		mu    sync.Mutex
		out   Borne
		took  []time.Duration
		first error
		next  int
		all   sync.WaitGroup
	)
	began := time.Now()
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1, next <= b.Requests && ctx.Err() == nil
	}
	for range b.Callers {
		all.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				start := time.Now()
				err := request(ctx, i)
				if ctx.Err() != nil {
					return // cut off by the bound, which says nothing of the service
				}
				mu.Lock()
				took = append(took, time.Since(start))
				if err != nil {
					out.Errors++
					first = err
				}
				mu.Unlock()
			}
		})
	}
	out.Memory = s.thirds(&all, func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return max(float64(len(took))/float64(b.Requests), float64(time.Since(began))/float64(b.Time))
	})
	out.Took, out.Requests = time.Since(began), len(took)
	if len(took) == out.Errors {
		return out, fmt.Errorf("no request came through: %w", first)
	}
	slices.Sort(took)
	out.P50, out.P99 = took[len(took)/2], took[len(took)*99/100]
	return out, nil
}

// thirds waits for all, and looks at the memory after each third.
func (s *Service) thirds(all *sync.WaitGroup, done func() float64) (held [3]int64) {
	over := make(chan struct{})
	go func() { all.Wait(); close(over) }()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for at := 0; ; {
		select {
		case <-over:
			for ; at < len(held); at++ {
				held[at] = Memory(s.PID)
			}
			return held
		case <-look.C:
			if at < 2 && done() >= float64(at+1)/3 {
				held[at] = Memory(s.PID)
				at++
			}
		}
	}
}
