package pushhandler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/sweep"
)

// outbox keeps what is sent until it is taken.
type outbox struct {
	mu   sync.Mutex
	sent []queue.Message
}

func (o *outbox) Send(_ context.Context, messages ...queue.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, messages...)
	return nil
}

func (o *outbox) take() events.SQSEvent {
	o.mu.Lock()
	defer o.mu.Unlock()
	var in events.SQSEvent
	for i, m := range o.sent {
		in.Records = append(in.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: m.Body})
	}
	o.sent = nil
	return in
}

// vault holds one secret.
type vault struct{ name, value string }

func (v vault) Get(_ context.Context, name, version string) (secret.Value, string, error) {
	if name != v.name {
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "")
	}
	return secret.NewValue(v.value), version, nil
}

func (vault) Put(context.Context, string, string, secret.Value) error { return nil }
func (vault) Delete(context.Context, string) error                    { return nil }

// service is the function with those beside it, over one store, one queue and
// one Ashby.
type service struct {
	t                  *testing.T
	work, dead         outbox
	timelines, configs table.Table
	candidates         table.Table
	record             *record.Recorder
	sweep              *sweep.Sweeper
	push               batch.Func
	sim                *ashbytest.Ashby
	made               ashbytest.Seeded
	mu                 sync.Mutex
	tokens             int
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{t: t, timelines: memory.NewTable(time.Now), configs: memory.NewTable(time.Now), candidates: memory.NewTable(time.Now), sim: ashbytest.New(ashbytest.Config{})}
	var err error
	if s.made, err = s.sim.Seed(1); err != nil {
		t.Fatal(err)
	}
	client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: s.sim.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	store, teams := timeline.New(s.timelines, time.Now, s.token), config.New(s.configs, time.Now, s.token)
	ring := bell.New(&s.work, s.token)
	s.record = &record.Recorder{Ledger: store, Hooks: store, Settings: teams, Users: teams, Bell: ring, Now: time.Now, Log: log}
	s.sweep = &sweep.Sweeper{Ledger: store, Connections: teams, Bell: ring, Now: time.Now, Log: log}
	s.push = pushhandler.New(pushhandler.Parts{
		Config: s.configs, Timeline: s.timelines, Candidates: s.candidates, Secrets: vault{"team/t1/ashby-key", ashbytest.LocalKey}, SecretPrefix: "team/",
		Work: &s.work, Dead: &s.dead, Ashby: client, Token: s.token, Now: time.Now, Log: log,
	})
	conn := connection.Connection{Team: "t1", Status: connection.Connected, Fingerprint: "f1", SecretVersion: "v1"}
	if _, err := teams.Activate(t.Context(), conn, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens++
	return fmt.Sprint("token", s.tokens)
}

// drain hands the rings that stand to the function, which must take them all.
func (s *service) drain() {
	s.t.Helper()
	out, err := s.push(s.t.Context(), s.work.take())
	if err != nil || len(out.BatchItemFailures) != 0 {
		s.t.Fatalf("failures %v, error %v", out.BatchItemFailures, err)
	}
}

func (s *service) accept(list ...event.Event) {
	s.t.Helper()
	if err := errors.Join(s.record.Record(s.t.Context(), list)...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) notes(id string) int {
	n := 0
	for _, notes := range s.sim.Dump(s.made.Org)[0].Notes {
		for _, note := range notes {
			n += strings.Count(note.Content, plan.Ref(id))
		}
	}
	return n
}

func booked(id string) event.Event {
	return event.Event{
		ID: id, Team: "t1", Type: event.MeetingBooked, OccurredAt: time.Now(), AcceptedAt: time.Now(),
		Campaign: &event.Campaign{ID: "c1", Name: "Founders"},
		Person: event.Person{ID: "p1", Snapshot: contact.Snapshot{
			contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"},
			contact.Emails: {List: []string{"ada@example.com"}},
		}},
		Message: &event.Message{Channel: event.Meeting, Subject: "Intro"},
	}
}

func inService(t *testing.T, test func(s *service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		defer func() { _ = s.sim.Close() }()
		test(s)
	})
}

func TestAnAcceptedEventBecomesANote(t *testing.T) {
	inService(t, func(s *service) {
		s.accept(booked("e1"))
		s.drain()
		if n := s.notes("e1"); n != 1 {
			t.Errorf("%d notes", n)
		}
		store := timeline.New(s.timelines, time.Now, s.token)
		r, ok, err := store.Record(s.t.Context(), "t1", "e1")
		if err != nil || !ok || r.Code != delivery.Created {
			t.Errorf("record %+v, %v, %v", r, ok, err)
		}
		p, _, err := store.Person(s.t.Context(), "t1", "p1")
		if err != nil || !strings.HasPrefix(p.Link.Profile, "https://") {
			t.Errorf("profile %q, %v", p.Link.Profile, err)
		}
	})
}

func TestARingThatGotLostIsMadeUpForByTheSweep(t *testing.T) {
	inService(t, func(s *service) {
		s.accept(booked("e1"))
		s.work.take() // lost
		time.Sleep(time.Minute)
		if _, err := s.sweep.Sweep(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		s.drain()
		if n := s.notes("e1"); n != 1 {
			t.Errorf("%d notes", n)
		}
	})
}

func TestAMessageThatIsNoRingIsSetAside(t *testing.T) {
	inService(t, func(s *service) {
		if err := s.work.Send(s.t.Context(), queue.Message{Body: "ding"}); err != nil {
			t.Fatal(err)
		}
		s.drain()
		if len(s.dead.sent) != 1 || s.dead.sent[0].Body != "ding" || s.dead.sent[0].Group == "" || s.dead.sent[0].Dedup == "" {
			t.Errorf("set aside %+v", s.dead.sent)
		}
	})
}
