package fill

import (
	"context"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// directory is what the team's Ashby has that a value may name.
type directory struct{ ashby plan.Reader }

// directory opens the team's Ashby; Conflict "not_connected" when there is none.
func (f *Filler) directory(ctx context.Context, team string) (*directory, error) {
	c, err := f.Store.Connection(ctx, team)
	if err != nil {
		return nil, err
	}
	if c.Fingerprint == "" {
		return nil, fault.New(fault.Conflict, "not_connected", "which values a field takes is Ashby's to say; connect it first")
	}
	key, err := f.Keys.Key(ctx, team, c.SecretVersion)
	if err != nil {
		return nil, err
	}
	return &directory{f.Open(key, c.Fingerprint)}, nil
}

// custom lists Ashby's custom fields of candidates.
func (d *directory) custom(ctx context.Context) ([]field.Field, error) {
	answer, err := d.ashby.Read(ctx, plan.Ask{Kind: plan.AskFields})
	return answer.Fields, err
}

// Options lists what a displayed field may be given: sources, users, tags, projects,
// or the options of a select, those in use. A field that takes anything has none.
// Errors: NotFound "no_such_field"; Conflict "not_connected"; those of reading Ashby.
func (f *Filler) Options(ctx context.Context, team, id string) ([]field.Option, error) {
	d, err := f.directory(ctx, team)
	if err != nil {
		return nil, err
	}
	options, known, err := d.options(ctx, id)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fault.New(fault.NotFound, "no_such_field", "Ashby has no such field for candidates")
	}
	return slices.DeleteFunc(slices.Clone(options), func(o field.Option) bool { return o.Archived }), nil
}

// asks are the built-in fields whose values are things of Ashby's own.
var asks = map[string]plan.AskKind{
	field.Source: plan.AskSources, field.CreditedTo: plan.AskUsers, field.Tags: plan.AskTags, field.Projects: plan.AskProjects,
}

func (d *directory) options(ctx context.Context, id string) (options []field.Option, known bool, err error) {
	if ask, ok := asks[id]; ok {
		answer, err := d.ashby.Read(ctx, plan.Ask{Kind: ask})
		return append(answer.Sources, answer.Options...), true, err
	}
	if slices.ContainsFunc(field.BuiltIns(), func(f field.Field) bool { return f.ID == id }) {
		return nil, true, nil
	}
	all, err := d.custom(ctx)
	i := slices.IndexFunc(all, func(f field.Field) bool { return f.ID == id })
	if err != nil || i < 0 {
		return nil, false, err
	}
	return all[i].Options, true, nil
}

// known gives a value as it is kept: things of Ashby's own by id, with what they are
// called. code says why it cannot be kept.
func (d *directory) known(ctx context.Context, v given.Value) (given.Value, field.Code, error) {
	switch v.Field {
	case field.Location:
		return given.Value{Field: v.Field, Text: strings.Join(v.Items(), ", ")}, "", nil
	case field.CreditedTo:
		return d.user(ctx, v)
	case field.Source, field.Tags, field.Projects:
		options, _, err := d.options(ctx, v.Field)
		if err != nil {
			return v, "", err
		}
		return chosen(v, options, v.Field != field.Source, field.Unknown)
	}
	all, err := d.custom(ctx)
	if err != nil {
		return v, "", err
	}
	i := slices.IndexFunc(all, func(f field.Field) bool { return f.ID == v.Field })
	switch {
	case i < 0 || all[i].Archived:
		return v, field.Gone, nil
	case !all[i].Writable():
		return v, field.Unwritable, nil
	case all[i].Type == field.Select || all[i].Type == field.MultiSelect:
		return chosen(v, all[i].Options, all[i].Type == field.MultiSelect, field.NotConvertible)
	}
	if _, ok := field.ConvertItems(all[i], v.Items()); !ok {
		return v, field.NotConvertible, nil
	}
	return given.Value{Field: v.Field, Text: strings.Join(v.Items(), ", ")}, "", nil
}

// user finds a user by address, id or name.
func (d *directory) user(ctx context.Context, v given.Value) (given.Value, field.Code, error) {
	ask := plan.Ask{Kind: plan.AskUsers}
	address, isAddress := mapping.EmailAddress(strings.Join(v.Items(), " "))
	if isAddress {
		ask = plan.Ask{Kind: plan.AskUser, Arg: strings.ToLower(address)}
	}
	answer, err := d.ashby.Read(ctx, ask)
	switch {
	case err != nil:
		return v, "", err
	case isAddress && len(answer.Options) == 1:
		v = given.Value{Field: v.Field, Text: answer.Options[0].Value}
	case isAddress:
		return v, field.Unknown, nil
	}
	return chosen(v, answer.Options, false, field.Unknown)
}

// chosen gives a value by the ids of the options that it names; several only where
// the field holds several.
func chosen(v given.Value, options []field.Option, several bool, unknown field.Code) (given.Value, field.Code, error) {
	items := v.Items()
	if !several && len(items) > 1 {
		return v, field.NotConvertible, nil
	}
	out := given.Value{Field: v.Field}
	var labels []string
	for _, item := range items {
		o, ok := given.Choose(options, item)
		if !ok || o.Archived {
			return v, unknown, nil
		}
		if slices.Contains(out.List, o.Value) {
			continue
		}
		out.List, labels = append(out.List, o.Value), append(labels, o.Label)
	}
	if out.Shown = strings.Join(labels, ", "); !several {
		out.Text, out.List = out.List[0], nil
	}
	return out, "", nil
}
