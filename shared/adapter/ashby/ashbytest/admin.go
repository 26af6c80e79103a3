package ashbytest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// What people do in Ashby's own pages, and what a test or a control request
// does in their place.

// AddOrg makes an organisation and returns its id.
func (a *Ashby) AddOrg(name string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := &Org{ID: a.store.newID(), Name: name}
	return o.ID, a.save(o)
}

// AddKey makes an API key. Org must exist; id, time and, if empty, secret,
// scopes (all of them) and user (the organisation's first) are filled in. The
// key is returned as stored.
func (a *Ashby) AddKey(k Key) (Key, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.addKey(k)
}

func (a *Ashby) addKey(k Key) (Key, error) {
	o := a.store.orgs[k.Org]
	if o == nil {
		return Key{}, fmt.Errorf("no organisation %q", k.Org)
	}
	for _, scope := range k.Scopes {
		if !slices.Contains(AllScopes(), scope) {
			return Key{}, fmt.Errorf("scope %q is none of %q", scope, AllScopes())
		}
	}
	k.ID, k.CreatedAt = a.store.newID(), a.now()
	if k.Secret == "" {
		k.Secret = "sim_key_" + strings.ReplaceAll(a.store.newID(), "-", "")
	}
	if a.store.secrets[k.Secret] != nil {
		return Key{}, fmt.Errorf("a key with that secret exists")
	}
	if k.Scopes == nil {
		k.Scopes = AllScopes()
	}
	if k.User == "" && len(o.users) > 0 {
		k.User = o.users[0].ID
	}
	return k, a.save(&k)
}

// ChangeKey changes a key, named by its id or its secret: scopes, switches,
// title, disabled. Its identity stays.
func (a *Ashby) ChangeKey(name string, change func(*Key)) (Key, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := a.store.keys[name]
	if old == nil {
		old = a.store.secrets[name]
	}
	if old == nil {
		return Key{}, fmt.Errorf("no such key")
	}
	k := *old
	k.Scopes = slices.Clone(k.Scopes)
	change(&k)
	k.ID, k.Org, k.Secret, k.CreatedAt = old.ID, old.Org, old.Secret, old.CreatedAt
	return k, a.save(&k)
}

// find looks a candidate up in every organisation.
func (a *Ashby) find(candidate string) (*orgState, *Candidate, error) {
	for _, o := range a.store.orgs {
		if rec := o.candidates[candidate]; rec != nil {
			return o, rec, nil
		}
	}
	return nil, nil, fmt.Errorf("no candidate %q", candidate)
}

// Delete deletes a candidate as a recruiter would, and sends candidateDelete.
func (a *Ashby) Delete(candidate string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, old, err := a.find(candidate)
	if err != nil || old.Gone() {
		return orError(err, fmt.Errorf("candidate %q is gone already", candidate))
	}
	rec := *old
	rec.Deleted = true
	a.touchOutside(o, &rec)
	data := map[string]any{"candidate": map[string]string{"id": candidate}}
	a.fire(o, "candidateDelete", data, a.keep)
	return nil
}

func orError(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// touchOutside stores a change that did not come through the API.
func (a *Ashby) touchOutside(o *orgState, rec *Candidate) {
	rec.Rev, rec.UpdatedAt = o.nextRev(), a.now()
	a.keep(rec)
}

// Merge merges one candidate away into another, which by mode inherits what the
// survivor lacks, and sends candidateMerge.
func (a *Ashby) Merge(away, into string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, lost, err := a.find(away)
	if err != nil {
		return err
	}
	kept := o.candidates[into]
	if kept == nil || kept.Gone() || lost.Gone() || kept == lost {
		return fmt.Errorf("cannot merge %q into %q: both must be there, and two", away, into)
	}
	gone, survivor := *lost, *kept
	gone.MergedInto = into
	if a.modes.MergeInherits {
		inherit(&survivor, lost)
	}
	a.touchOutside(o, &gone)
	a.touchOutside(o, &survivor)
	if a.modes.MergeInherits {
		a.moveWritings(o, away, into)
	}
	a.fire(o, "candidateMerge", map[string]any{
		"deletedCandidate": map[string]string{"id": away},
		"mergedCandidate":  map[string]string{"id": into},
	}, a.keep)
	return nil
}

// inherit gives the survivor what it lacks.
func inherit(to, from *Candidate) {
	for _, contact := range from.Emails {
		contact.IsPrimary = contact.IsPrimary && len(to.Emails) == 0
		to.Emails = addContact(to.Emails, contact)
	}
	for _, contact := range from.Phones {
		contact.IsPrimary = contact.IsPrimary && len(to.Phones) == 0
		to.Phones = addContact(to.Phones, contact)
	}
	to.Links = union(to.Links, from.Links, func(l SocialLink) string { return l.Type })
	to.Tags = union(to.Tags, from.Tags, func(id string) string { return id })
	to.Projects = union(to.Projects, from.Projects, func(id string) string { return id })
	to.Fields = union(to.Fields, from.Fields, func(v Value) string { return v.Field })
}

func union[T any](a, b []T, key func(T) string) []T {
	out := slices.Clone(a)
	for _, item := range b {
		if !slices.ContainsFunc(out, func(have T) bool { return key(have) == key(item) }) {
			out = append(out, item)
		}
	}
	return out
}

// moveWritings moves notes and emails to the survivor.
func (a *Ashby) moveWritings(o *orgState, from, to string) {
	for _, n := range slices.Clone(o.notes[from]) {
		moved := *n
		moved.Candidate, moved.Seq, moved.Rev = to, o.nextSeq(), o.nextRev()
		a.keep(&moved)
	}
	for _, e := range slices.Clone(o.emails[from]) {
		moved := *e
		moved.Candidate, moved.Seq = to, o.nextSeq()
		a.keep(&moved)
	}
}

// Edit changes a candidate as a recruiter would in Ashby, read-only fields
// included. The change is in the next sync.
func (a *Ashby) Edit(candidate string, change func(*Candidate)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, old, err := a.find(candidate)
	if err != nil || old.Gone() {
		return orError(err, fmt.Errorf("candidate %q is gone", candidate))
	}
	rec := *old
	rec.Emails, rec.Phones, rec.Links = slices.Clone(old.Emails), slices.Clone(old.Phones), slices.Clone(old.Links)
	rec.Tags, rec.Projects, rec.Fields = slices.Clone(old.Tags), slices.Clone(old.Projects), slices.Clone(old.Fields)
	if old.Location != nil {
		place := *old.Location
		rec.Location = &place
	}
	change(&rec)
	rec.ID, rec.Org, rec.Seq = old.ID, old.Org, old.Seq
	a.touchOutside(o, &rec)
	return nil
}

// AddCandidate makes a candidate as a recruiter would. Id, org, order and times
// are filled in.
func (a *Ashby) AddCandidate(org string, c Candidate) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.store.orgs[org]
	if o == nil {
		return "", fmt.Errorf("no organisation %q", org)
	}
	c.ID, c.Org, c.Seq = a.store.newID(), org, o.nextSeq()
	for _, t := range []*time.Time{&c.CreatedAt, &c.AddedAt} {
		if t.IsZero() {
			*t = a.now()
		}
	}
	a.touchOutside(o, &c)
	return c.ID, nil
}

