package config

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Settings gives the own settings of a team, or of a user of it when one is
// named; the empty document, version 0, when there never were any.
func (s *Store) Settings(ctx context.Context, team, user string) (setting.Document, error) {
	d, _, err := read[setting.Document](ctx, s.table, settingsKey(team, user))
	return d, err
}

// SaveSettings stores settings of a team, or of a user of it when one is named,
// over the version that they bear, and the same as a revision. It gives the
// document with its new version and time; with a Conflict ("stale") the one that
// stands there instead. Which fields the team protects is its mapping's to say
// (decision 11): where the document has others, the mapping is saved with it.
func (s *Store) SaveSettings(ctx context.Context, team, user string, next setting.Document) (setting.Document, error) {
	for try := 1; ; try++ {
		current, token, err := read[setting.Document](ctx, s.table, settingsKey(team, user))
		if err != nil {
			return setting.Document{}, err
		}
		if current.Version != next.Version {
			return current, stale()
		}
		saved, writes, err := s.settingsWrites(team, user, next, current, token)
		if err != nil {
			return setting.Document{}, err
		}
		if user == "" {
			more, err := s.protectingWrites(ctx, team, saved)
			if err != nil {
				return setting.Document{}, err
			}
			writes = append(writes, more...)
		}
		err = table.Transact(ctx, s.table, writes)
		if _, refused := table.AsRefused(err); !refused {
			return saved, err
		}
		// Perhaps it was only the mapping that another writer saved meanwhile.
		if try == besideTries {
			return current, stale()
		}
	}
}

// besideTries bounds the race of a save with writers of the document beside it.
const besideTries = 3

// settingsWrites makes the writes of settings over those that stand there: where
// they stand, and their revision.
func (s *Store) settingsWrites(
	team, user string, next, current setting.Document, token string,
) (setting.Document, []table.Write, error) {
	next.Version++
	next.At = after(s.now().UTC(), current.At)
	head, err := s.put(settingsKey(team, user), next, token)
	if err != nil {
		return setting.Document{}, nil, err
	}
	revision, err := s.put(revisionKey(team, user, next), next, "")
	return next, []table.Write{head, revision}, err
}

// protectingWrites makes the writes of the mapping in which the fields of a team's
// settings are protected; none where it has these already.
func (s *Store) protectingWrites(ctx context.Context, team string, d setting.Document) ([]table.Write, error) {
	m, token, err := s.mapping(ctx, team)
	if err != nil || sameSet(m.Protected(), d.Choices.Protected) {
		return nil, err
	}
	m = m.WithProtected(d.Choices.Protected)
	m.Author = d.Author
	_, writes, err := s.putMapping(team, m, token)
	return writes, err
}

// protectedWrites makes the writes of a team's settings that say which fields its
// mapping protects; none where they say so already.
func (s *Store) protectedWrites(ctx context.Context, team string, m mapping.Mapping) ([]table.Write, error) {
	d, token, err := read[setting.Document](ctx, s.table, settingsKey(team, ""))
	if err != nil || sameSet(m.Protected(), d.Choices.Protected) {
		return nil, err
	}
	next := d
	next.Choices.Protected, next.Author = m.Protected(), m.Author
	_, writes, err := s.settingsWrites(team, "", next, d, token)
	return writes, err
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// Standing gives what holds now for a user's events of the settings that count as
// they stand; without a user, the team's alone.
func (s *Store) Standing(ctx context.Context, team, user string) (setting.Standing, error) {
	shared, err := s.Settings(ctx, team, "")
	if err != nil {
		return setting.Standing{}, err
	}
	var own setting.Document
	if user != "" {
		if own, err = s.Settings(ctx, team, user); err != nil {
			return setting.Standing{}, err
		}
	}
	return setting.Stand(shared, user, own), nil
}

// after makes times rise with versions: clocks of two machines may disagree.
func after(now, last time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Nanosecond)
}

// LayersAt gives the saved layers that were in force for a user's events at a
// time, the user's and the team's: of each the newest revision not later than it,
// none where nothing was saved by then. Without a user, the team's alone.
func (s *Store) LayersAt(ctx context.Context, team, user string, at time.Time) ([]setting.Layer, error) {
	var layers []setting.Layer
	if user != "" {
		own, ok, err := s.documentAt(ctx, team, user, at)
		if err != nil {
			return nil, err
		}
		if layer, saved := own.Layer(setting.User, user); ok && saved {
			layers = append(layers, layer)
		}
	}
	d, ok, err := s.documentAt(ctx, team, "", at)
	if err != nil {
		return nil, err
	}
	if layer, saved := d.Layer(setting.Team, ""); ok && saved {
		layers = append(layers, layer)
	}
	return layers, nil
}

func (s *Store) documentAt(ctx context.Context, team, user string, at time.Time) (d setting.Document, ok bool, err error) {
	prefix := revisionPrefix(user)
	page, err := s.table.Query(ctx, table.Range{
		Partition:  settingsPartition(team),
		From:       prefix,
		To:         prefix + sortable(at.Add(time.Nanosecond)),
		Limit:      1,
		Descending: true,
	})
	if err != nil || len(page.Items) == 0 {
		return setting.Document{}, false, err
	}
	d, err = decode[setting.Document](page.Items[0])
	return d, err == nil, err
}

func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }
