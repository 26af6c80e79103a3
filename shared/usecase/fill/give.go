package fill

import (
	"context"
	"maps"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
)

// Give keeps values for a subject: what is named changes, a blank value takes the
// subject's own back, the rest stays. Values are made fit for Ashby as mapped ones
// are, and what names something of Ashby's own (an option, a source, a user, a tag,
// a project) is looked up there. With any mistake nothing is kept. What waits for a
// mandatory field is looked at again. Errors: Invalid "values_refused" with every
// mistake by path; Conflict "not_connected"; those of reading Ashby.
func (f *Filler) Give(ctx context.Context, who caller.Caller, to Subject, values []given.Value) ([]Entry, error) {
	standing, err := f.Store.Standing(ctx, who.Team, who.User)
	if err != nil {
		return nil, err
	}
	fit, err := f.fit(ctx, who.Team, standing.Displayed, values)
	if err != nil {
		return nil, err
	}
	now := f.Now().UTC()
	for i := range fit {
		fit[i].Author, fit[i].At = who.User, now
	}
	if len(fit) > 0 {
		if err := f.keep(ctx, who.Team, to, fit); err != nil {
			return nil, err
		}
	}
	return f.Show(ctx, who.Team, who.User, to)
}

// keep saves values between the two words to those who wait for them. The second
// only makes it soon.
func (f *Filler) keep(ctx context.Context, team string, to Subject, values []given.Value) error {
	waits := ""
	if to.Scope == given.ForPerson {
		waits = to.ID
	}
	if err := f.Waiting.Expect(ctx, team, waits); err != nil {
		return err
	}
	if err := f.Store.SaveValues(ctx, team, to.Scope, to.ID, values); err != nil {
		return err
	}
	_ = f.Waiting.Release(ctx, team, waits)
	return nil
}

// fit gives the values as they are kept, or refuses them.
func (f *Filler) fit(ctx context.Context, team string, displayed []string, values []given.Value) ([]given.Value, error) {
	var mistakes []fault.Detail
	var d *directory
	for i, v := range values {
		path := "values." + v.Field
		switch {
		case !slices.Contains(displayed, v.Field):
			mistakes = append(mistakes, fault.Detail{
				Path: path, Code: string(field.NotDisplayed), Message: "values for this field are not taken, because it is not displayed",
			})
			continue
		case v.Blank():
			values[i] = given.Value{Field: v.Field}
			continue
		case d == nil:
			var err error
			if d, err = f.directory(ctx, team); err != nil {
				return nil, err
			}
		}
		known, code, err := d.known(ctx, v)
		if err != nil {
			return nil, err
		}
		if code != "" {
			mistakes = append(mistakes, fault.Detail{Path: path, Code: string(code), Message: sentences[code]})
		}
		values[i] = known
	}
	if len(mistakes) > 0 {
		return nil, fault.New(fault.Invalid, "values_refused", "these values cannot be kept").With(mistakes...)
	}
	return values, nil
}

// sentences say why a value cannot be kept.
var sentences = map[field.Code]string{
	field.Gone:           "Ashby has no such field any more, or it is archived",
	field.Unwritable:     "Ashby's API cannot write this field",
	field.NotConvertible: "the value does not fit the field's type, or is none of its options",
	field.Unknown:        "Ashby has no such source, user, tag or project, or several of that name: give its id",
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
