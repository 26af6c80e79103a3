package ashby

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// Index is our copy of an account's candidates.
type Index interface {
	// Complete says whether the copy holds all that the key sees, and as of when.
	Complete(ctx context.Context) (asOf time.Time, ok bool, err error)
	// Bearers gives the candidates that bear a match key, or did lately.
	Bearers(ctx context.Context, key string) ([]candidate.Candidate, error)
}

// Indexed gives the reader with a copy to look for match keys in, in the place of
// looking through the account. While the copy is not complete, it looks through
// as much of the account as it may.
func (r *Reader) Indexed(ix Index) *Reader {
	r.index = ix
	return r
}

// beforeCopy is for how long before a copy was read candidates are listed again
// that were added then: clocks differ.
const beforeCopy = 2 * time.Minute

// lookThrough sees to it that match keys can be looked for. Where not everything
// could be looked through, the copy may be complete by now.
func (r *Reader) lookThrough(ctx context.Context) error {
	if r.scanned != nil && (!r.scanned.incomplete || r.index == nil) {
		return nil
	}
	s, err := r.scanNew(ctx)
	if s == nil && err == nil && r.scanned == nil {
		s, err = r.scan(ctx)
	}
	if err != nil || s == nil {
		return err
	}
	r.scanned = s
	return nil
}

// scanNew looks through what was added since the copy was read, which with the
// copy is all; nil while there is no complete copy.
func (r *Reader) scanNew(ctx context.Context) (*scan, error) {
	if r.index == nil {
		return nil, nil //nolint:nilnil // there is nothing to look in
	}
	asOf, ok, err := r.index.Complete(ctx)
	if err != nil || !ok {
		return nil, err
	}
	added, err := r.AddedSince(ctx, asOf.Add(-beforeCopy))
	if err != nil {
		return nil, err
	}
	s := &scan{bearers: map[string][]candidate.Candidate{}, index: r.index}
	for _, c := range added {
		s.add(c)
	}
	return s, nil
}

// of gives the candidates that bear a match key. What was looked through just now
// is newer than the copy.
func (s *scan) of(ctx context.Context, key string) ([]candidate.Candidate, error) {
	found := s.bearers[key]
	if s.index == nil {
		return found, nil
	}
	kept, err := s.index.Bearers(ctx, key)
	if err != nil {
		return nil, err
	}
	for _, c := range kept {
		if !slices.ContainsFunc(found, func(o candidate.Candidate) bool { return o.ID == c.ID }) {
			found = append(slices.Clip(found), c)
		}
	}
	return found, nil
}
