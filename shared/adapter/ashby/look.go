package ashby

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// NotesOf gives all notes of a candidate that the key may see, contents by id. A
// part is never given for the whole. A candidate that is not there, or not for
// this key to see, is Rejected with CodeCandidateNotFound.
func (r *Reader) NotesOf(ctx context.Context, candidateID string) (map[string]string, error) {
	all, err := Every(ctx, admitted(r, func(ctx context.Context, p Page) (Answer[[]Note], error) {
		return r.account.Notes(ctx, candidateID, p)
	}))
	if err != nil {
		return nil, err
	}
	notes := make(map[string]string, len(all))
	for _, n := range all {
		notes[n.ID] = n.Content
	}
	return notes, nil
}

// AddedSince gives all candidates that were added after a moment, as a fresh list
// has them: unlike a search, it does not lag behind. A part is never given for
// the whole.
func (r *Reader) AddedSince(ctx context.Context, t time.Time) ([]candidate.Candidate, error) {
	return Every(ctx, admitted(r, func(ctx context.Context, p Page) (Answer[[]candidate.Candidate], error) {
		return r.account.Candidates(ctx, CandidatesAsked{Page: p, AddedAfter: t})
	}))
}
