package ashbytest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// put is one record stored over whatever had its id before.
type put struct {
	Kind string `json:"k"`
	Rec  any    `json:"v"`
}

// store is all organisations' state. Everything in it got there through apply,
// live and from the journal alike.
type store struct {
	seed  uint64
	count int64 // ids drawn so far
	orgs  map[string]*orgState
	order []string
	keys  map[string]*Key // by id
	// secrets finds a key by its secret.
	secrets map[string]*Key
}

// orgState is one organisation's data with its indexes.
type orgState struct {
	Org
	seq        int64
	rev        int64
	candidates map[string]*Candidate
	// added holds the candidates that are not gone, by (AddedAt, Seq).
	added []*Candidate
	// byEmail finds candidates by lower-case address.
	byEmail    map[string][]indexed
	notes      map[string][]*Note  // by candidate id, in order of writing
	noteHolder map[string]string   // a note's candidate id
	emails     map[string][]*Email // by candidate id, in order of writing
	emailIDs   map[string]*Email   // by key id + "\x00" + provider id
	tags       []*Tag
	fields     []*Field
	sources    []*Source
	users      []*User
	projects   []*Project
	webhooks   map[string]*Webhook
	deliveries map[string]*Delivery
}

// indexed is a search hit that exists from a moment on.
type indexed struct {
	candidate string
	from      time.Time
}

func newStore(seed uint64) store {
	return store{seed: seed, orgs: map[string]*orgState{}, keys: map[string]*Key{}, secrets: map[string]*Key{}}
}

func newOrgState(org Org) *orgState {
	return &orgState{
		Org:        org,
		candidates: map[string]*Candidate{},
		byEmail:    map[string][]indexed{},
		notes:      map[string][]*Note{},
		noteHolder: map[string]string{},
		emails:     map[string][]*Email{},
		emailIDs:   map[string]*Email{},
		webhooks:   map[string]*Webhook{},
		deliveries: map[string]*Delivery{},
	}
}

// apply stores a record.
func (s *store) apply(rec any) (put, error) {
	if org, ok := rec.(*Org); ok {
		if _, known := s.orgs[org.ID]; !known {
			s.orgs[org.ID] = newOrgState(*org)
			s.order = append(s.order, org.ID)
		}
		return put{"org", org}, nil
	}
	if key, ok := rec.(*Key); ok {
		s.keys[key.ID] = key
		s.secrets[key.Secret] = key
		return put{"key", key}, nil
	}
	owner, kind := ownerOf(rec)
	org := s.orgs[owner]
	if org == nil {
		return put{}, fmt.Errorf("store %s: no organisation %q", kind, owner)
	}
	org.apply(rec)
	return put{kind, rec}, nil
}

func ownerOf(rec any) (org, kind string) {
	switch r := rec.(type) {
	case *Candidate:
		return r.Org, "candidate"
	case *Note:
		return r.Org, "note"
	case *Email:
		return r.Org, "email"
	case *Tag:
		return r.Org, "tag"
	case *Field:
		return r.Org, "field"
	case *Source:
		return r.Org, "source"
	case *User:
		return r.Org, "user"
	case *Project:
		return r.Org, "project"
	case *Webhook:
		return r.Org, "webhook"
	case *Delivery:
		return r.Org, "delivery"
	}
	return "", fmt.Sprintf("%T", rec)
}

// blank is an empty record of a kind, to decode into.
func blank(kind string) any {
	switch kind {
	case "org":
		return &Org{}
	case "key":
		return &Key{}
	case "candidate":
		return &Candidate{}
	case "note":
		return &Note{}
	case "email":
		return &Email{}
	case "tag":
		return &Tag{}
	case "field":
		return &Field{}
	case "source":
		return &Source{}
	case "user":
		return &User{}
	case "project":
		return &Project{}
	case "webhook":
		return &Webhook{}
	case "delivery":
		return &Delivery{}
	}
	return nil
}

