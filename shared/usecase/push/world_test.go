package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/sweep"
)

// world is one team with everything real but AWS and the network: the store in
// memory, Ashby as a simulator that is called in memory, and simulated time.
type world struct {
	t      *testing.T
	table  table.Table
	store  *timeline.Store
	sim    *ashbytest.Ashby
	made   ashbytest.Seeded
	client *ashby.Client
	limits budget.Limits

	mu         sync.Mutex
	connection connection.Connection
	trigger    setting.Trigger
	toggle     *bool // only add notes to synced records; nil: they are
	standing   setting.Standing
	values     map[string][]given.Value
	key        string
	rings      int
	extra      []mapping.Entry
	mapping    *mapping.Mapping    // all of it
	layer      *setting.Layer      // all that is frozen; nil: trigger and toggle
	before     func(method string) // every write
	seen       int                 // calls to Ashby that a test has looked at
	tokens     int
}

// inWorld runs a test on simulated time.
func inWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() { _ = w.sim.Close() }()
		test(t, w)
	})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, trigger: setting.OnAdd, key: ashbytest.LocalKey}
	w.connection = connection.Connection{Team: "t1", Status: connection.Connected, Fingerprint: "f1", SecretVersion: "v1"}
	w.table = memory.NewTable(time.Now)
	w.store = timeline.New(w.table, time.Now, w.token)
	w.limits = budget.Of(60_000)
	w.limits.Start, w.limits.InFlight = w.limits.Ceiling, w.limits.StartOff
	w.sim = ashbytest.New(ashbytest.Config{})
	var err error
	if w.made, err = w.sim.Seed(1); err != nil {
		t.Fatal(err)
	}
	if w.client, err = ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: w.sim.Transport()}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) token() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens++
	return fmt.Sprintf("token%d", w.tokens)
}

// process is a pusher as one process has it: what it does goes through its trip.
func (w *world) process(trip *trip) *push.Pusher {
	store := timeline.New(mortalTable{w.table, trip}, time.Now, w.token)
	return &push.Pusher{
		Ledger: store, Budgets: store, Limits: w.limits,
		Teams: w, Keys: w, Bell: w, Ashby: opener{w, trip},
		Now: time.Now, Token: w.token, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler),
	}
}

// drain runs one drain of a sound process with the time that a function has.
func (w *world) drain() {
	w.t.Helper()
	if err := w.process(&trip{}).Drain(context.Background(), "t1", time.Now().Add(30*time.Second)); err != nil {
		w.t.Fatal(err)
	}
}

