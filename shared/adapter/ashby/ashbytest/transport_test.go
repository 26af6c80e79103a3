package ashbytest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// hand is a clock that moves only when told, with the timers it owes.
type hand struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	f  func()
}

func (h *hand) after(d time.Duration, f func()) func() bool {
	t := &timer{h.now.Add(d), f}
	h.timers = append(h.timers, t)
	return func() bool { had := t.f != nil; t.f = nil; return had }
}

func (h *hand) advance(d time.Duration) {
	h.now = h.now.Add(d)
	for _, t := range h.timers {
		if f := t.f; f != nil && !t.at.After(h.now) {
			t.f = nil
			f()
		}
	}
}

func TestTimeCanBeInjected(t *testing.T) {
	h := &hand{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	v := &receiver{}
	r := inMemory(t, ashbytest.Config{Clock: func() time.Time { return h.now }, AfterFunc: h.after, Outbound: v})
	r.person("nils", `{"name":"Nils Berg"}`)
	r.ok("candidate.info", `{"id":"«nils»"}`).want(map[string]string{"results.createdAt": `"2030-01-02T03:04:05.000Z"`})
	h.advance(time.Hour)
	r.ok("candidate.update", `{"candidateId":"«nils»","name":"N"}`).want(map[string]string{"results.updatedAt": `"2030-01-02T04:04:05.000Z"`})
	r.ok("webhook.create", mergeHook)
	if len(v.all()) != 0 {
		t.Error("pinged before its time")
	}
	h.advance(0)
	if len(v.all()) != 1 {
		t.Error("not pinged")
	}
}

func TestTheInMemoryTransportKeepsDeadlines(t *testing.T) {
	r := inMemory(t, ashbytest.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	answer, err := r.client.Do(r.request("candidate.create", `{"name":"X"}`).WithContext(ctx))
	if err == nil {
		_ = answer.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := len(r.sim.Calls(ashbytest.CallFilter{})); n != 0 {
		t.Error("a call that was never sent arrived")
	}
}

func TestABodyTooLargeIsRefused(t *testing.T) {
	r := overHTTP(t)
	req := r.request("candidate.createNote", `{"candidateId":"«candidate:0»","note":"`+strings.Repeat("x", 5<<20)+`"}`)
	answer, err := r.client.Do(req)
	if err == nil {
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", answer.StatusCode)
		}
	}
	if r.notes() != 0 {
		t.Error("the note was kept")
	}
}
