package candidates

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// Copy is the copy of one team's candidates, as one key sees them.
type Copy struct {
	store             *Store
	team, fingerprint string
}

// Of gives the copy of a team, as the key of that fingerprint sees it.
func (s *Store) Of(team, fingerprint string) Copy { return Copy{s, team, fingerprint} }

// Complete says whether the copy holds all that the key sees, and as of when.
func (c Copy) Complete(ctx context.Context) (asOf time.Time, ok bool, err error) {
	s, _, err := c.store.State(ctx, c.team)
	return s.FreshAsOf, s.Complete(c.fingerprint), err
}

// Bearers gives the candidates that bear a match key, as they were last read.
// Those that do not any more may be among them.
func (c Copy) Bearers(ctx context.Context, key string) ([]candidate.Candidate, error) {
	ids, err := c.store.Bearers(ctx, c.team, key)
	if err != nil {
		return nil, err
	}
	known, err := c.store.Known(ctx, c.team, ids)
	if err != nil {
		return nil, err
	}
	var out []candidate.Candidate
	for _, id := range ids {
		if k, ok := known[id]; ok && !k.Gone {
			out = append(out, k.Candidate)
		}
	}
	return out, nil
}
