package settingshttp

import (
	"context"
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

// Previews are what events would do now. Nothing was written.
type Previews struct {
	Events   []Preview `json:"events" doc:"in the order in which a push would take them, person by person"`
	Warnings []Note    `json:"warnings" doc:"what somebody might overlook"`
}

// Preview is what one event would do.
type Preview struct {
	Event     string    `json:"event" doc:"the event's id"`
	State     string    `json:"state" enum:"pending,waiting,resting,final" doc:"that the event would be in"`
	Code      string    `json:"code" example:"created"`
	Message   string    `json:"message" doc:"for people"`
	Detail    string    `json:"detail,omitempty"`
	CarriedBy string    `json:"carried_by,omitempty" doc:"the later edit of the person that this one would go together with"`
	Row       int       `json:"row,omitempty" doc:"of the sync table; absent when decided beside it"`
	Rule      string    `json:"rule,omitempty" doc:"the row as a sentence"`
	Settings  Effective `json:"settings"`
	Plan      Plan      `json:"plan"`
	Note      NotePlan  `json:"note"`
	Calls     []Call    `json:"calls" doc:"to Ashby, in order: byte for byte those of a push with the same inputs"`
	Person    Person    `json:"person" doc:"as the event would leave them"`
}

// Call is a write that a push would make.
type Call struct {
	ID     string `json:"id" example:"create"`
	Method string `json:"method" example:"candidate.create"`
	Body   string `json:"body" doc:"the exact body, JSON; $create.candidateId stands for the id of the candidate that a call before it creates, $ID.candidateId for the one that the event ID creates"`
}

// PreviewRequest is the body of previewEvent: one of its members.
type PreviewRequest struct {
	_ struct{} `additionalProperties:"false"`

	Event  map[string]any   `json:"event,omitempty" doc:"an event as POST /v1/events takes it"`
	Events []map[string]any `json:"events,omitempty" doc:"several, which are taken in the order in which they happened" maxItems:"25"`
	Person string           `json:"person,omitempty" doc:"SourceWhale's id of a person: what a push of all that is known of them would do"`
}

type previewAnswer struct{ Body Previews }

func (s *surface) previewOperations() {
	const path = "/v1/preview"
	op := operation("previewEvent", http.MethodPost, path, "Say what events, or a push of a person, would do, without doing it", previewExample,
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	op.MaxBodyBytes = eventBody
	op.Description = "Plans for the person as they stand now, with the planner that pushes. Of several events each is planned as if those before it had gone; " +
		"edits that go together are one. Reads Ashby where the plan must, and writes nothing."
	register(s.api, op, func(ctx context.Context, in *rawBody) (*previewAnswer, error) {
		if err := who(ctx).Act(); err != nil {
			return nil, err
		}
		asked, err := s.previewIn(ctx, in.RawBody)
		if err != nil {
			return nil, err
		}
		out, err := s.previewed(ctx, asked)
		if err != nil {
			return nil, err
		}
		return &previewAnswer{previewsOf(out)}, nil
	})
	describe[PreviewRequest](s, http.MethodPost, path, map[string]any{"event": eventExample})
}

func (s *surface) previewed(ctx context.Context, asked previewAsked) (preview.Result, error) {
	c := who(ctx)
	if asked.person != "" {
		return s.preview.Person(ctx, c.Team, asked.person, event.Actor{ID: c.User})
	}
	return s.preview.Events(ctx, c.Team, asked.events)
}

func previewsOf(r preview.Result) Previews {
	out := Previews{Events: []Preview{}, Warnings: []Note{}}
	for _, p := range r.Events {
		out.Events = append(out.Events, previewOf(p))
	}
	for _, w := range r.Warnings {
		out.Warnings = append(out.Warnings, Note{Code: string(w), Message: wording.Previewed(string(w))})
	}
	return out
}

func previewOf(p preview.Preview) Preview {
	out := p.Explanation.Outcome
	shown := Preview{
		Event: p.Event.ID, CarriedBy: p.CarriedBy,
		State: string(out.Code.State()), Code: string(out.Code), Message: wording.Outcome(out.Code, len(out.Steps) > 0), Detail: out.Detail,
		Row: out.Row, Rule: wording.Row(out.Row), Settings: effectiveOf(p.Explanation.Effective),
		Plan: *planOf(p.Explanation), Note: *noteOf(out.Note), Calls: callsOf(out.Steps), Person: personOf(p.Person),
	}
	return shown
}

func callsOf(steps []plan.Step) []Call {
	out := []Call{}
	for _, s := range steps {
		out = append(out, Call{s.ID, s.Method, s.Body})
	}
	return out
}
