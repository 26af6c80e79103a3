package settingshttp

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

// Preview is what an event would do now. Nothing was written.
type Preview struct {
	State    string    `json:"state" enum:"pending,waiting,resting,final" doc:"that the event would be in"`
	Code     string    `json:"code" example:"created"`
	Message  string    `json:"message" doc:"for people"`
	Detail   string    `json:"detail,omitempty"`
	Row      int       `json:"row,omitempty" doc:"of the sync table; absent when decided beside it"`
	Rule     string    `json:"rule,omitempty" doc:"the row as a sentence"`
	Settings Effective `json:"settings"`
	Plan     Plan      `json:"plan"`
	Note     NotePlan  `json:"note"`
	Calls    []Call    `json:"calls" doc:"to Ashby, in order: byte for byte those of a push with the same inputs"`
	Person   Person    `json:"person" doc:"as the event would leave them, before anything is created"`
}

// Call is a write that a push would make.
type Call struct {
	ID     string `json:"id" example:"create"`
	Method string `json:"method" example:"candidate.create"`
	Body   string `json:"body" doc:"the exact body, JSON; $create.candidateId stands for the id of the candidate that a call before it creates"`
}

// PreviewEvent is the body of previewEvent.
type PreviewEvent struct {
	_ struct{} `additionalProperties:"false"`

	Event map[string]any `json:"event" doc:"an event as POST /v1/events takes it"`
}

type previewAnswer struct{ Body Preview }

func (s *surface) previewOperations() {
	const path = "/v1/preview"
	op := operation("previewEvent", http.MethodPost, path, "Say what an event would do, without doing it", previewExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	op.MaxBodyBytes = eventBody
	op.Description = "Plans the event for the person as they stand now, with the planner that pushes. Reads Ashby where the plan must, and writes nothing."
	huma.Register(s.api, op, func(ctx context.Context, in *rawBody) (*previewAnswer, error) {
		if err := who(ctx).Act(); err != nil {
			return nil, err
		}
		e, err := s.eventIn(ctx, in.RawBody)
		if err != nil {
			return nil, err
		}
		p, err := s.preview.Event(ctx, e)
		if err != nil {
			return nil, err
		}
		return &previewAnswer{previewOf(p)}, nil
	})
	describe[PreviewEvent](s, http.MethodPost, path, map[string]any{"event": eventExample})
}

// eventIn reads the event by the contract, as one of the caller's team.
func (s *surface) eventIn(ctx context.Context, body []byte) (event.Event, error) {
	given, err := members(body)
	if err != nil {
		return event.Event{}, err
	}
	var mistakes []fault.Detail
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if name != "event" {
			mistakes = append(mistakes, unknownMember(name))
		}
	}
	raw, ok := given["event"]
	if !ok || bytes.Equal(raw, []byte("null")) {
		return event.Event{}, refused(append(mistakes, fault.Detail{Path: "event", Code: "required", Message: "give the event to preview"}))
	}
	if raw[0] != '{' {
		return event.Event{}, refused(append(mistakes, fault.Detail{Path: "event", Code: "wrong_type", Message: "an event is an object"}))
	}
	verdict, err := s.verdictOn(ctx, raw)
	if err != nil {
		return event.Event{}, err
	}
	for _, m := range verdict.Mistakes {
		m.Path = "event" + strings.TrimPrefix(m.Path, "events[0]")
		mistakes = append(mistakes, m)
	}
	return verdict.Event, refused(mistakes)
}

func (s *surface) verdictOn(ctx context.Context, raw json.RawMessage) (event.Verdict, error) {
	envelope, err := json.Marshal(struct {
		Team   string            `json:"team"`
		Events []json.RawMessage `json:"events"`
	}{who(ctx).Team, []json.RawMessage{raw}})
	if err != nil {
		return event.Verdict{}, fault.New(fault.Invalid, "malformed_json", "the event is not JSON").Because(err)
	}
	request, err := contract.Open(envelope)
	if err != nil {
		return event.Verdict{}, err
	}
	return request.Events(s.now(), trace.ID(ctx))[0], nil
}

func previewOf(p preview.Preview) Preview {
	out := p.Explanation.Outcome
	shown := Preview{
		State: string(out.Code.State()), Code: string(out.Code), Message: wording.Outcome(out.Code, len(out.Steps) > 0), Detail: out.Detail,
		Row: out.Row, Rule: wording.Row(out.Row), Settings: effectiveOf(p.Explanation.Effective),
		Plan: *planOf(p.Explanation), Note: *noteOf(out.Note), Calls: []Call{}, Person: personOf(p.Person),
	}
	for _, step := range out.Steps {
		shown.Calls = append(shown.Calls, Call{step.ID, step.Method, step.Body})
	}
	return shown
}
