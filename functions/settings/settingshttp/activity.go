package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// Activity is a page of what has happened lately, newest first.
type Activity struct {
	Events []Happening `json:"events"`
	Next   string      `json:"next,omitempty" doc:"cursor of the next page, which may be short; absent on the last"`
}

// Happening is an event that came to stand elsewhere.
type Happening struct {
	At      time.Time `json:"at"`
	Event   string    `json:"event"`
	Person  string    `json:"person"`
	Type    string    `json:"type" example:"email_sent"`
	State   string    `json:"state" enum:"waiting,resting,final" doc:"as it was then"`
	Code    string    `json:"code" example:"synced"`
	Message string    `json:"message" doc:"for people"`
}

// activityCursor begins cursors of the activity.
const activityCursor = "a#"

type activityQuery struct {
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Type   string `query:"type" doc:"only events of this type"`
	Code   string `query:"code" doc:"only what came to this"`
	State  string `query:"state" enum:"waiting,resting,final" doc:"only what came to stand there"`
	Person string `query:"person" doc:"only this person"`
}

// wanted is the query as a filter.
func (q activityQuery) wanted(h delivery.Happening) bool {
	same := func(asked, is string) bool { return asked == "" || asked == is }
	return same(q.Type, h.Type) && same(q.Code, string(h.Code)) && same(q.State, string(h.State)) && same(q.Person, h.Person)
}

func (s *surface) activityOperations() {
	op := operation("listActivity", http.MethodGet, "/v1/activity", "List what has happened lately in the team, newest first", activityExample)
	op.Description = "A recent view of the last 30 days: what the drain carried out, put to wait or withheld. It is written by the handful, and a crash may " +
		"take some lines; the record of a person is their timeline, and the explanation that of an event. What only came in and was not looked at yet is not in it."
	register(s.api, op, func(ctx context.Context, in *activityQuery) (*struct{ Body Activity }, error) {
		place, err := placeIn(in.Cursor, activityCursor)
		if err != nil {
			return nil, err
		}
		page, next, err := s.activity(ctx, who(ctx).Team, place, in.Limit, in.wanted)
		if err != nil {
			return nil, err
		}
		out := Activity{Events: []Happening{}, Next: placeOut(next, activityCursor)}
		for _, h := range page {
			out.Events = append(out.Events, Happening{
				h.At.UTC(), h.Event, h.Person, h.Type, string(h.State), string(h.Code), wording.Outcome(h.Code, true),
			})
		}
		return &struct{ Body Activity }{out}, nil
	})
}