// ArchiveField archives a custom field, or brings it back.
func (a *Ashby) ArchiveField(field string, archived bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range a.store.orgs {
		if old := o.field(field); old != nil {
			f := *old
			f.IsArchived, f.Rev = archived, o.nextRev()
			return a.save(&f)
		}
	}
	return fmt.Errorf("no field %q", field)
}

// Reset empties this Ashby: no organisations, no calls, no faults, the switches
// as at first. Ids begin anew, so seeding again gives the same ones.
func (a *Ashby) Reset() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, stop := range a.timers {
		stop()
	}
	a.timers = map[int64]func() bool{}
	a.clear()
	return a.record(entry{Reset: true})
}

// State is everything that one organisation holds.
type State struct {
	Org
	Candidates []Candidate        `json:"candidates"` // in order of creation, those gone included
	Notes      map[string][]Note  `json:"notes"`      // by candidate, in order of writing
	Emails     map[string][]Email `json:"emails"`     // likewise
	Tags       []Tag              `json:"tags"`
	Fields     []Field            `json:"fields"`
	Sources    []Source           `json:"sources"`
	Users      []User             `json:"users"`
	Projects   []Project          `json:"projects"`
	Webhooks   []Webhook          `json:"webhooks"` // without secrets
	Deliveries []Delivery         `json:"deliveries"`
	Keys       []Key              `json:"keys"` // secrets cut to their last four
}

// Dump shows what every organisation holds, or one if an id is given.
func (a *Ashby) Dump(org string) []State {
	a.mu.Lock()
	defer a.mu.Unlock()
	states := []State{}
	for _, id := range a.store.order {
		if org == "" || org == id {
			states = append(states, a.dump(a.store.orgs[id]))
		}
	}
	return states
}

func (a *Ashby) dump(o *orgState) State {
	s := State{Org: o.Org, Notes: map[string][]Note{}, Emails: map[string][]Email{}}
	s.Candidates = values(slices.Collect(maps.Values(o.candidates)))
	slices.SortFunc(s.Candidates, func(a, b Candidate) int { return int(a.Seq - b.Seq) })
	for id, notes := range o.notes {
		s.Notes[id] = values(notes)
	}
	for id, emails := range o.emails {
		s.Emails[id] = values(emails)
	}
	s.Tags, s.Fields, s.Sources = values(o.tags), values(o.fields), values(o.sources)
	s.Users, s.Projects, s.Deliveries = values(o.users), values(o.projects), values(a.deliveries(o))
	for _, w := range o.webhooks {
		shown := *w
		shown.Secret = ""
		s.Webhooks = append(s.Webhooks, shown)
	}
	slices.SortFunc(s.Webhooks, func(a, b Webhook) int { return int(a.Seq - b.Seq) })
	for _, k := range a.store.keys {
		if k.Org == o.ID {
			shown := *k
			shown.Secret = k.LastFour()
			s.Keys = append(s.Keys, shown)
		}
	}
	slices.SortFunc(s.Keys, func(a, b Key) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Secret, b.Secret))
	})
	return s
}

func values[T any](list []*T) []T {
	out := make([]T, 0, len(list))
	for _, rec := range list {
		out = append(out, *rec)
	}
	return out
}
