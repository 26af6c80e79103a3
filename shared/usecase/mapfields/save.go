package mapfields

import (
	"context"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// Draft is a mapping that somebody wants to save: entries and rules, and what
// was wrong already with the form in which it came.
type Draft struct {
	Mapping  mapping.Mapping
	Mistakes []fault.Detail
}

// Validate gives the view that a save would give, or refuses as a save would.
// Errors: Invalid "mapping_refused" with every mistake; Conflict
// "mapping_conflict" where all of them are that something is taken; Conflict
// "not_connected" when custom fields are named and there is nobody to ask; those
// of reading Ashby.
func (m *Mapper) Validate(ctx context.Context, team string, d Draft) (View, error) {
	stored, err := m.Store.Mapping(ctx, team)
	if err != nil {
		return View{}, err
	}
	next, fields, err := m.check(ctx, team, stored, d)
	if err != nil {
		return View{}, err
	}
	return m.view(ctx, team, next, fields)
}

// Save stores a whole mapping over the version that the author saw. Errors: those
// of Validate, and *Stale.
func (m *Mapper) Save(ctx context.Context, team, author string, d Draft, expected int) (View, error) {
	return m.change(ctx, team, author, expected, func() (Draft, error) { return d, nil })
}

// Defaults puts the built-in mapping and policies back, with company and role
// where one custom field fits each. Errors: those of Save.
func (m *Mapper) Defaults(ctx context.Context, team, author string, expected int) (View, error) {
	return m.change(ctx, team, author, expected, func() (Draft, error) {
		all, _, err := m.Fields(ctx, team, true)
		if err != nil {
			return Draft{}, err
		}
		next, _ := mapping.Fill(mapping.Default(), all)
		return Draft{Mapping: next}, nil
	})
}

// Rollback saves an earlier version again, as a new one, if it still passes.
// Errors: those of Save, and NotFound "no_such_version".
func (m *Mapper) Rollback(ctx context.Context, team, author string, version, expected int) (View, error) {
	return m.change(ctx, team, author, expected, func() (Draft, error) {
		history, err := m.History(ctx, team)
		if err != nil {
			return Draft{}, err
		}
		i := slices.IndexFunc(history, func(h mapping.Mapping) bool { return h.Version == version })
		if i < 0 {
			return Draft{}, fault.New(fault.NotFound, "no_such_version", "no mapping of this version is kept")
		}
		return Draft{Mapping: history[i]}, nil
	})
}

// change saves what next makes of the stored mapping.
func (m *Mapper) change(
	ctx context.Context, team, author string, expected int, next func() (Draft, error),
) (View, error) {
	stored, err := m.Store.Mapping(ctx, team)
	if err != nil {
		return View{}, err
	}
	if stored.Version != expected {
		return View{}, &Stale{stored.Version}
	}
	d, err := next()
	if err != nil {
		return View{}, err
	}
	checked, fields, err := m.check(ctx, team, stored, d)
	if err != nil {
		return View{}, err
	}
	checked.Author = author
	saved, err := m.store(ctx, team, checked)
	if fault.Is(err, fault.Conflict) {
		current, readErr := m.Store.Mapping(ctx, team)
		if readErr != nil {
			return View{}, readErr
		}
		return View{}, &Stale{current.Version}
	}
	if err != nil {
		return View{}, err
	}
	return m.view(ctx, team, saved, fields)
}

// check gives a draft as it would be stored over what is there, with the fields
// it was held against. Ashby is asked only where it has something to say: of its
// own fields, and of those that could stand in for what cannot be written.
func (m *Mapper) check(
	ctx context.Context, team string, stored mapping.Mapping, d Draft,
) (mapping.Mapping, []field.Field, error) {
	next := mapping.Mapping{Version: stored.Version, Entries: d.Mapping.Entries, Rules: d.Mapping.Rules, Seen: stored.Seen}
	all := field.BuiltIns()
	mistakes := next.Check(all)
	names := len(next.Custom()) > 0
	if names || slices.ContainsFunc(mistakes, func(f mapping.Mistake) bool { return f.Code == mapping.FieldUnwritable }) {
		custom, err := m.custom(ctx, team)
		if err != nil && names {
			return next, nil, err
		}
		all = append(all, custom...)
		mistakes = next.Check(all)
	}
	return next.Remember(all), all, refusal(d.Mistakes, mistakes)
}

func (m *Mapper) custom(ctx context.Context, team string) ([]field.Field, error) {
	account, err := m.open(ctx, team)
	if err != nil {
		return nil, err
	}
	return account.Fields(ctx, true)
}

// refusal makes one error of everything that is wrong. What is wrong with the
// form of a place is not said a second time of its sense.
func refusal(formal []fault.Detail, found []mapping.Mistake) error {
	details, conflict := slices.Clone(formal), len(formal) == 0
	for _, f := range found {
		if slices.ContainsFunc(formal, func(d fault.Detail) bool { return within(f.Path, d.Path) || within(d.Path, f.Path) }) {
			continue
		}
		conflict = conflict && f.Code.Conflict()
		details = append(details, fault.Detail{Path: f.Path, Code: string(f.Code), Message: wording.MappingMistake(f)})
	}
	switch {
	case len(details) == 0:
		return nil
	case conflict:
		return fault.New(fault.Conflict, "mapping_conflict", "the mapping gives something to two").With(details...)
	}
	return fault.New(fault.Invalid, "mapping_refused", "the mapping has mistakes").With(details...)
}

// within reports whether a path is another one or leads on from it.
func within(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
