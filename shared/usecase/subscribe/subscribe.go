// Package subscribe shows a team where its webhooks go and what signs them, and
// moves on to new secrets and addresses.
package subscribe

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Keys give the keyring and which version it is. The error is Unavailable.
type Keys interface {
	Current(ctx context.Context) (ring webhook.Keyring, version string, err error)
}

// Store keeps what a team uses. A Conflict has code "stale".
type Store interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	Rotations(ctx context.Context, team string) (webhook.Rotations, error)
	SaveRotations(ctx context.Context, team string, r webhook.Rotations) (webhook.Rotations, error)
}

// Registrar tells Ashby the team's present address. registered is false where that
// could not be done; the address before stays good then.
type Registrar interface {
	Reregister(ctx context.Context, team string) (registered bool, err error)
}

// Subscriber has the verbs of this package.
type Subscriber struct {
	Keys      Keys
	Store     Store
	Registrar Registrar
	Public    string // where we are reached; empty: only paths are given
	Now       func() time.Time
	Log       *slog.Logger
}

// Hooks are a team's webhooks.
type Hooks struct {
	Events      Hook
	Secret      webhook.Key // that signs events
	Accepted    int         // secrets that are accepted for events now
	SourceWhale Hook
	Ashby       Hook
	Registered  []string // kinds of webhook that Ashby sends
	// Unregistered says that Ashby could not be told of a new address.
	Unregistered bool
}

// Hook is an address with when it, or its secret, was last changed.
type Hook struct {
	URL string
	webhook.Rotation
}

// Show gives a team's webhooks. Error: Unavailable "secrets_unavailable".
func (s *Subscriber) Show(ctx context.Context, team string) (Hooks, error) {
	ring, used, err := s.read(ctx, team)
	if err != nil {
		return Hooks{}, err
	}
	conn, err := s.Store.Connection(ctx, team)
	if err != nil {
		return Hooks{}, err
	}
	events := ring.InUse(team, webhook.Events, used.Events.Generation)
	return Hooks{
		Events: Hook{s.url("events"), used.Events}, Secret: ring.TeamSecret(team, events), Accepted: len(ring.Live(team)),
		SourceWhale: Hook{s.address(ring, team, webhook.SourceWhaleHook, used), used.SourceWhale},
		Ashby:       Hook{s.address(ring, team, webhook.AshbyHook, used), used.Ashby},
		Registered:  slices.Sorted(maps.Keys(conn.Webhooks)),
	}, nil
}

// AshbyHook says where Ashby is to send a team's webhooks and how it signs them.
func (s *Subscriber) AshbyHook(ctx context.Context, team string) (string, secret.Value, error) {
	ring, used, err := s.read(ctx, team)
	if err != nil {
		return "", secret.Value{}, err
	}
	generation := ring.InUse(team, webhook.AshbyHook, used.Ashby.Generation)
	return s.address(ring, team, webhook.AshbyHook, used), secret.NewValue(ring.AshbySecret(team, generation)), nil
}

func (s *Subscriber) read(ctx context.Context, team string) (webhook.Keyring, webhook.Rotations, error) {
	ring, _, err := s.Keys.Current(ctx)
	if err != nil {
		return webhook.Keyring{}, webhook.Rotations{}, fault.New(fault.Unavailable, "secrets_unavailable",
			"the secrets of webhooks cannot be read now; try again").Because(err)
	}
	used, err := s.Store.Rotations(ctx, team)
	return ring, used, err
}

func (s *Subscriber) address(ring webhook.Keyring, team string, p webhook.Purpose, used webhook.Rotations) string {
	path := map[webhook.Purpose]string{webhook.SourceWhaleHook: "hooks/sourcewhale/", webhook.AshbyHook: "hooks/ashby/"}[p]
	return s.url(path + ring.HookToken(team, p, ring.InUse(team, p, used.Of(p).Generation)))
}

func (s *Subscriber) url(path string) string { return strings.TrimRight(s.Public, "/") + "/v1/" + path }

// Rotate moves a team on to the next secret, or address, of a purpose. What was used
// before is accepted until it is revoked, so that both sides change over in peace.
// Ashby is told its new address at once.
//
// Errors: Conflict "rotation_pending" while the secret before the present one is
// accepted still, "stale"; Unavailable.
func (s *Subscriber) Rotate(ctx context.Context, team, user string, p webhook.Purpose) (Hooks, error) {
	ring, used, err := s.read(ctx, team)
	if err != nil {
		return Hooks{}, err
	}
	next, accepted := ring.Next(team, p, ring.InUse(team, p, used.Of(p).Generation))
	if !accepted {
		return Hooks{}, fault.New(fault.Conflict, "rotation_pending",
			"the secret before this one is still accepted, and only two are at a time; have that one revoked first")
	}
	*used.Of(p) = webhook.Rotation{Generation: next, At: s.Now().UTC(), By: user}
	if _, err := s.Store.SaveRotations(ctx, team, used); err != nil {
		return Hooks{}, err
	}
	s.Log.InfoContext(ctx, "webhook rotated", slog.String("team", team), slog.String("user", user),
		slog.String("purpose", string(p)), slog.Int("generation", next))
	registered := true
	if p == webhook.AshbyHook {
		if registered, err = s.Registrar.Reregister(ctx, team); err != nil {
			return Hooks{}, err
		}
	}
	out, err := s.Show(ctx, team)
	out.Unregistered = !registered
	return out, err
}
