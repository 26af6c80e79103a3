package ashby

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Page asks for one page of a list. The zero value asks for the first, of
// Ashby's usual size.
type Page struct {
	Cursor    string `json:"cursor,omitempty"`    // NextCursor of the page before, with the same filters
	SyncToken string `json:"syncToken,omitempty"` // only what changed since; goes with every page of its run
	Limit     int    `json:"limit,omitempty"`     // at most 100, Ashby's default
}

// many is a list on the wire.
type many[W plainer[T], T any] []W

func (m many[W, T]) plain() []T {
	out := make([]T, 0, len(m))
	for _, w := range m {
		out = append(out, w.plain())
	}
	return out
}

// maxPages ends a list that does not: 100,000 rows are more than any list that is
// read in one go may have.
const maxPages = 1000

// Every reads all pages of a list, or fails: a part is never given for the whole.
//
//	tags, err := ashby.Every(ctx, account.Tags)
func Every[T any](ctx context.Context, list func(context.Context, Page) (Answer[[]T], error)) ([]T, error) {
	var out []T
	var page Page
	for range maxPages {
		answer, err := list(ctx, page)
		if err != nil {
			return nil, err
		}
		out = append(out, answer.Result...)
		if !answer.More {
			return out, nil
		}
		if answer.NextCursor == "" || answer.NextCursor == page.Cursor {
			return nil, fault.New(fault.Unavailable, CodeAnswerUnread, "Ashby's list does not say how it goes on")
		}
		page.Cursor = answer.NextCursor
	}
	return nil, fault.New(fault.Unavailable, CodeAnswerTooLarge, "Ashby's list does not end")
}
