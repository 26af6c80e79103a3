package push

import (
	"context"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// terms are what a team configured that counts as it stands when an event is
// planned: one reading of it for all that is planned by it.
type terms struct {
	mapping mapping.Mapping
	fence   setting.Lock

	team  string
	teams Teams
	mu    sync.Mutex
	users map[string]setting.Standing
}

// read takes up the terms as they are now.
func (d *drain) read(ctx context.Context) (*terms, error) {
	t := &terms{team: d.team, teams: d.Teams, users: map[string]setting.Standing{}}
	var err error
	if t.mapping, err = d.Teams.Mapping(ctx, d.team); err != nil {
		return nil, err
	}
	t.fence, err = d.Teams.Lock(ctx, d.team)
	return t, err
}

// standing gives what holds for a user's events, read once for each user.
func (t *terms) standing(ctx context.Context, user string) (setting.Standing, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, known := t.users[user]; known {
		return s, nil
	}
	s, err := t.teams.Standing(ctx, t.team, user)
	if err == nil {
		t.users[user] = s
	}
	return s, err
}