func (p *put) UnmarshalJSON(data []byte) error {
	var raw struct {
		Kind string          `json:"k"`
		Rec  json.RawMessage `json:"v"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	rec := blank(raw.Kind)
	if rec == nil {
		return fmt.Errorf("unknown record kind %q", raw.Kind)
	}
	if err := json.Unmarshal(raw.Rec, rec); err != nil {
		return err
	}
	p.Kind, p.Rec = raw.Kind, rec
	return nil
}

func (o *orgState) apply(rec any) {
	switch r := rec.(type) {
	case *Candidate:
		o.applyCandidate(r)
		o.saw(r.Seq, r.Rev)
	case *Note:
		if holder, moved := o.noteHolder[r.ID]; moved {
			o.notes[holder] = slices.DeleteFunc(o.notes[holder], func(n *Note) bool { return n.ID == r.ID })
		}
		o.notes[r.Candidate] = append(o.notes[r.Candidate], r)
		o.noteHolder[r.ID] = r.Candidate
		o.saw(r.Seq, r.Rev)
	case *Email:
		if old := o.emailIDs[emailKey(r.Key, r.ProviderID)]; old != nil {
			o.emails[old.Candidate] = slices.DeleteFunc(o.emails[old.Candidate], func(e *Email) bool { return e.ID == r.ID })
		}
		o.emails[r.Candidate] = append(o.emails[r.Candidate], r)
		o.emailIDs[emailKey(r.Key, r.ProviderID)] = r
		o.saw(r.Seq, 0)
	case *Tag:
		o.tags = upsert(o.tags, r, func(t *Tag) string { return t.ID })
		o.saw(r.Seq, r.Rev)
	case *Field:
		o.fields = upsert(o.fields, r, func(f *Field) string { return f.ID })
		o.saw(r.Seq, r.Rev)
	case *Source:
		o.sources = upsert(o.sources, r, func(s *Source) string { return s.ID })
		o.saw(r.Seq, 0)
	case *User:
		o.users = upsert(o.users, r, func(u *User) string { return u.ID })
		o.saw(r.Seq, r.Rev)
	case *Project:
		o.projects = upsert(o.projects, r, func(p *Project) string { return p.ID })
		o.saw(r.Seq, r.Rev)
	case *Webhook:
		o.webhooks[r.ID] = r
		o.saw(r.Seq, 0)
	case *Delivery:
		o.deliveries[r.ID] = r
		o.saw(r.Seq, 0)
	}
}

func (o *orgState) saw(seq, rev int64) {
	o.seq, o.rev = max(o.seq, seq), max(o.rev, rev)
}

func (o *orgState) nextSeq() int64 { o.seq++; return o.seq }
func (o *orgState) nextRev() int64 { o.rev++; return o.rev }

func upsert[T any](list []*T, rec *T, id func(*T) string) []*T {
	if i := slices.IndexFunc(list, func(old *T) bool { return id(old) == id(rec) }); i >= 0 {
		list[i] = rec
		return list
	}
	return append(list, rec)
}

// byID finds a record in one of the small lists.
func byID[T any](list []*T, id func(*T) string, want string) *T {
	if i := slices.IndexFunc(list, func(rec *T) bool { return id(rec) == want }); i >= 0 {
		return list[i]
	}
	return nil
}

func (o *orgState) tag(id string) *Tag {
	return byID(o.tags, func(t *Tag) string { return t.ID }, id)
}

func (o *orgState) field(id string) *Field {
	return byID(o.fields, func(f *Field) string { return f.ID }, id)
}

func (o *orgState) source(id string) *Source {
	return byID(o.sources, func(s *Source) string { return s.ID }, id)
}

func (o *orgState) user(id string) *User {
	return byID(o.users, func(u *User) string { return u.ID }, id)
}

func (o *orgState) project(id string) *Project {
	return byID(o.projects, func(p *Project) string { return p.ID }, id)
}

func (o *orgState) applyCandidate(c *Candidate) {
	if old := o.candidates[c.ID]; old != nil {
		o.unindex(old, c)
	}
	o.candidates[c.ID] = c
	if c.Gone() {
		return
	}
	i, found := slices.BinarySearchFunc(o.added, c, byAdded)
	if found {
		o.added[i] = c
	} else {
		o.added = slices.Insert(o.added, i, c)
	}
	for _, email := range c.Emails {
		address := strings.ToLower(email.Value)
		hits := o.byEmail[address]
		if !slices.ContainsFunc(hits, func(h indexed) bool { return h.candidate == c.ID }) {
			o.byEmail[address] = append(hits, indexed{c.ID, c.IndexedAt})
		}
	}
}

// unindex removes what is no longer true of a candidate: addresses it lost,
// its place in the order if that moved, everything if it is gone.
func (o *orgState) unindex(old, new *Candidate) {
	for _, email := range old.Emails {
		if !new.Gone() && hasContact(new.Emails, email.Value) {
			continue
		}
		address := strings.ToLower(email.Value)
		hits := slices.DeleteFunc(o.byEmail[address], func(h indexed) bool { return h.candidate == old.ID })
		if len(hits) == 0 {
			delete(o.byEmail, address)
		} else {
			o.byEmail[address] = hits
		}
	}
	if new.Gone() || !new.AddedAt.Equal(old.AddedAt) {
		if i, found := slices.BinarySearchFunc(o.added, old, byAdded); found {
			o.added = slices.Delete(o.added, i, i+1)
		}
	}
}

func byAdded(a, b *Candidate) int {
	return cmp.Or(a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.Seq, b.Seq))
}

func hasContact(list []Contact, value string) bool {
	return slices.ContainsFunc(list, func(c Contact) bool { return strings.EqualFold(c.Value, value) })
}

func emailKey(key, provider string) string { return key + "\x00" + provider }
