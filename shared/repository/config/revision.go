package config

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Revisions gives a page of the versions of a team's settings, or of a user's of
// it when one is named, newest first. The cursor is empty for the first page; next
// is empty after the last.
func (s *Store) Revisions(
	ctx context.Context, team, user, cursor string, limit int,
) (page []setting.Document, next string, err error) {
	prefix := revisionPrefix(user)
	from, to := table.Prefix(prefix)
	r := table.Range{Partition: settingsPartition(team), From: from, To: to, Limit: limit, Descending: true}
	if cursor != "" {
		r.After = prefix + cursor
	}
	found, err := s.table.Query(ctx, r)
	if err != nil {
		return nil, "", err
	}
	for _, item := range found.Items {
		d, err := decode[setting.Document](item)
		if err != nil {
			return nil, "", err
		}
		page = append(page, d)
	}
	return page, strings.TrimPrefix(found.Next, prefix), nil
}

// place is where a version stands among its level's: the page that has it as its
// cursor begins with the version before.
func place(d setting.Document) string { return fmt.Sprintf("%s#%09d", sortable(d.At), d.Version) }

// revisionPrefix begins the sort keys of a user's revisions; of the team's when no
// user is named.
func revisionPrefix(user string) string {
	if user == "" {
		return "h#team#"
	}
	return "h#user#" + user + "#"
}

func revisionKey(team, user string, d setting.Document) table.Key {
	return table.Key{Partition: settingsPartition(team), Sort: revisionPrefix(user) + place(d)}
}
