package config

import (
	"context"
	"time"

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
// stands there instead.
func (s *Store) SaveSettings(ctx context.Context, team, user string, next setting.Document) (setting.Document, error) {
	current, token, err := read[setting.Document](ctx, s.table, settingsKey(team, user))
	if err != nil {
		return setting.Document{}, err
	}
	if current.Version != next.Version {
		return current, stale()
	}
	next.Version++
	next.At = after(s.now().UTC(), current.At)
	head, err := s.put(settingsKey(team, user), next, token)
	if err != nil {
		return setting.Document{}, err
	}
	revision, err := s.put(revisionKey(team, user, next), next, "")
	if err != nil {
		return setting.Document{}, err
	}
	err = table.Transact(ctx, s.table, []table.Write{head, revision})
	if _, refused := table.AsRefused(err); refused {
		current, readErr := s.Settings(ctx, team, user)
		if readErr != nil {
			return setting.Document{}, readErr
		}
		return current, stale()
	}
	return next, err
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
