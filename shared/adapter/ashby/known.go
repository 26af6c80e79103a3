package ashby

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// known looks for match keys in our own copy alone, and says that it saw not all
// where there is none that is complete.
func (r *Reader) known(ctx context.Context, keys []string) (plan.Answer, error) {
	if r.index == nil {
		return plan.Answer{Incomplete: true}, nil
	}
	if _, complete, err := r.index.Complete(ctx); err != nil || !complete {
		return plan.Answer{Incomplete: true}, err
	}
	found, err := bearing(ctx, keys, r.index.Bearers)
	return plan.Answer{Candidates: found}, err
}

// bearing gives the candidates that bear any of the keys, each once.
func bearing(
	ctx context.Context, keys []string, bearers func(ctx context.Context, key string) ([]candidate.Candidate, error),
) ([]candidate.Candidate, error) {
	var all []candidate.Candidate
	for _, key := range keys {
		found, err := bearers(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if !slices.ContainsFunc(all, func(o candidate.Candidate) bool { return o.ID == c.ID }) {
				all = append(all, c)
			}
		}
	}
	return all, nil
}
