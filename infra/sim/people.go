package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// profile is how a team works.
type profile struct {
	name      string
	trigger   setting.Trigger
	synced    bool // only add notes to synced records
	types     []event.Type
	protected bool // the company is written only where it is blank
}

var profiles = []profile{
	{name: "on add", trigger: setting.OnAdd, synced: true},
	{name: "on add, company protected", trigger: setting.OnAdd, synced: true, protected: true},
	{name: "on interested", trigger: setting.OnInterested, synced: true},
	{name: "on reply, notes for all", trigger: setting.OnReply, synced: false},
	{name: "never, notes for all", trigger: setting.Never, synced: false},
	{name: "on add, every note", trigger: setting.OnAdd, synced: true, types: event.NoteTypes()},
}

// settings are a team's from a moment on.
type settings struct {
	at      time.Time
	trigger setting.Trigger
	synced  bool
	types   []event.Type
}

// populate makes the teams of the world.
func (w *World) populate() error {
	if w.rand.IntN(50) == 0 {
		return w.bustle()
	}
	for i := range 2 + w.rand.IntN(3) {
		t := &team{id: fmt.Sprintf("t%d", i+1), fields: map[string]string{}, deleted: map[string]bool{}}
		t.profile = profiles[w.rand.IntN(len(profiles))]
		if w.rand.IntN(2) == 0 {
			t.profile = profiles[0]
		}
		if err := w.connect(t); err != nil {
			return err
		}
		for n := range 8 + w.rand.IntN(16) {
			if err := w.invite(t, n); err != nil {
				return err
			}
		}
		w.teams = append(w.teams, t)
	}
	return nil
}

// bustle makes one team with so many people added at once that Ashby's limit binds.
func (w *World) bustle() error {
	t := &team{id: "t1", fields: map[string]string{}, deleted: map[string]bool{}, profile: profiles[0]}
	w.busy = true
	w.teams = append(w.teams, t)
	if err := w.connect(t); err != nil {
		return err
	}
	for n := range 700 {
		h := &human{
			id: fmt.Sprintf("t1-p%d", n), first: fmt.Sprintf("Ada%d", n), last: fmt.Sprintf("Lacet1%d", n),
			emails: []string{fmt.Sprintf("t1-p%d@example.com", n)}, versions: map[string]time.Time{},
		}
		t.people = append(t.people, h)
	}
	return nil
}

// connect gives a team an organisation in Ashby, a key and a mapping.
func (w *World) connect(t *team) error {
	var err error
	if t.org, err = w.sim.AddOrg("Organisation of " + t.id); err != nil {
		return err
	}
	key, err := w.sim.AddKey(ashbytest.Key{Org: t.org, Title: "Key of " + t.id, Private: true, Confidential: true})
	if err != nil {
		return err
	}
	t.key, t.keyID = key.Secret, key.ID
	for _, title := range []string{"Company", "Title"} {
		if t.fields[title], err = w.addField(t, title); err != nil {
			return err
		}
	}
	m := mapping.Default().
		With(mapping.Entry{From: []contact.Variable{contact.Company}, To: t.fields["Company"]}).
		With(mapping.Entry{From: []contact.Variable{contact.Role}, To: t.fields["Title"]})
	if t.profile.protected {
		m.Rules = map[string]mapping.Rule{t.fields["Company"]: {Policy: field.OnlyIfBlank}}
	}
	if err := w.activate(t, &m); err != nil {
		return err
	}
	return w.choose(t, t.profile.trigger, t.profile.synced, t.profile.types)
}

