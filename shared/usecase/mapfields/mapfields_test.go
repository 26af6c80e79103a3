package mapfields_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// org is Ashby with the custom fields of one organisation.
type org struct {
	fields  []field.Field
	failing error
	asked   []bool // each reading: whether fresh
}

func (o *org) Fields(_ context.Context, fresh bool) ([]field.Field, error) {
	o.asked = append(o.asked, fresh)
	return slices.Clone(o.fields), o.failing
}

func (o *org) CreateField(_ context.Context, n mapfields.New) (field.Field, error) {
	f := field.Field{ID: fmt.Sprintf("made-%d", len(o.fields)), Title: n.Title, Type: n.Type}
	o.fields = append(o.fields, f)
	return f, nil
}

// waits lists what is said to those who wait.
type waits struct{ said []string }

func (w *waits) Expect(context.Context, string, string) error {
	w.said = append(w.said, "expect")
	return nil
}

func (w *waits) Release(context.Context, string, string) error {
	w.said = append(w.said, "release")
	return nil
}

// crowd is how many people have work on the way and are not in Ashby.
type crowd int

func (c crowd) Outside(_ context.Context, _ string, most int) (int, bool, error) {
	return min(int(c), most), int(c) > most, nil
}

type keys struct{}

func (keys) Key(context.Context, string, string) (secret.Value, error) {
	return secret.NewValue("key"), nil
}

// raced lets somebody else save just before each of the first saves.
type raced struct {
	*config.Store
	before []func()
}

func (r *raced) SaveMapping(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, error) {
	if len(r.before) > 0 {
		r.before[0]()
		r.before = r.before[1:]
	}
	return r.Store.SaveMapping(ctx, team, m)
}

func newMapper(t *testing.T, fields ...field.Field) (*mapfields.Mapper, *raced, *org) {
	t.Helper()
	n := 0
	now := func() time.Time { return noon }
	store := &raced{Store: config.New(memory.NewTable(now), now, func() string { n++; return fmt.Sprint(n) })}
	c := connection.Connection{Team: "acme", Status: connection.Connected, Fingerprint: "f1", SecretVersion: "v1"}
	if _, err := store.Activate(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	ashby := &org{fields: fields}
	return &mapfields.Mapper{Store: store, People: crowd(7), Keys: keys{}, Waiting: &waits{}, Open: func(secret.Value, string) mapfields.Ashby { return ashby }}, store, ashby
}

func draft(entries ...mapping.Entry) mapfields.Draft {
	return mapfields.Draft{Mapping: mapping.Mapping{Entries: entries}}
}

func one(v contact.Variable, to string) mapping.Entry {
	return mapping.Entry{From: []contact.Variable{v}, To: to}
}

func text(id, title string) field.Field {
	return field.Field{ID: id, Title: title, Type: field.String}
}

func TestASaveRemembersItsFieldsAuthorAndTime(t *testing.T) {
	m, store, _ := newMapper(t, text("a", "A"))
	v, err := m.Save(t.Context(), "acme", "ann", draft(one(contact.Role, "a")), 0)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := store.Mapping(t.Context(), "acme")
	if err != nil || stored.Version != 1 || stored.Author != "ann" || !stored.At.Equal(noon) || stored.Seen["a"].Title != "A" || v.Mapping.Version != 1 {
		t.Errorf("stored %+v, %v", stored, err)
	}
}

func TestAshbyIsAskedAnewForASaveAndOnlyWhereItHasASay(t *testing.T) {
	m, _, ashby := newMapper(t, text("a", "A"))
	if _, err := m.Save(t.Context(), "acme", "ann", draft(one("customVariable", field.Phone)), 0); err != nil || len(ashby.asked) > 0 {
		t.Errorf("asked %v, %v", ashby.asked, err)
	}
	if _, err := m.Save(t.Context(), "acme", "ann", draft(one(contact.Role, "a")), 1); err != nil || !slices.Equal(ashby.asked, []bool{true}) {
		t.Errorf("asked %v, %v", ashby.asked, err)
	}
	ashby.failing = fault.New(fault.Unavailable, "ashby_unavailable", "")
	_, err := m.Save(t.Context(), "acme", "ann", draft(one(contact.Company, "company")), 2)
	if f := fault.Of(err); f.Kind() != fault.Invalid || f.Details()[0].Code != string(mapping.FieldUnwritable) {
		t.Errorf("a refusal that needs no Ashby: %v", err)
	}
	if _, err = m.Save(t.Context(), "acme", "ann", draft(one(contact.Role, "a")), 2); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a save that needs Ashby: %v", err)
	}
}

