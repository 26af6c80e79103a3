package record

import (
	"context"
	"log/slog"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// see keeps what a team's events of the batch say of who is an admin, each user's
// latest: the lock goes by it. That it cannot be kept costs no event; the next one
// or the user's next token says it again.
func (b *batch) see(ctx context.Context, team string) {
	latest := map[string]event.Event{}
	for _, i := range b.of(team) {
		e := b.events[i]
		if e.Actor.ID == "" || !e.Actor.AdminSaid || b.errs[i] != nil {
			continue
		}
		if known, ok := latest[e.Actor.ID]; !ok || !e.AcceptedAt.Before(known.AcceptedAt) {
			latest[e.Actor.ID] = e
		}
	}
	for user, e := range latest {
		seen := caller.Sighting{User: user, Admin: e.Actor.Admin, At: e.AcceptedAt}
		if err := b.Users.SeeUser(ctx, team, seen); err != nil {
			b.Log.LogAttrs(ctx, slog.LevelWarn, "user not noted", slog.String("team", team), slog.String("user", user),
				slog.String("error", fault.Of(err).Code()))
		}
	}
}