// activate stores the key as an activation leaves it.
func (w *World) activate(t *team, m *mapping.Mapping) error {
	w.mu.Lock()
	w.keys[t.key] = t.id
	w.mu.Unlock()
	ctx, store := context.Background(), w.configs()
	c, err := store.Connection(ctx, t.id)
	if err != nil {
		return err
	}
	if c.Status == connection.Disconnected {
		return nil // an admin ended it, and begins again when they want to
	}
	version := fmt.Sprintf("v%d", c.Version+1)
	w.keep(secretName(t.id), version, t.key)
	c.Refusal, c.RefusedAt, c.Missing = "", time.Time{}, nil
	if m == nil {
		c.KeySince = time.Now().UTC() // it is another one, or may do something else
	}
	c.Fingerprint, c.SecretVersion, c.SeesPrivate = connection.Fingerprint(t.key), version, true
	c.Scopes = ashbytest.AllScopes()
	c.ActivatedAt, c.CheckedAt = time.Now().UTC(), time.Now().UTC()
	_, err = store.Activate(ctx, c.Settled(), m)
	return err
}

func secretName(team string) string { return "team/" + team + "/ashby-key" }

// choose saves a team's settings, as its admin would.
func (w *World) choose(t *team, trigger setting.Trigger, synced bool, types []event.Type) error {
	store := w.configs()
	d, err := store.Settings(context.Background(), t.id, "")
	if err != nil {
		return err
	}
	d.Values.Trigger, d.Values.OnlySynced, d.Values.NoteTypes = &trigger, &synced, nil
	if types != nil {
		d.Values.NoteTypes = &types
	}
	saved, err := store.SaveSettings(context.Background(), t.id, "", d)
	t.history = append(t.history, settings{saved.At, trigger, synced, types})
	return err
}

func (w *World) addField(t *team, title string) (string, error) {
	body := fmt.Sprintf(`{"title":%q,"fieldType":"String","objectType":"Candidate"}`, title)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://ashby.example.com/customField.create", bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	r.SetBasicAuth(t.key, "")
	r.Header.Set("Content-Type", "application/json")
	res, err := w.ashby.RoundTrip(r)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return "", err
	}
	var made struct{ Results struct{ ID string } }
	if err := json.Unmarshal(text, &made); err != nil || made.Results.ID == "" {
		return "", fmt.Errorf("no field was made: %s", text)
	}
	return made.Results.ID, nil
}

// invite makes a contact: a third of them are in Ashby already, and a fifth share
// an address with another or change theirs.
func (w *World) invite(t *team, n int) error {
	h := &human{
		id: fmt.Sprintf("%s-p%d", t.id, n), first: fmt.Sprintf("Ada%d", n), last: fmt.Sprintf("Lace%s%d", t.id, n),
		versions: map[string]time.Time{},
	}
	h.emails = []string{h.id + "@example.com"}
	t.people = append(t.people, h)
	switch chance := w.rand.IntN(20); {
	case chance < 2 && n > 0:
		other := t.people[w.rand.IntN(n)]
		if other.shares == nil && !other.changes && !other.ambiguous {
			h.shares, h.emails = other, other.emails
			return nil
		}
	case chance < 4:
		h.changes = true
	case chance == 4:
		h.ambiguous = true
		for range 2 {
			if err := w.recruit(t, h); err != nil {
				return err
			}
		}
		return nil
	}
	if w.rand.IntN(3) == 0 {
		return w.recruit(t, h)
	}
	return nil
}

// recruit puts a contact into Ashby by a recruiter's hand.
func (w *World) recruit(t *team, h *human) error {
	c := ashbytest.Candidate{Name: h.first + " " + h.last, Emails: []ashbytest.Contact{{Value: h.emails[0], Type: "Personal", IsPrimary: true}}}
	if w.rand.IntN(2) == 0 {
		h.protected = "Company of old of " + h.id
		c.Fields = []ashbytest.Value{{Field: t.fields["Company"], Value: h.protected}}
	}
	if w.fate.IntN(4) == 0 && !h.ambiguous {
		c.Confidential, h.confidential = true, true
	}
	id, err := w.sim.AddCandidate(t.org, c)
	h.known = append(h.known, id)
	return err
}
