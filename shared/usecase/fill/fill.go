// Package fill shows and keeps the values that users give for the fields that
// their team displays, for a campaign or a person, so that they reach Ashby with
// the next event.
package fill

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Store keeps what a team configured, given values among it.
type Store interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	// Standing gives what holds now for a user's events of the settings that are
	// not frozen with them.
	Standing(ctx context.Context, team, user string) (setting.Standing, error)
	// Values gives the values of a campaign or a person, those that were taken back
	// among them.
	Values(ctx context.Context, team string, scope given.Scope, id string) ([]given.Value, error)
	// SaveValues puts each value in the place of the one of its field.
	SaveValues(ctx context.Context, team string, scope given.Scope, id string, values []given.Value) error
}

// People has what is known of persons; ok is false for one nobody knows.
type People interface {
	Person(ctx context.Context, team, id string) (p person.Person, ok bool, err error)
}

// Keys gives the key of a connection.
type Keys interface {
	Key(ctx context.Context, team, version string) (secret.Value, error)
}

// Waiting lets events that wait for a mandatory field be looked at again: those of
// a person, or of the whole team where none is named.
type Waiting interface {
	// Expect says so of a change that is about to be made, whatever becomes of who
	// makes it.
	Expect(ctx context.Context, team, person string) error
	// Release says so of a change that was made.
	Release(ctx context.Context, team, person string) error
}

// Filler has the verbs of this package.
type Filler struct {
	Store   Store
	People  People
	Keys    Keys
	Open    func(key secret.Value, fingerprint string) plan.Reader
	Waiting Waiting
	Now     func() time.Time
}

// Subject is what values are given for.
type Subject struct {
	Scope given.Scope
	ID    string
}

// Entry is a value as it is shown.
type Entry struct {
	given.Value
	Title     string
	Type      field.Type // empty where Ashby cannot be asked
	Displayed bool       // false: it is kept, and not pushed
	Pushed    bool       // of a person's: it went to Ashby, or Ashby had it
}

// Show lists what was given for a subject, by field. That Ashby cannot be asked
// about its fields does not stand in the way: then ids stand for titles.
func (f *Filler) Show(ctx context.Context, team, user string, of Subject) ([]Entry, error) {
	standing, err := f.Store.Standing(ctx, team, user)
	if err != nil {
		return nil, err
	}
	values, err := f.Store.Values(ctx, team, of.Scope, of.ID)
	if err != nil {
		return nil, err
	}
	var who person.Person
	if of.Scope == given.ForPerson {
		if who, _, err = f.People.Person(ctx, team, of.ID); err != nil {
			return nil, err
		}
	}
	merged := who.Values
	for _, v := range values {
		merged = given.Newer(merged, v)
	}
	return f.entries(ctx, team, merged, standing, who), nil
}

func (f *Filler) entries(
	ctx context.Context, team string, values map[string]given.Value, standing setting.Standing, who person.Person,
) []Entry {
	fields := field.BuiltIns()
	if d, err := f.directory(ctx, team); err == nil {
		if custom, err := d.custom(ctx); err == nil {
			fields = append(fields, custom...)
		}
	}
	out := []Entry{}
	for _, id := range sortedKeys(values) {
		v := values[id]
		if v.Blank() {
			continue
		}
		e := Entry{Value: v, Title: field.TitleOf(id), Displayed: slices.Contains(standing.Shown, id)}
		if i := slices.IndexFunc(fields, func(f field.Field) bool { return f.ID == id }); i >= 0 {
			e.Title, e.Type = fields[i].Title, fields[i].Type
		}
		pushed, ok := who.Given[id]
		e.Pushed = ok && !pushed.Before(v.At)
		out = append(out, e)
	}
	return out
}
