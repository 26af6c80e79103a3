// Package configure shows and saves what a team chooses: its own values, what is
// in force and where that comes from.
package configure

import (
	"context"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Store keeps a team's settings with every revision.
type Store interface {
	TeamSettings(ctx context.Context, team string) (setting.Document, error)
	// SaveTeamSettings stores values over the expected version. When another is
	// stored: Conflict, with the document that stands there.
	SaveTeamSettings(ctx context.Context, team string, values setting.Values, author string, expected int) (setting.Document, error)
}

// Configurator has the verbs of this package.
type Configurator struct{ Store Store }

// TeamView is a team's settings as they are shown.
type TeamView struct {
	Own       setting.Document
	Effective setting.Effective // for events to which no user, campaign or person adds anything
	Notes     []Note
}

// Note is a remark on settings, with a stable code.
type Note struct {
	Setting setting.Name
	Code    string
	Message string
}

// Team gives a team's settings.
func (c *Configurator) Team(ctx context.Context, team string) (TeamView, error) {
	d, err := c.Store.TeamSettings(ctx, team)
	if err != nil {
		return TeamView{}, err
	}
	return view(d), nil
}

// Stale is the error of a save over a version that is no longer the stored one.
type Stale struct{ Current int }

// Error says so.
func (s *Stale) Error() string { return fmt.Sprintf("the stored version is %d", s.Current) }

// Unwrap makes it a fault of kind Conflict, which names the current version.
func (s *Stale) Unwrap() error {
	return fault.New(fault.Conflict, "stale", "somebody else saved meanwhile; look at the current version and save again").
		With(fault.Detail{Path: "If-Match", Code: "stale", Message: s.Error()})
}

// SaveTeam changes what the patch names, over the version that the author saw,
// and keeps the outcome as a revision. A patch that names nothing makes no
// revision. Errors: *Stale.
func (c *Configurator) SaveTeam(ctx context.Context, team, author string, patch setting.Patch, expected int) (TeamView, error) {
	before, err := c.Store.TeamSettings(ctx, team)
	switch {
	case err != nil:
		return TeamView{}, err
	case before.Version != expected:
		return TeamView{}, &Stale{before.Version}
	case patch.Empty():
		return view(before), nil
	}
	saved, err := c.Store.SaveTeamSettings(ctx, team, patch.Apply(before.Values), author, expected)
	if fault.Is(err, fault.Conflict) {
		return TeamView{}, &Stale{saved.Version}
	}
	if err != nil {
		return TeamView{}, err
	}
	return view(saved), nil
}

func view(d setting.Document) TeamView {
	var layers []setting.Layer
	if own, ok := d.Layer(setting.Team, ""); ok {
		layers = append(layers, own)
	}
	v := TeamView{Own: d, Effective: setting.Resolve(layers, setting.Lock{})}
	if v.Effective.Trigger == setting.OnAdd {
		v.Notes = append(v.Notes, Note{
			setting.OnlySyncedName, "no_effect_with_on_add",
			"while people are added to Ashby when they are added to a campaign, everybody is synced and this switch has no effect",
		})
	}
	return v
}
