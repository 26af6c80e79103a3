package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/usecase/review"
)

// Reviews is a page of what only a person can decide.
type Reviews struct {
	Reviews []Review `json:"reviews" doc:"the longest waiting first; those where several candidates could be the person, then deletions"`
	Next    string   `json:"next,omitempty" doc:"cursor of the next page, which may be short; absent on the last"`
}

// Review is a person about whom something is to be decided.
type Review struct {
	Decision
	Person   string     `json:"person"`
	Name     string     `json:"name,omitempty" doc:"of the person, as SourceWhale knows them"`
	Since    *time.Time `json:"since,omitempty" doc:"when the first of their events came to wait"`
	Waiting  int        `json:"waiting" doc:"events that wait for the answer"`
	Suspects []Suspect  `json:"suspects" doc:"in a list with their ids alone; of one review with what Ashby has"`
}

// Suspect is a candidate who could be the person, or the one that was deleted.
type Suspect struct {
	ID       string   `json:"id"`
	Name     string   `json:"name,omitempty"`
	Profile  string   `json:"profile,omitempty" doc:"Ashby's page of the candidate"`
	Emails   []string `json:"emails,omitempty"`
	Evidence []string `json:"evidence,omitempty" doc:"what speaks for it" example:"email ada@example.com"`
	Gone     bool     `json:"gone,omitempty" doc:"Ashby has no such candidate, or not any more"`
}

// AnswerReview is the body of answerReview.
type AnswerReview struct {
	_ struct{} `additionalProperties:"false"`

	Answer    string `json:"answer" enum:"link,create_new,never,recreate,stop"`
	Candidate string `json:"candidate,omitempty" doc:"Ashby's id, for the answer link"`
}

// reviewCursor begins cursors of reviews.
const reviewCursor = "r#"

type reviewsQuery struct {
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"25"`
}

type reviewAnswer struct{ Body Review }

func (s *surface) reviewOperations() {
	const path = "/v1/reviews/{person}"
	list := operation("listReviews", http.MethodGet, "/v1/reviews", "List the people about whom something is to be decided", reviewsExample)
	register(s.api, list, func(ctx context.Context, in *reviewsQuery) (*struct{ Body Reviews }, error) {
		place, err := placeIn(in.Cursor, reviewCursor)
		if err != nil {
			return nil, err
		}
		page, next, err := s.cases.Page(ctx, who(ctx).Team, place, in.Limit)
		if err != nil {
			return nil, err
		}
		out := Reviews{Reviews: []Review{}, Next: placeOut(next, reviewCursor)}
		for _, c := range page {
			out.Reviews = append(out.Reviews, reviewOf(c))
		}
		return &struct{ Body Reviews }{out}, nil
	})
	get := operation("getReview", http.MethodGet, path, "Show the candidates of a review side by side, as Ashby has them", reviewExample,
		http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	register(s.api, get, func(ctx context.Context, in *personPath) (*reviewAnswer, error) { return s.caseOf(ctx, in.Person) })
	answer := operation("answerReview", http.MethodPut, path, "Answer a review", standingExample,
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	answer.Description = "Which candidate it is (link), none of them (create_new), or never; after a deletion recreate, link another, or stop. " +
		"What waits goes on in order. The answer is remembered, and may be changed until something is written."
	register(s.api, answer, s.answerReview)
	describe[AnswerReview](s, http.MethodPut, path, object{"answer": "link", "candidate": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10"})
	undo := operation("undoReview", http.MethodDelete, path, "Take an answer back, as long as nothing was written since", standingExample,
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	register(s.api, undo, func(ctx context.Context, in *personPath) (*standingAnswer, error) {
		if err := who(ctx).Act(); err != nil {
			return nil, err
		}
		if !fit(in.Person) {
			return nil, noSuchPerson()
		}
		if _, err := s.review.Undo(ctx, who(ctx).Team, in.Person); err != nil {
			return nil, err
		}
		return s.standing(ctx, in.Person)
	})
}

func (s *surface) caseOf(ctx context.Context, id string) (*reviewAnswer, error) {
	if !fit(id) {
		return nil, noSuchPerson()
	}
	c, err := s.cases.One(ctx, who(ctx).Team, id)
	if err != nil {
		return nil, err
	}
	return &reviewAnswer{reviewOf(c)}, nil
}

func (s *surface) answerReview(ctx context.Context, in *personBody) (*standingAnswer, error) {
	if err := who(ctx).Act(); err != nil {
		return nil, err
	}
	given, err := textsIn(in.RawBody, []string{"answer"}, []string{"candidate"})
	if err != nil {
		return nil, err
	}
	answer := person.Answer(given["answer"])
	if (answer == person.LinkTo) != (given["candidate"] != "") {
		return nil, refused([]fault.Detail{{Path: "candidate", Code: "candidate_with_link", Message: "name a candidate with the answer link, and with no other"}})
	}
	if !fit(in.Person) {
		return nil, noSuchPerson()
	}
	if _, err := s.review.Answer(ctx, who(ctx).Team, in.Person, who(ctx).User, answer, given["candidate"]); err != nil {
		return nil, err
	}
	return s.standing(ctx, in.Person)
}

func reviewOf(c review.Case) Review {
	out := Review{Person: c.Person.ID, Name: c.Person.Name(), Since: moment(c.Since), Waiting: c.Waiting, Suspects: []Suspect{}}
	if d := decisionOf(c.Person); d != nil {
		out.Decision = *d
	}
	out.Kind = string(c.Question)
	for _, s := range c.Suspects {
		out.Suspects = append(out.Suspects, Suspect(s))
	}
	return out
}
