package settingshttp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

// AnswerOrganisation is the body of answerOrganisation.
type AnswerOrganisation struct {
	_      struct{} `additionalProperties:"false"`
	Answer string   `json:"answer" enum:"keep_links,start_fresh" doc:"keep_links: it is the same organisation after all; start_fresh: no link counts any more, people are matched anew"`
}

// connectionTurns are the operations that an admin turns a connection with while
// the key stays.
func (s *surface) connectionTurns() {
	const path = "/v1/connection"
	pause := operation("pauseConnection", http.MethodPost, path+"/pause", "Keep all work where it is until somebody resumes", pausedExample,
		http.StatusForbidden, http.StatusConflict)
	register(s.api, pause, func(ctx context.Context, _ *struct{}) (*connectionAnswer, error) {
		return administered(ctx, func(team, user string) (connect.Report, error) { return s.connect.Pause(ctx, team, user) })
	})
	resume := operation("resumeConnection", http.MethodPost, path+"/resume", "Let the work go on, in order", connectionExample,
		http.StatusForbidden, http.StatusConflict)
	register(s.api, resume, func(ctx context.Context, _ *struct{}) (*connectionAnswer, error) {
		return administered(ctx, func(team, _ string) (connect.Report, error) { return s.connect.Resume(ctx, team) })
	})
	const question = path + "/organisation"
	answer := operation("answerOrganisation", http.MethodPut, question, "Say whether the key belongs to the links that there are", connectionExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	answer.Description = "Asked when a new key sees none of a few candidates that people are linked to (reason other_organisation). " +
		"Work is kept until the answer. 409 nothing_asked at any other time."
	register(s.api, answer, func(ctx context.Context, in *rawBody) (*connectionAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		a, err := answerIn(in.RawBody)
		if err != nil {
			return nil, err
		}
		return connected(s.connect.Answer(ctx, who(ctx).Team, who(ctx).User, a))
	})
	describe[AnswerOrganisation](s, http.MethodPut, question, map[string]string{"answer": "keep_links"})
}

func administered(ctx context.Context, act func(team, user string) (connect.Report, error)) (*connectionAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	return connected(act(who(ctx).Team, who(ctx).User))
}

func answerIn(body []byte) (connection.Answer, error) {
	raw, mistakes, err := soleIn(body, "answer")
	if err != nil {
		return "", err
	}
	var a connection.Answer
	if json.Unmarshal(raw, &a) != nil || a != connection.KeepLinks && a != connection.StartFresh {
		mistakes = append(mistakes, fault.Detail{Path: "answer", Code: "not_an_answer", Message: "answer keep_links or start_fresh"})
	}
	return a, refused(mistakes)
}