// sweep runs one sweep, and a drain for every ring that stands then.
func (w *world) sweep() {
	w.t.Helper()
	s := sweep.Sweeper{Ledger: w.store, Connections: w, Bell: w, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if _, err := s.Sweep(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	rings := w.rings
	w.rings = 0
	w.mu.Unlock()
	if rings > 0 {
		w.drain()
	}
}

// sweepFor lets time pass, with a sweep every minute.
func (w *world) sweepFor(d time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(time.Minute)
		w.sweep()
	}
}

// record accepts events and records them.
func (w *world) record(events ...event.Event) {
	w.t.Helper()
	r := record.Recorder{
		Ledger: w.store, Hooks: w.store, Settings: w, Users: w, Bell: w, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	if err := errors.Join(r.Record(context.Background(), events)...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) get(id string) delivery.Record {
	w.t.Helper()
	r, ok, err := w.store.Record(context.Background(), "t1", id)
	if err != nil || !ok {
		w.t.Fatalf("record of %s: %v, %v", id, ok, err)
	}
	return r
}

func (w *world) person(id string) person.Person {
	w.t.Helper()
	p, _, err := w.store.Person(context.Background(), "t1", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// is fails the test unless the event has the code.
func (w *world) is(id string, code delivery.Code) {
	w.t.Helper()
	if r := w.get(id); r.Code != code || r.State != code.State() {
		w.t.Errorf("%s is %s %q (%s), want %q; steps %+v", id, r.State, r.Code, r.Detail, code, r.Steps)
	}
}

// pending fails the test unless the event is to be looked at again, by its due
// entry too.
func (w *world) pending(id string) {
	w.t.Helper()
	r := w.get(id)
	if r.State != delivery.Pending {
		w.t.Errorf("%s is %s %q, want it pending", id, r.State, r.Code)
	}
	due, err := w.store.Due(context.Background(), "t1", r.Class, r.Due, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, entry := range due {
		if entry.Event == id && entry.Due.Equal(r.Due) {
			return
		}
	}
	w.t.Errorf("%s is pending without its due entry", id)
}

// idle reports whether nothing of any person is due, ever.
func (w *world) idle() bool {
	w.t.Helper()
	for _, class := range []delivery.Class{delivery.Live, delivery.Bulk, delivery.Mirror} {
		due, err := w.store.Due(context.Background(), "t1", class, time.Now().AddDate(10, 0, 0), 1)
		if err != nil || len(due) > 0 {
			return false
		}
	}
	return true
}

// notes counts the notes in Ashby that bear the event's reference.
func (w *world) notes(id string) int {
	n := 0
	for _, notes := range w.sim.Dump(w.made.Org)[0].Notes {
		for _, note := range notes {
			n += strings.Count(note.Content, plan.Ref(id))
		}
	}
	return n
}

// order lists the candidates's notes in the order of their writing, by event.
func (w *world) order(ids ...string) []string {
	var out []string
	for _, c := range w.sim.Calls(ashbytest.CallFilter{Endpoint: "candidate.createNote"}) {
		for _, id := range ids {
			if c.Applied && strings.Contains(string(c.Request), plan.Ref(id)) {
				out = append(out, id)
			}
		}
	}
	return out
}

func (w *world) calls(endpoint string) int {
	return len(w.sim.Calls(ashbytest.CallFilter{Endpoint: endpoint}))
}

func (w *world) fault(f ashbytest.Fault) {
	w.t.Helper()
	if _, err := w.sim.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// Ring counts.
func (w *world) Ring(context.Context, string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rings++
	return nil
}

// LayersAt gives the team's trigger.
func (w *world) LayersAt(context.Context, string, string, time.Time) ([]setting.Layer, error) {
	if w.layer != nil {
		return []setting.Layer{*w.layer}, nil
	}
	trigger := w.trigger
	return []setting.Layer{{Level: setting.Team, Version: 1, Values: setting.Values{Trigger: &trigger, OnlySynced: w.toggle}}}, nil
}

// SeeUser is not looked at here.
func (w *world) SeeUser(context.Context, string, caller.Sighting) error { return nil }

// Lock gives none.
func (w *world) Lock(context.Context, string) (setting.Lock, error) { return setting.Lock{}, nil }

func (w *world) Standing(context.Context, string, string) (setting.Standing, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.standing, nil
}

// Values gives what the test gave, by scope and id.
func (w *world) Values(_ context.Context, _ string, scope given.Scope, id string) ([]given.Value, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.values[string(scope)+" "+id]), nil
}

// Connection gives the team's connection.
func (w *world) Connection(context.Context, string) (connection.Connection, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connection, nil
}

// MarkRefused turns the connection.
func (w *world) MarkRefused(_ context.Context, _, fingerprint, reason string, at time.Time) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if fingerprint != w.connection.Fingerprint || w.connection.Refusal == reason {
		return false, nil
	}
	w.connection.Refusal, w.connection.RefusedAt = reason, at
	w.connection = w.connection.Settled()
	return true, nil
}

// MarkAccepted turns it back.
func (w *world) MarkAccepted(_ context.Context, _, fingerprint string, at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if fingerprint == w.connection.Fingerprint && w.connection.Refusal != "" {
		w.connection.Refusal, w.connection.CheckedAt = "", at
		w.connection = w.connection.Settled()
	}
	return nil
}

// MarkGranted takes a limit back.
func (w *world) MarkGranted(_ context.Context, _, fingerprint string, p connection.Permission, at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if fingerprint == w.connection.Fingerprint {
		w.connection.Missing = slices.DeleteFunc(slices.Clone(w.connection.Missing), func(m connection.Permission) bool { return m == p })
		w.connection.CheckedAt = at
		w.connection = w.connection.Settled()
	}
	return nil
}

// MarkMissing limits the connection.
func (w *world) MarkMissing(_ context.Context, _, fingerprint string, p connection.Permission, at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if fingerprint == w.connection.Fingerprint && !at.Before(w.connection.CheckedAt) && !slices.Contains(w.connection.Missing, p) {
		w.connection.Status, w.connection.Missing = connection.Limited, append(slices.Clone(w.connection.Missing), p)
	}
	return nil
}

// checked is a check of the connection that goes well, and rings.
func (w *world) checked() {
	w.mu.Lock()
	w.connection.Status, w.connection.Missing, w.connection.CheckedAt = connection.Connected, nil, time.Now()
	w.mu.Unlock()
	w.drain()
}

// Mapping gives the default, with the company as activation maps it.
func (w *world) Mapping(context.Context, string) (mapping.Mapping, error) {
	if w.mapping != nil {
		return *w.mapping, nil
	}
	m := mapping.Default().With(mapping.Entry{From: []contact.Variable{contact.Company}, To: w.made.Fields["Company"]})
	for _, e := range w.extra {
		m = m.With(e)
	}
	return m, nil
}

// Key gives the team's key.
func (w *world) Key(context.Context, string, string) (secret.Value, error) {
	if w.key == "" {
		return secret.Value{}, fault.New(fault.NotFound, "secret_not_found", "")
	}
	return secret.NewValue(w.key), nil
}

// opener opens accounts at the simulator.
type opener struct {
	w    *world
	trip *trip
}

func (o opener) Open(key secret.Value, _, fingerprint string, admit func(context.Context) error) push.Account {
	a := o.w.client.With(key)
	return account{a, ashby.NewReader(a, ashby.NewCatalogue(time.Now), fingerprint, admit), o.trip, o.w.before}
}

type account struct {
	account *ashby.Account
	reader  *ashby.Reader
	trip    *trip
	before  func(method string)
}

func (a account) Read(ctx context.Context, ask plan.Ask) (answer plan.Answer, err error) {
	err = a.trip.do(func() error {
		answer, err = a.reader.Read(ctx, ask)
		return err
	})
	return answer, err
}

func (a account) Do(ctx context.Context, method string, body []byte) (reply push.Reply, err error) {
	err = a.trip.do(func() error {
		if a.before != nil {
			a.before(method)
		}
		answer, err := a.reader.Do(ctx, method, body)
		var made struct{ ProfileURL string }
		_ = json.Unmarshal(answer.Result, &made)
		reply = push.Reply{
			RemoteID: answer.RecordID, Profile: made.ProfileURL, RequestID: answer.RequestID, Warnings: answer.Warnings,
		}
		return err
	})
	return reply, err
}

func (a account) NotesOf(ctx context.Context, id string) (notes map[string]string, err error) {
	err = a.trip.do(func() error {
		notes, err = a.reader.NotesOf(ctx, id)
		return err
	})
	return notes, err
}

func (a account) AddedSince(ctx context.Context, t time.Time) (list []candidate.Candidate, err error) {
	err = a.trip.do(func() error {
		list, err = a.reader.AddedSince(ctx, t)
		return err
	})
	return list, err
}

func (a account) List(ctx context.Context, asked candidate.Listing) (candidate.Page, error) {
	return a.reader.List(ctx, asked)
}

func (a account) One(ctx context.Context, id string) (candidate.Listed, bool, error) {
	return a.reader.One(ctx, id)
}

func (a account) CustomFields(ctx context.Context) ([]field.Field, error) {
	return a.reader.CustomFields(ctx)
}

func (a account) Try(ctx context.Context, p connection.Permission) error {
	return a.account.Try(ctx, p)
}

func (a account) Probe(ctx context.Context) (bool, error) { return a.account.Probe(ctx) }

// sent is an outreach event of a person with a name and an address.
func sent(id, who string, at time.Duration) event.Event {
	return event.Event{
		ID: id, Team: "t1", Type: event.EmailSent, OccurredAt: start.Add(at), AcceptedAt: time.Now(),
		Campaign: &event.Campaign{ID: "c1", Name: "Founders"},
		Person: event.Person{ID: who, Snapshot: contact.Snapshot{
			contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: who},
			contact.Emails: {List: []string{who + "@example.com"}},
		}},
		Message:  &event.Message{Channel: event.Email, Direction: event.Outbound, Subject: "Hello", Body: "Hello there"},
		BodyHash: "hash of " + id,
	}
}

// start is when simulated time starts.
var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// trip is what happens at the n-th operation of a process, on the store or on
// Ashby: it dies before or after it, or another does something in between.
type trip struct {
	mu    sync.Mutex
	n     int
	at    int    // 0: never
	after bool   // the operation happens, its answer is not heard
	other func() // instead of dying
	dead  bool
}

var errDead = errors.New("the process is dead")

func (t *trip) do(op func() error) error {
	t.mu.Lock()
	t.n++
	dead, hit := t.dead, t.n == t.at
	t.dead = dead || hit && t.other == nil
	t.mu.Unlock()
	switch {
	case dead, hit && t.other == nil && !t.after:
		return errDead
	case hit && t.other != nil:
		t.other()
	}
	if err := op(); err != nil {
		return err
	}
	if hit && t.other == nil {
		return errDead
	}
	return nil
}

// mortalTable is the store as a process sees it.
type mortalTable struct {
	table.Table
	trip *trip
}

func (m mortalTable) Get(ctx context.Context, key table.Key) (item table.Item, ok bool, err error) {
	err = m.trip.do(func() error { item, ok, err = m.Table.Get(ctx, key); return err })
	return item, ok, err
}

func (m mortalTable) BatchGet(ctx context.Context, keys []table.Key) (items []table.Item, err error) {
	err = m.trip.do(func() error { items, err = m.Table.BatchGet(ctx, keys); return err })
	return items, err
}

func (m mortalTable) Query(ctx context.Context, r table.Range) (page table.Page, err error) {
	err = m.trip.do(func() error { page, err = m.Table.Query(ctx, r); return err })
	return page, err
}

func (m mortalTable) Count(ctx context.Context, r table.Range, most int) (n int, more bool, err error) {
	err = m.trip.do(func() error { n, more, err = m.Table.Count(ctx, r, most); return err })
	return n, more, err
}

func (m mortalTable) Write(ctx context.Context, w table.Write) error {
	return m.trip.do(func() error { return m.Table.Write(ctx, w) })
}

func (m mortalTable) BatchPut(ctx context.Context, items []table.Item) error {
	return m.trip.do(func() error { return m.Table.BatchPut(ctx, items) })
}

func (m mortalTable) Transact(ctx context.Context, writes []table.Write) error {
	return m.trip.do(func() error { return m.Table.Transact(ctx, writes) })
}