func TestOfTwoSavesAtOnceOneIsStaleAndToldTheVersion(t *testing.T) {
	m, store, _ := newMapper(t)
	store.before = []func(){func() {
		if _, err := store.Store.SaveMapping(t.Context(), "acme", mapping.Default()); err != nil {
			t.Error(err)
		}
	}}
	_, err := m.Save(t.Context(), "acme", "ann", draft(), 0)
	if stale, ok := errors.AsType[*mapfields.Stale](err); !ok || stale.Current != 1 || !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestWhatSomebodyMapsMeanwhileStaysWhenFieldsAreMadeForVariables(t *testing.T) {
	m, store, ashby := newMapper(t, text("a", "A"))
	store.before = []func(){func() {
		other, err := store.Mapping(t.Context(), "acme")
		if err == nil {
			_, err = store.Store.SaveMapping(t.Context(), "acme", other.With(one(contact.Company, "a")))
		}
		if err != nil {
			t.Error(err)
		}
	}}
	made, err := m.CreateFor(t.Context(), "acme", "ann", mapping.Wanted())
	if err != nil || len(made.Created) != 2 || len(made.Mapped) != 2 {
		t.Fatalf("got %+v, %v", made, err)
	}
	stored, err := store.Mapping(t.Context(), "acme")
	if err != nil || stored.Version != 2 || made.Mapped[0].Field.ID != "a" || made.Mapped[1].Field.Title != "Role" || len(ashby.fields) != 3 {
		t.Errorf("mapped %+v, stored %+v, %v", made.Mapped, stored, err)
	}
}

func TestHistoryIsNewestFirst(t *testing.T) {
	m, _, _ := newMapper(t)
	for i := range 3 {
		if _, err := m.Save(t.Context(), "acme", fmt.Sprint("u", i), draft(), i); err != nil {
			t.Fatal(err)
		}
	}
	history, err := m.History(t.Context(), "acme")
	if err != nil || len(history) != 3 || history[0].Version != 3 || history[2].Author != "u0" {
		t.Errorf("history %+v, %v", history, err)
	}
	if _, err := m.Rollback(t.Context(), "acme", "ann", 7, 3); !fault.Is(err, fault.NotFound) {
		t.Errorf("a version nobody saved: %v", err)
	}
}

func TestUnmappingAMandatoryFieldWarnsOfHowManyWouldWait(t *testing.T) {
	m, store, _ := newMapper(t, text("a", "A"))
	if _, err := m.Save(t.Context(), "acme", "ann", draft(one(contact.Role, "a")), 0); err != nil {
		t.Fatal(err)
	}
	demanding := setting.Document{Author: "ann", Choices: setting.Choices{Mandatory: []string{"a"}}}
	if _, err := store.SaveSettings(t.Context(), "acme", "", demanding); err != nil {
		t.Fatal(err)
	}
	if v, err := m.Get(t.Context(), "acme"); err != nil || len(v.Warnings) > 0 {
		t.Fatalf("while it is mapped: %+v, %v", v.Warnings, err)
	}
	for name, d := range map[string]mapfields.Draft{
		"unmapped":      draft(one(contact.Role, field.Source)),
		"never written": {Mapping: mapping.Mapping{Entries: []mapping.Entry{one(contact.Role, "a")}, Rules: map[string]mapping.Rule{"a": {Policy: field.Never}}}},
	} {
		v, err := m.Validate(t.Context(), "acme", d)
		if err != nil || len(v.Warnings) != 1 || v.Warnings[0].Code != mapping.MandatoryUnfilled || !strings.Contains(v.Warnings[0].About, ": 7") {
			t.Errorf("%s: %+v, %v", name, v.Warnings, err)
		}
	}
}

func TestASaveSaysSoToThoseWhoWaitBeforeAndAfter(t *testing.T) {
	m, _, _ := newMapper(t)
	if _, err := m.Save(t.Context(), "acme", "ann", draft(), 0); err != nil {
		t.Fatal(err)
	}
	if said := m.Waiting.(*waits).said; !slices.Equal(said, []string{"expect", "release"}) {
		t.Errorf("said %v", said)
	}
}
