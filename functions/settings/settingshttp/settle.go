package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// SettleEvent is the body of settleEvent.
type SettleEvent struct {
	_ struct{} `additionalProperties:"false"`

	Answer    string `json:"answer" enum:"applied,send_again" doc:"applied: Ashby has it; send_again: Ashby does not have it"`
	Candidate string `json:"candidate,omitempty" doc:"Ashby's id of the candidate that was made, where the write is a create that was applied"`
}

type settleBody struct {
	Event string `path:"event" doc:"the event's id"`
	rawBody
}

// answersTo lists what may be said of a write whose outcome nobody knows.
func answersTo(r delivery.Record, s delivery.Step, now time.Time) []string {
	if asked, ok := r.Tellable(now); !ok || asked.ID != s.ID {
		return nil
	}
	return []string{string(delivery.Applied), string(delivery.SendAgain)}
}

func (s *surface) settleOperation() {
	const path = "/v1/events/{event}/settle"
	op := operation("settleEvent", http.MethodPost, path, "Say what became of a write whose outcome nobody knows", pendingExample,
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	op.Description = "For an event of the cause settling: looking in Ashby does not show whether the write was applied, for example because the key " +
		"that made it was replaced. Who can see it there says applied, or send_again, and the event goes on. It is for a person to be right: what is " +
		"sent again although it is there, is there twice. Refused while the write is still being looked for (409 still_looking), and when its outcome is known by now (409 nothing_unknown)."
	register(s.api, op, s.settleEvent)
	describe[SettleEvent](s, http.MethodPost, path, object{"answer": "applied"})
}

func (s *surface) settleEvent(ctx context.Context, in *settleBody) (*struct{ Body Entry }, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	given, err := textsIn(in.RawBody, []string{"answer"}, []string{"candidate"})
	if err != nil {
		return nil, err
	}
	told := delivery.Told(given["answer"])
	if told != delivery.Applied && told != delivery.SendAgain {
		return nil, refused([]fault.Detail{{Path: "answer", Code: "not_offered", Message: "this is applied or send_again"}})
	}
	if !fit(in.Event) {
		return nil, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
	}
	if _, err := s.review.Settle(ctx, who(ctx).Team, in.Event, who(ctx).User, told, given["candidate"]); err != nil {
		return nil, err
	}
	story, err := s.explain.Event(ctx, who(ctx).Team, in.Event)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Entry }{entryOf(story.Entry)}, nil
}
