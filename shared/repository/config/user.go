package config

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// seeTries bounds the race of sightings of one user.
const seeTries = 5

// SeeUser keeps what a token or a signed event says of a user of the team, if that
// is news: see caller.Sighting.
func (s *Store) SeeUser(ctx context.Context, team string, seen caller.Sighting) error {
	var err error
	for range seeTries {
		if err = s.seeUser(ctx, team, seen); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return err
}

func (s *Store) seeUser(ctx context.Context, team string, seen caller.Sighting) error {
	key := userKey(team, seen.User)
	kept, token, err := read[caller.Sighting](ctx, s.table, key)
	if err != nil {
		return err
	}
	seen.At = seen.At.UTC()
	seen, news := seen.After(kept)
	if !news {
		return nil
	}
	write, err := s.put(key, seen, token)
	if err != nil {
		return err
	}
	return table.Put(ctx, s.table, write)
}

// Lock gives the team's lock as it stands now, with who is an admin now; the
// admins only while it is on, when alone they matter.
func (s *Store) Lock(ctx context.Context, team string) (setting.Lock, error) {
	d, err := s.Settings(ctx, team, "")
	if err != nil || d.Locked == nil {
		return setting.Lock{}, err
	}
	admins, err := s.Admins(ctx, team)
	return setting.Lock{On: true, Admins: admins}, err
}

// Admins lists the users of a team of whom an admin was seen last.
func (s *Store) Admins(ctx context.Context, team string) ([]string, error) {
	var admins []string
	r := table.Range{Partition: usersPartition(team)}
	for {
		page, err := s.table.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			seen, err := decode[caller.Sighting](item)
			if err != nil {
				return nil, err
			}
			if seen.Admin {
				admins = append(admins, seen.User)
			}
		}
		if r.After = page.Next; r.After == "" {
			return admins, nil
		}
	}
}

func usersPartition(team string) string { return team + "#users" }

func userKey(team, user string) table.Key {
	return table.Key{Partition: usersPartition(team), Sort: user}
}
