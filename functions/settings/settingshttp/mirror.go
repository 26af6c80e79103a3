package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	copies "github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
)

// Mirror says how far our copy of the team's candidates is.
type Mirror struct {
	State      string     `json:"state" enum:"none,building,fresh,stale,paused" doc:"paused: nothing is read while the connection is not active"`
	Reading    string     `json:"reading,omitempty" enum:"everything,changes" doc:"absent: nothing is being read now"`
	Pages      int        `json:"pages" doc:"of Ashby's list that this reading has read"`
	Candidates int        `json:"candidates" doc:"that this reading has read"`
	Unreadable int        `json:"unreadable" doc:"candidates that could not be read and are left out"`
	StartedAt  *time.Time `json:"started_at,omitempty" doc:"of this reading"`
	FreshAsOf  *time.Time `json:"fresh_as_of,omitempty" doc:"what was changed in Ashby before then can be found"`
	FullAt     *time.Time `json:"full_at,omitempty" doc:"when everything was read last"`
	NextAt     *time.Time `json:"next_at,omitempty" doc:"when Ashby is read next"`
	Problem    *Trouble   `json:"problem,omitempty" doc:"why the last try failed"`
}

// Trouble is what keeps us from reading.
type Trouble struct {
	Code    string `json:"code" example:"missing_endpoint_permission"`
	Message string `json:"message" doc:"for people"`
}

type mirrorAnswer struct{ Body Mirror }

func (s *surface) mirrorOperations() {
	get := operation("getMirror", http.MethodGet, "/v1/mirror", "Show how far our copy of the team's candidates is", mirrorExample)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*mirrorAnswer, error) {
		return mirrorAnswerOf(s.mirror.View(ctx, who(ctx).Team))
	})
	refresh := operation("refreshMirror", http.MethodPost, "/v1/mirror/refresh", "Have all candidates read again", mirrorExample,
		http.StatusForbidden, http.StatusConflict)
	refresh.Description = "What was read before answers until then. A reading of everything that is under way counts."
	register(s.api, refresh, func(ctx context.Context, _ *struct{}) (*mirrorAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		return mirrorAnswerOf(s.mirror.Refresh(ctx, who(ctx).Team))
	})
}

func mirrorAnswerOf(v mirror.View, err error) (*mirrorAnswer, error) {
	if err != nil {
		return nil, err
	}
	m := Mirror{
		State: string(v.Condition), Unreadable: v.State.Unreadable, FreshAsOf: moment(v.State.FreshAsOf),
		FullAt: moment(v.State.FullAt), NextAt: moment(v.State.NextAt),
	}
	if r := v.State.Run; r != nil {
		m.Reading, m.Pages, m.Candidates, m.StartedAt = "changes", r.Pages, r.Candidates, moment(r.Began)
		if r.Full {
			m.Reading = "everything"
		}
	}
	if v.State.Problem != "" {
		m.Problem = &Trouble{v.State.Problem, v.State.Message}
	}
	return &mirrorAnswer{m}, nil
}

// callersCopy is the copy of the caller's team, as the key of that fingerprint
// sees it: previews look for match keys where pushes do.
type callersCopy struct {
	store       *copies.Store
	fingerprint string
}

// Complete says whether the copy holds all that the key sees.
func (c callersCopy) Complete(ctx context.Context) (time.Time, bool, error) {
	return c.store.Of(who(ctx).Team, c.fingerprint).Complete(ctx)
}

// Bearers gives the candidates that bear a match key, or did lately.
func (c callersCopy) Bearers(ctx context.Context, key string) ([]candidate.Candidate, error) {
	return c.store.Of(who(ctx).Team, c.fingerprint).Bearers(ctx, key)
}
