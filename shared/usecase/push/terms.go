package push

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// terms are what a team configured that counts as it stands when an event is
// planned: one reading of it for all that is planned by it.
type terms struct {
	mapping mapping.Mapping
	fence   setting.Lock

	team      string
	teams     Teams
	turn      chan struct{} // holds one element while nobody reads; no mutex, because the store is asked meanwhile
	users     map[string]setting.Standing
	campaigns map[string][]given.Value
}

// terms are those that hold for what is planned now.
func (d *drain) terms() *terms { return d.agreed.Load() }

// renewTerms takes up the terms as they are now.
func (d *drain) renewTerms(ctx context.Context) error {
	t := &terms{
		team: d.team, teams: d.Teams, turn: make(chan struct{}, 1),
		users: map[string]setting.Standing{}, campaigns: map[string][]given.Value{},
	}
	t.turn <- struct{}{}
	var err error
	if t.mapping, err = d.Teams.Mapping(ctx, d.team); err != nil {
		return err
	}
	if t.fence, err = d.Teams.Lock(ctx, d.team); err != nil {
		return err
	}
	d.agreed.Store(t)
	return nil
}

// of gives what holds for an event: of its acting user's settings, and of the
// values given for its campaign and its person. Where no field is displayed there
// are none to be looked for.
func (t *terms) of(ctx context.Context, e event.Event) (setting.Standing, given.Kept, error) {
	standing, err := t.standing(ctx, setting.Asker(e))
	if err != nil || len(standing.Shown) == 0 {
		return standing, given.Kept{}, err
	}
	var kept given.Kept
	if e.Campaign != nil {
		if kept.Campaign, err = t.campaign(ctx, e.Campaign.ID); err != nil {
			return standing, kept, err
		}
	}
	kept.Person, err = t.teams.Values(ctx, t.team, given.ForPerson, e.Person.ID)
	return standing, kept, err
}

// standing gives what holds for a user's events, read once for each user.
func (t *terms) standing(ctx context.Context, user string) (setting.Standing, error) {
	<-t.turn
	defer func() { t.turn <- struct{}{} }()
	if s, known := t.users[user]; known {
		return s, nil
	}
	s, err := t.teams.Standing(ctx, t.team, user)
	if err == nil {
		t.users[user] = s
	}
	return s, err
}

// campaign gives the values given for a campaign, read once for each.
func (t *terms) campaign(ctx context.Context, id string) ([]given.Value, error) {
	<-t.turn
	defer func() { t.turn <- struct{}{} }()
	if values, known := t.campaigns[id]; known {
		return values, nil
	}
	values, err := t.teams.Values(ctx, t.team, given.ForCampaign, id)
	if err == nil {
		t.campaigns[id] = values
	}
	return values, err
}
