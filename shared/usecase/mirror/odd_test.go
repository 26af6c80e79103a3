package mirror_test

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
)

// old is an Ashby whose answer was on its way for long.
type old struct {
	mirror.Ashby
	c candidate.Listed
}

func (o old) One(context.Context, string) (candidate.Listed, bool, error) { return o.c, true, nil }

// spoilt is an Ashby that gives one candidate an id that can be none, and another
// one that is not of the documented shape.
type spoilt struct {
	mirror.Ashby
	id string
}

func (s spoilt) List(ctx context.Context, asked candidate.Listing) (candidate.Page, error) {
	page, err := s.Ashby.List(ctx, asked)
	for i, c := range page.Candidates {
		if c.ID == s.id {
			page.Candidates[i].ID = "a#b"
		}
	}
	page.Unreadable++
	return page, err
}
