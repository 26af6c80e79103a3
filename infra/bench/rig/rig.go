// Package rig runs the service's functions in memory on simulated time, and counts
// what they do: calls to Ashby, reads and writes of the tables, messages, and how
// long invocations take while Ashby takes its time to answer.
package rig

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/functions/record/recordhandler"
	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
)

// Rig is the functions over memory, with meters between.
type Rig struct {
	Sim      *ashbytest.Ashby
	Config   *Meter // of the config table
	Timeline *Meter
	Events   *memory.Queue
	Work     *memory.Queue
	Spent    [2]Spent // of record, of push

	secrets *vault
	intake  http.Handler
	record  batch.Func
	push    batch.Func
	orgs    map[string]string // Ashby's organisations by team
	tokens  atomic.Int64
	before  ashbytest.Stats // what Ashby had counted at the last Reset
}

// Spent is what a function took.
type Spent struct {
	Invocations int
	Time        time.Duration // simulated, of all invocations
}

// Functions of Spent.
const (
	Record = iota
	Push
)

// New makes a rig whose Ashby takes so long for each call.
func New(latency time.Duration) (*Rig, error) {
	r := &Rig{
		Sim: ashbytest.New(ashbytest.Config{Seed: 1}), Events: memory.NewQueue(time.Now, memory.QueueOptions{Fair: true}),
		Work:   memory.NewQueue(time.Now, memory.QueueOptions{FIFO: true}),
		Config: &Meter{Table: slow{memory.NewTable(time.Now)}}, Timeline: &Meter{Table: slow{memory.NewTable(time.Now)}},
		secrets: &vault{values: map[string]secret.Value{}}, orgs: map[string]string{},
	}
	document, err := webhook.NewDocument(fixed{})
	if err != nil {
		return nil, err
	}
	r.secrets.values["intake"] = secret.NewValue(document)
	client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.example.com", HTTP: r.Sim.Transport()})
	if err != nil {
		return nil, err
	}
	if err := r.Sim.SetModes(func(m *ashbytest.Modes) { m.Latency = ashbytest.Ms(latency) }); err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	r.intake, _ = intakehttp.New(intakehttp.Parts{Secrets: r.secrets, Keyring: "intake", Events: r.Events, Now: time.Now, Log: log})
	dead := memory.NewQueue(time.Now, memory.QueueOptions{})
	r.record = recordhandler.New(recordhandler.Parts{
		Config: r.Config, Timeline: r.Timeline, Work: r.Work, Events: r.Events, Dead: dead, Token: r.token, Now: time.Now, Log: log,
	})
	r.push = pushhandler.New(pushhandler.Parts{
		Config: r.Config, Timeline: r.Timeline, Secrets: r.secrets, SecretPrefix: "team/", Work: r.Work, Dead: dead, Ashby: client,
		Token: r.token, Now: time.Now, Jitter: rand.New(rand.NewPCG(1, 1)).Float64, Log: log, //nolint:gosec // the same again each time
	})
	return r, nil
}

func (r *Rig) token() string { return strconv.FormatInt(r.tokens.Add(1), 36) }

// Connect gives a team an organisation in Ashby and a key, with people put into
// Ashby when they are added.
func (r *Rig) Connect(ctx context.Context, team string) error {
	org, err := r.Sim.AddOrg("Organisation of " + team)
	if err != nil {
		return err
	}
	key, err := r.Sim.AddKey(ashbytest.Key{Org: org, Title: "Key of " + team, Private: true})
	if err != nil {
		return err
	}
	r.orgs[team] = org
	r.secrets.values["team/"+team+"/ashby-key"] = secret.NewValue(key.Secret)
	store := config.New(r.Config, time.Now, r.token)
	c, err := store.Connection(ctx, team)
	if err != nil {
		return err
	}
	c.Status, c.Fingerprint, c.SecretVersion = connection.Connected, connection.Fingerprint(key.Secret), "v1"
	c.Scopes, c.ActivatedAt, c.CheckedAt = ashbytest.AllScopes(), time.Now().UTC(), time.Now().UTC()
	_, failed := store.Activate(ctx, c, nil)
	trigger, toggle := setting.OnAdd, true
	d, err := store.Settings(ctx, team, "")
	d.Values.Trigger, d.Values.OnlySynced = &trigger, &toggle
	if failed = errors.Join(failed, err); failed != nil {
		return failed
	}
	_, err = store.SaveSettings(ctx, team, "", d)
	return err
}

// Know puts a candidate into a team's Ashby.
func (r *Rig) Know(team, name, address string) error {
	_, err := r.Sim.AddCandidate(r.orgs[team], ashbytest.Candidate{
		Name: name, Emails: []ashbytest.Contact{{Value: address, Type: "Personal", IsPrimary: true}},
	})
	return err
}

// Send posts a request as SourceWhale would, through intake.
func (r *Rig) Send(ctx context.Context, team, id string, list []campaign.Event) error {
	ring, err := webhook.ParseKeyring(r.secrets.values["intake"].Reveal())
	if err != nil {
		return err
	}
	s := campaign.Sender{
		API: "http://intake", Team: team, Secret: ring.TeamSecret(team, 1), Now: time.Now, HTTP: &http.Client{Transport: direct{r.intake}},
	}
	answer, err := s.Send(ctx, id, list)
	if err == nil && answer.Status != http.StatusAccepted {
		err = fmt.Errorf("intake answered %d %s", answer.Status, answer.Body)
	}
	return err
}

// Run feeds record and push until the context ends: so many processes each.
func (r *Rig) Run(ctx context.Context, processes int) {
	log := slog.New(slog.DiscardHandler)
	var loops sync.WaitGroup
	for _, m := range []poller.Mapping{
		{Name: "events", Queue: r.Events, Batch: 10, Workers: processes, Visibility: 3 * time.Minute, Timeout: 30 * time.Second, Function: r.timed(Record, r.record)},
		{Name: "work", Queue: r.Work, Batch: 1, Workers: processes, Visibility: time.Minute, Timeout: 30 * time.Second, Function: r.timed(Push, r.push)},
	} {
		loops.Go(func() { m.Run(ctx, log) })
	}
	loops.Wait()
}

var spending sync.Mutex

// timed sums up what a function took.
func (r *Rig) timed(which int, f batch.Func) poller.Function {
	return func(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
		began := time.Now()
		out, err := f(ctx, in)
		spending.Lock()
		defer spending.Unlock()
		r.Spent[which].Invocations++
		r.Spent[which].Time += time.Since(began)
		return out, err
	}
}

// Reset forgets what was counted so far.
func (r *Rig) Reset() {
	r.before = r.Sim.Stats()
	r.secrets.gets.Store(0)
	r.Config.reset()
	r.Timeline.reset()
	spending.Lock()
	defer spending.Unlock()
	r.Spent = [2]Spent{}
}

// Stats gives what Ashby counted since the last Reset.
func (r *Rig) Stats() ashbytest.Stats {
	now := r.Sim.Stats()
	for name, n := range r.before.Endpoints {
		now.Endpoints[name] -= n
	}
	for name, n := range r.before.Applied {
		now.Applied[name] -= n
	}
	for status, n := range r.before.Statuses {
		now.Statuses[status] -= n
	}
	return now
}

// SecretsRead is how often a secret was asked for since the last Reset.
func (r *Rig) SecretsRead() int { return int(r.secrets.gets.Load()) }

// Ledger reads what became of events.
func (r *Rig) Ledger() *timeline.Store { return timeline.New(r.Timeline.Table, time.Now, r.token) }

// Close ends the rig's Ashby.
func (r *Rig) Close() { _ = r.Sim.Close() }
