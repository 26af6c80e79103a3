package configure

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// User gives a user's own settings, and what is in force for the events in which
// they act.
func (c *Configurator) User(ctx context.Context, team, user string) (View, error) {
	own, err := c.Store.Settings(ctx, team, user)
	if err != nil {
		return View{}, err
	}
	return c.userView(ctx, team, user, own)
}

// Terms gives what holds for a user of the settings that count as they stand, and
// the team's mapping.
func (c *Configurator) Terms(ctx context.Context, team, user string) (setting.Standing, mapping.Mapping, error) {
	shared, err := c.Store.Settings(ctx, team, "")
	if err != nil {
		return setting.Standing{}, mapping.Mapping{}, err
	}
	own, err := c.Store.Settings(ctx, team, user)
	if err != nil {
		return setting.Standing{}, mapping.Mapping{}, err
	}
	m, err := c.Store.Mapping(ctx, team)
	return setting.Stand(shared, user, own), m, err
}

// SaveUser changes what the patch names of the caller's own settings, over the
// version that they saw, and keeps the outcome as a revision. A patch that names
// nothing makes no revision. Errors: *Stale; Forbidden "locked" where a patch
// names what the lock keeps for admins, and nothing of it is saved; those of check.
func (c *Configurator) SaveUser(ctx context.Context, who caller.Caller, patch setting.Patch, expected int) (View, error) {
	if err := c.admit(ctx, who, patch.Locked()); err != nil {
		return View{}, err
	}
	before, err := c.own(ctx, who.Team, who.User, expected)
	if err != nil {
		return View{}, err
	}
	if patch.Empty() {
		return c.userView(ctx, who.Team, who.User, before)
	}
	return c.saveUser(ctx, who, patch.Apply(before), patch.Names())
}

// RollbackUser makes a version of the caller's own settings anew, over the one
// that they saw; see RollbackTeam and SaveUser.
func (c *Configurator) RollbackUser(ctx context.Context, who caller.Caller, to, expected int) (View, error) {
	before, err := c.own(ctx, who.Team, who.User, expected)
	if err != nil {
		return View{}, err
	}
	old, err := c.version(ctx, who.Team, who.User, before, to)
	if err != nil {
		return View{}, err
	}
	next := setting.Document{Version: expected, Values: old.Values, Choices: old.Choices}
	names := changed(before, next)
	if err := c.admit(ctx, who, setting.LockableOf(names)); err != nil {
		return View{}, err
	}
	if to == expected {
		return c.userView(ctx, who.Team, who.User, before)
	}
	return c.saveUser(ctx, who, next, names)
}

func (c *Configurator) saveUser(ctx context.Context, who caller.Caller, next setting.Document, named []setting.Name) (View, error) {
	shared, err := c.Store.Settings(ctx, who.Team, "")
	if err != nil {
		return View{}, err
	}
	next.Author = who.User
	if err := c.check(ctx, who.Team, &shared, next, named); err != nil {
		return View{}, err
	}
	saved, err := c.save(ctx, who.Team, who.User, next, named)
	if err != nil {
		return View{}, err
	}
	return c.userView(ctx, who.Team, who.User, saved)
}

// admit refuses who is no admin the settings that the lock keeps for admins.
func (c *Configurator) admit(ctx context.Context, who caller.Caller, names []setting.Name) error {
	if who.Admin || len(names) == 0 {
		return nil
	}
	d, err := c.Store.Settings(ctx, who.Team, "")
	if err != nil || d.Locked == nil {
		return err
	}
	refusal := fault.New(fault.Forbidden, "locked", lockedBy(*d.Locked)+"; ask an admin to change it or to unlock")
	for _, name := range names {
		refusal = refusal.With(fault.Detail{Path: string(name), Code: "locked", Message: "only admins may choose this while it is locked"})
	}
	return refusal
}

func (c *Configurator) userView(ctx context.Context, team, user string, own setting.Document) (View, error) {
	shared, err := c.Store.Settings(ctx, team, "")
	if err != nil {
		return View{}, err
	}
	var lock setting.Lock
	if shared.Locked != nil {
		if lock, err = c.Store.Lock(ctx, team); err != nil {
			return View{}, err
		}
	}
	var layers []setting.Layer
	if l, ok := own.Layer(setting.User, user); ok {
		layers = append(layers, l)
	}
	if l, ok := shared.Layer(setting.Team, ""); ok {
		layers = append(layers, l)
	}
	v := View{
		Own: own, Effective: setting.Resolve(layers, lock), Locked: shared.Locked, Standing: setting.Stand(shared, user, own),
	}
	v.Notes = notesOf(v.Effective, v.Locked)
	return v, nil
}
