package preview_test

import (
	"context"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// team is one team with an Ashby that knows nobody.
type team struct {
	connection connection.Connection
	trigger    setting.Trigger
	askedFor   string // the user whose layers were asked for
	people     map[string]person.Person
	opened     []string // fingerprints
	keyErr     error
	lock       setting.Lock
	standing   setting.Standing
	values     []given.Value
	asks       []plan.Ask
	candidates []candidate.Candidate
	readErr    error
	alive      bool
	probeErr   error
	probes     int
}

func (w *team) Connection(context.Context, string) (connection.Connection, error) {
	return w.connection, nil
}

func (w *team) Mapping(context.Context, string) (mapping.Mapping, error) {
	return mapping.Default(), nil
}

func (w *team) LayersAt(_ context.Context, _, user string, _ time.Time) ([]setting.Layer, error) {
	w.askedFor = user
	return []setting.Layer{{Level: setting.Team, Version: 3, Values: setting.Values{Trigger: &w.trigger}}}, nil
}

func (w *team) Lock(context.Context, string) (setting.Lock, error) { return w.lock, nil }

func (w *team) Standing(context.Context, string, string) (setting.Standing, error) {
	return w.standing, nil
}

func (w *team) Values(context.Context, string, given.Scope, string) ([]given.Value, error) {
	return w.values, nil
}

// AppliedByOthers knows of nobody else.
func (w *team) AppliedByOthers(context.Context, string, string, string) (map[contact.Variable]time.Time, error) {
	return nil, nil
}

func (w *team) Person(_ context.Context, _, id string) (person.Person, bool, error) {
	p, ok := w.people[id]
	return p, ok, nil
}

func (w *team) Key(context.Context, string, string) (secret.Value, error) {
	return secret.NewValue("key"), w.keyErr
}

func (w *team) Read(_ context.Context, ask plan.Ask) (plan.Answer, error) {
	w.asks = append(w.asks, ask)
	return plan.Answer{Candidates: w.find(ask)}, w.readErr
}

func (w *team) Probe(context.Context) (bool, error) {
	w.probes++
	return w.alive, w.probeErr
}

func previewer(w *team) *preview.Previewer {
	return &preview.Previewer{
		Teams: w, People: w, Keys: w, Now: func() time.Time { return noon },
		Open: func(_ secret.Value, fingerprint string) preview.Ashby {
			w.opened = append(w.opened, fingerprint)
			return w
		},
	}
}

func connected() *team {
	return &team{trigger: setting.OnAdd, connection: connection.Connection{Status: connection.Connected, Fingerprint: "f1", SecretVersion: "v1"}}
}

func sent(overrides ...event.Override) event.Event {
	return event.Event{
		ID: "e1", Team: "acme", Type: event.EmailSent, OccurredAt: noon, AcceptedAt: noon, Overrides: overrides,
		Campaign: &event.Campaign{ID: "c1", Owner: event.Actor{ID: "owner"}},
		Person: event.Person{ID: "p1", Snapshot: contact.Snapshot{
			contact.Name: {Text: "Zoe Quill"}, contact.Emails: {List: []string{"zoe@example.net"}},
		}},
		Message: &event.Message{Channel: event.Email, Direction: event.Outbound, Subject: "Hello", Body: "Hello"},
	}
}

func TestAPreviewSaysWhatWouldBeWrittenAndWhatWasRead(t *testing.T) {
	w := connected()
	p, err := one(t, w, sent())
	if err != nil {
		t.Fatal(err)
	}
	x := p.Explanation
	if x.Outcome.Code != delivery.Created || len(x.Outcome.Steps) == 0 || x.KeyFingerprint != "f1" || !x.PlannedAt.Equal(noon) {
		t.Errorf("got %+v", x)
	}
	if len(x.Asks) == 0 || len(x.Asks) != len(w.asks) {
		t.Errorf("read %v, says %v", w.asks, x.Asks)
	}
	if len(w.opened) != 1 || w.opened[0] != "f1" {
		t.Errorf("opened %v", w.opened)
	}
	if w.askedFor != "owner" {
		t.Errorf("settings of %q", w.askedFor)
	}
	if _, ok := p.Person.Known[contact.Name]; !ok {
		t.Errorf("the person afterwards: %+v", p.Person)
	}
}

func TestWhatComesWithTheEventCountsBeforeTheTeams(t *testing.T) {
	w := connected()
	never := string(setting.Never)
	p, err := one(t, w, sent(event.Override{Level: event.ForPerson, Trigger: &never}))
	if err != nil || p.Explanation.Outcome.Code != delivery.TriggerNever || p.Explanation.Effective.Sources[0].Level != setting.Person {
		t.Errorf("got %+v, %v", p.Explanation, err)
	}
	if len(w.opened) > 0 {
		t.Error("Ashby was opened for what needs no reading")
	}
}

func TestUnderTheLockOnlyWhatAnAdminChoseCounts(t *testing.T) {
	never := string(setting.Never)
	for author, want := range map[string]setting.Level{"ann": setting.Person, "mel": setting.Team, "": setting.Team} {
		w := connected()
		w.lock = setting.Lock{On: true, Admins: []string{"ann"}}
		p, err := one(t, w, sent(event.Override{Level: event.ForPerson, Author: author, Trigger: &never}))
		if err != nil || p.Explanation.Effective.Sources[0].Level != want {
			t.Errorf("by %q: got %+v, %v", author, p.Explanation.Effective, err)
		}
	}
}

func TestAshbyIsOpenedOnlyWhereThereIsAKey(t *testing.T) {
	w := connected()
	w.connection = connection.Connection{Status: connection.Disconnected}
	_, err := one(t, w, sent())
	if !fault.Is(err, fault.Conflict) || fault.Of(err).Code() != "not_connected" {
		t.Errorf("without a connection: %v", err)
	}
	w = connected()
	w.keyErr = fault.New(fault.Unavailable, "secret_unavailable", "")
	if _, err := one(t, w, sent()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the safe: %v", err)
	}
}

func TestAPersonWhoIsKnownIsTakenAsTheyStand(t *testing.T) {
	w := connected()
	w.trigger = setting.OnInterested
	w.people = map[string]person.Person{"p1": {Team: "acme", ID: "p1", Link: person.Link{Kind: person.Synced, Candidate: "cand"}}}
	p, err := one(t, w, sent())
	if err != nil || p.Explanation.Outcome.Code != delivery.Synced || p.Person.Link.Candidate != "cand" {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestARefusalWithoutAReasonIsSettled(t *testing.T) {
	unclear := fault.New(fault.KeyRefused, "forbidden_unclear", "")
	for name, c := range map[string]struct {
		read   error
		alive  bool
		probe  error
		kind   fault.Kind
		code   string
		probes int
	}{
		"the key":           {unclear, false, nil, fault.KeyRefused, "key_refused", 1},
		"a permission":      {unclear, true, nil, fault.PermissionMissing, "missing_endpoint_permission", 1},
		"nobody knows":      {unclear, false, fault.New(fault.Unavailable, "ashby_timeout", ""), fault.Unavailable, "key_unclear", 1},
		"clear from itself": {fault.New(fault.KeyRefused, "key_refused", ""), true, nil, fault.KeyRefused, "key_refused", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := connected()
			w.readErr, w.alive, w.probeErr = c.read, c.alive, c.probe
			_, err := one(t, w, sent())
			if !fault.Is(err, c.kind) || fault.Of(err).Code() != c.code || w.probes != c.probes {
				t.Errorf("%d probes, %v", w.probes, err)
			}
		})
	}
}

// one previews a single event.
func one(t *testing.T, w *team, e event.Event) (preview.Preview, error) {
	t.Helper()
	all, err := previewer(w).Events(t.Context(), e.Team, []event.Event{e})
	if err != nil {
		return preview.Preview{}, err
	}
	return all.Events[0], nil
}
