package configure

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Team gives a team's settings.
func (c *Configurator) Team(ctx context.Context, team string) (View, error) {
	d, err := c.Store.Settings(ctx, team, "")
	if err != nil {
		return View{}, err
	}
	return teamView(d), nil
}

// SaveTeam changes what the patch names, over the version that the author saw,
// and keeps the outcome as a revision. A patch that names nothing makes no
// revision. Errors: *Stale; those of check.
func (c *Configurator) SaveTeam(ctx context.Context, team, author string, patch setting.Patch, expected int) (View, error) {
	before, err := c.own(ctx, team, "", expected)
	switch {
	case err != nil:
		return View{}, err
	case patch.Empty():
		return teamView(before), nil
	}
	next := patch.Apply(before)
	next.Author, next.Locked = author, patch.Lock(before.Locked, author, c.Now().UTC())
	if err := c.check(ctx, team, nil, next, patch.Names()); err != nil {
		return View{}, err
	}
	saved, err := c.save(ctx, team, "", next, patch.Names())
	if err != nil {
		return View{}, err
	}
	return teamView(saved), nil
}

// RollbackTeam makes a version anew, over the one that the author saw. A lock that
// it puts on is the author's. The version that stands is left as it is. Errors:
// *Stale, NotFound "no_such_version"; those of check.
func (c *Configurator) RollbackTeam(ctx context.Context, team, author string, to, expected int) (View, error) {
	before, err := c.own(ctx, team, "", expected)
	if err != nil {
		return View{}, err
	}
	old, err := c.version(ctx, team, "", before, to)
	if err != nil {
		return View{}, err
	}
	if to == expected {
		return teamView(before), nil
	}
	locked := old.Locked
	switch {
	case locked != nil && before.Locked != nil:
		locked = before.Locked
	case locked != nil:
		locked = &setting.Locked{By: author, At: c.Now().UTC()}
	}
	next := setting.Document{Version: expected, Author: author, Values: old.Values, Choices: old.Choices, Locked: locked}
	names := changed(before, next)
	if err := c.check(ctx, team, nil, next, names); err != nil {
		return View{}, err
	}
	saved, err := c.save(ctx, team, "", next, names)
	if err != nil {
		return View{}, err
	}
	return teamView(saved), nil
}

func teamView(d setting.Document) View {
	var layers []setting.Layer
	if own, ok := d.Layer(setting.Team, ""); ok {
		layers = append(layers, own)
	}
	// The team's own values count whoever gave them.
	v := View{
		Own: d, Effective: setting.Resolve(layers, setting.Lock{}), Locked: d.Locked,
		Standing: setting.Stand(d, "", setting.Document{}),
	}
	v.Notes = notesOf(v.Effective, v.Locked)
	return v
}
