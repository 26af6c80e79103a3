package config

import (
	"context"
	"fmt"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// TeamSettings gives a team's own settings; the empty document, version 0, when
// it never saved any.
func (s *Store) TeamSettings(ctx context.Context, team string) (setting.Document, error) {
	d, _, err := read[setting.Document](ctx, s.table, settingsKey(team))
	return d, err
}

// SaveTeamSettings stores values over the version that the caller read, and the
// same as a revision. It gives the stored document; with a Conflict ("stale") the
// one that stands there instead.
func (s *Store) SaveTeamSettings(
	ctx context.Context, team string, values setting.Values, author string, expected int,
) (setting.Document, error) {
	current, token, err := read[setting.Document](ctx, s.table, settingsKey(team))
	if err != nil {
		return setting.Document{}, err
	}
	if current.Version != expected {
		return current, stale()
	}
	next := setting.Document{
		Version: expected + 1, Values: values, Author: author, At: after(s.now().UTC(), current.At),
	}
	head, err := s.put(settingsKey(team), next, token)
	if err != nil {
		return setting.Document{}, err
	}
	revision, err := s.put(revisionKey(team, next), next, "")
	if err != nil {
		return setting.Document{}, err
	}
	err = table.Transact(ctx, s.table, []table.Write{head, revision})
	if _, refused := table.AsRefused(err); refused {
		current, readErr := s.TeamSettings(ctx, team)
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
// time: the newest revision not later than it, none when nothing was saved by
// then. Users' own choices are not kept yet, so the user makes no difference.
func (s *Store) LayersAt(ctx context.Context, team, _ string, at time.Time) ([]setting.Layer, error) {
	page, err := s.table.Query(ctx, table.Range{
		Partition:  settingsKey(team).Partition,
		From:       revisionPrefix,
		To:         revisionPrefix + sortable(at.Add(time.Nanosecond)),
		Limit:      1,
		Descending: true,
	})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	d, err := decode[setting.Document](page.Items[0])
	if err != nil {
		return nil, err
	}
	if layer, ok := d.Layer(setting.Team, ""); ok {
		return []setting.Layer{layer}, nil
	}
	return nil, nil
}

func revisionKey(team string, d setting.Document) table.Key {
	return table.Key{
		Partition: settingsKey(team).Partition,
		Sort:      fmt.Sprintf("%s%s#%09d", revisionPrefix, sortable(d.At), d.Version),
	}
}

func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }
