package configure

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Change is a version with what it changed of the one before.
type Change struct {
	setting.Document
	Changed []setting.Difference
}

// History gives a page of the versions of a team's settings, or of a user's when
// one is named, newest first. The cursor is empty for the first page; next is
// empty after the last.
func (c *Configurator) History(ctx context.Context, team, user, cursor string, limit int) (page []Change, next string, err error) {
	found, next, err := c.Store.Revisions(ctx, team, user, cursor, limit)
	if err != nil || len(found) == 0 {
		return nil, "", err
	}
	before, err := c.before(ctx, team, user, next)
	if err != nil {
		return nil, "", err
	}
	for i, d := range found {
		previous := before
		if i+1 < len(found) {
			previous = found[i+1]
		}
		page = append(page, Change{d, setting.Differences(previous, d)})
	}
	if before.Version == 0 {
		next = "" // a full page need not be followed by another
	}
	return page, next, nil
}

// before gives the version that a page ends before; the empty one when there is
// none.
func (c *Configurator) before(ctx context.Context, team, user, cursor string) (setting.Document, error) {
	if cursor == "" {
		return setting.Document{}, nil
	}
	page, _, err := c.Store.Revisions(ctx, team, user, cursor, 1)
	if err != nil || len(page) == 0 {
		return setting.Document{}, err
	}
	return page[0], nil
}

// readAtOnce is how many versions are read at a time to find one.
const readAtOnce = 100

// version finds one not newer than the current; 0 is the empty document before
// the first.
func (c *Configurator) version(ctx context.Context, team, user string, current setting.Document, version int) (setting.Document, error) {
	switch {
	case version == 0:
		return setting.Document{}, nil
	case version == current.Version:
		return current, nil
	case version > 0 && version < current.Version:
		for cursor := ""; ; {
			page, next, err := c.Store.Revisions(ctx, team, user, cursor, readAtOnce)
			if err != nil {
				return setting.Document{}, err
			}
			for _, d := range page {
				if d.Version == version {
					return d, nil
				}
			}
			if cursor = next; cursor == "" {
				break
			}
		}
	}
	return setting.Document{}, fault.New(fault.NotFound, "no_such_version", "these settings never had this version")
}
