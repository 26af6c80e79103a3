package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
)

// Standing is where a person stands.
type Standing struct {
	Person
	Review  *Decision `json:"review,omitempty" doc:"what is to be decided about the person, or was"`
	Pending int       `json:"pending" doc:"events that go in their turn"`
	Waiting int       `json:"waiting" doc:"events that wait for something"`
	Resting int       `json:"resting" doc:"events that are withheld for now"`
	Waits   []Entry   `json:"waits" doc:"those that go or wait, oldest first, at most 20"`
}

// Decision is a question about a person, with its answer if there is one.
type Decision struct {
	Kind       string     `json:"kind,omitempty" enum:"ambiguous,deleted" doc:"absent when nothing is asked any more"`
	Candidates []string   `json:"candidates,omitempty" doc:"Ashby's ids of those who could be the person"`
	Answers    []string   `json:"answers,omitempty" doc:"that the question takes"`
	Answer     string     `json:"answer,omitempty" enum:"link,create_new,never,recreate,stop"`
	Chosen     string     `json:"chosen,omitempty" doc:"the candidate of the answer link"`
	By         string     `json:"by,omitempty" doc:"user id"`
	At         *time.Time `json:"at,omitempty"`
	Undoable   bool       `json:"undoable" doc:"the answer can be taken back: nothing was written since"`
}

// Forgotten says what was removed of a person.
type Forgotten struct {
	Person      string    `json:"person"`
	ForgottenAt time.Time `json:"forgotten_at"`
	Removed     Removed   `json:"removed"`
	InFlight    int       `json:"in_flight" doc:"events with a write to Ashby that was under way or of unknown outcome: Ashby may still carry it out"`
	Kept        string    `json:"kept" doc:"what is still there, for people"`
}

// Removed counts what was kept of a person.
type Removed struct {
	Person   bool `json:"person" doc:"marks, known values, answers"`
	Link     bool `json:"link"`
	Events   int  `json:"events" doc:"with their contents, plans and places in lists"`
	Values   int  `json:"values" doc:"given for the person"`
	Activity int  `json:"activity" doc:"lines of the team's recent activity"`
}

const keptOfForgotten = "A keyed hash of the person's id and of their events' ids, for 400 days, so that late deliveries bring nobody back. " +
	"What is in Ashby is Ashby's: delete the candidate there. Logs hold ids until they expire."

// LinkTo is the body of linkPerson.
type LinkTo struct {
	_ struct{} `additionalProperties:"false"`

	Candidate string `json:"candidate" doc:"Ashby's id"`
}

type personPath struct {
	Person string `path:"person" doc:"SourceWhale's id of the person"`
}

type personBody struct {
	Person string `path:"person" doc:"SourceWhale's id of the person"`
	rawBody
}

type standingAnswer struct{ Body Standing }

type entryAnswer struct{ Body Entry }

func (s *surface) peopleOperations() {
	const path = "/v1/people/{person}"
	get := operation("getPerson", http.MethodGet, path, "Say where a person stands", standingExample, http.StatusNotFound)
	register(s.api, get, func(ctx context.Context, in *personPath) (*standingAnswer, error) { return s.standing(ctx, in.Person) })
	decided := []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict}
	hold := operation("holdPerson", http.MethodPost, path+"/hold", "Hold all work for a person", standingExample, decided...)
	hold.Description = "The person's events wait as held until somebody releases the person. A write that is under way ends first."
	s.decision(hold, s.review.Hold)
	release := operation("releasePerson", http.MethodPost, path+"/release", "Let a held person's work go on, in order", standingExample, decided...)
	s.decision(release, s.review.Release)
	unlink := operation("unlinkPerson", http.MethodDelete, path+"/link", "Take a person's link and answers away", standingExample, decided...)
	unlink.Description = "The next event looks for the person in Ashby afresh. What was written to the candidate stays there."
	s.decision(unlink, s.review.Unlink)
	s.askedForOperations(path)
	s.linkOperation(path + "/link")
	s.forgetOperation(path + "/forget")
}

// decision registers an operation of admins that changes a person.
func (s *surface) decision(op huma.Operation, change func(ctx context.Context, team, id string) (person.Person, error)) {
	register(s.api, op, func(ctx context.Context, in *personPath) (*standingAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		if !fit(in.Person) {
			return nil, noSuchPerson()
		}
		if _, err := change(ctx, who(ctx).Team, in.Person); err != nil {
			return nil, err
		}
		return s.standing(ctx, in.Person)
	})
}

func noSuchPerson() error {
	return fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
}

func (s *surface) standing(ctx context.Context, id string) (*standingAnswer, error) {
	if !fit(id) {
		return nil, noSuchPerson()
	}
	at, err := s.explain.Person(ctx, who(ctx).Team, id)
	if err != nil {
		return nil, err
	}
	out := Standing{
		Person: personOf(at.Person), Review: decisionOf(at.Person), Pending: at.Pending, Waiting: at.Waiting, Resting: at.Resting, Waits: []Entry{},
	}
	for _, e := range at.Waits {
		out.Waits = append(out.Waits, entryOf(e))
	}
	return &standingAnswer{out}, nil
}

func decisionOf(p person.Person) *Decision {
	q, r := p.Asked(), p.Review
	if q == person.NoQuestion && r.Answer == person.Open {
		return nil
	}
	return &Decision{
		Kind: string(q), Candidates: r.Candidates, Answers: texts(q.Offered()), Answer: string(r.Answer), Chosen: r.Chosen, By: r.By,
		At: moment(r.At), Undoable: r.Answer != person.Open && !r.Used,
	}
}

func (s *surface) askedForOperations(path string) {
	push := operation("pushPerson", http.MethodPost, path+"/push", "Put a person into Ashby now, with all that is mapped",
		pendingExample, http.StatusForbidden, http.StatusNotFound)
	push.Description = "As if the trigger were on add: the person is found or created, linked, and all mapped variables are written under their policies. " +
		"The answer is the event that stands for it on the timeline."
	register(s.api, push, func(ctx context.Context, in *personPath) (*entryAnswer, error) {
		if err := who(ctx).Act(); err != nil {
			return nil, err
		}
		return s.ask(ctx, in.Person, event.PushRequested)
	})
	backfill := operation("backfillPerson", http.MethodPost, path+"/backfill", "Push a person, and write the outreach that was withheld",
		pendingExample, http.StatusForbidden, http.StatusNotFound)
	backfill.Description = "As a push; then the withheld outreach of the last 90 days, 200 events at most, in order and with its own times."
	register(s.api, backfill, func(ctx context.Context, in *personPath) (*entryAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		return s.ask(ctx, in.Person, event.BackfillRequested)
	})
}

// ask puts a request onto the person's timeline.
func (s *surface) ask(ctx context.Context, id string, kind event.Type) (*entryAnswer, error) {
	if !fit(id) {
		return nil, noSuchPerson()
	}
	asked, err := s.request.Ask(ctx, request.Asked{
		Team: who(ctx).Team, Person: id, Kind: kind, By: actorOf(who(ctx)), Key: s.token(), Trace: trace.ID(ctx),
	})
	if err != nil {
		return nil, err
	}
	story, err := s.explain.Event(ctx, who(ctx).Team, asked)
	if err != nil {
		return nil, err
	}
	return &entryAnswer{entryOf(story.Entry)}, nil
}

func (s *surface) linkOperation(path string) {
	op := operation("linkPerson", http.MethodPut, path, "Link a person to a candidate by hand", standingExample,
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	op.Description = "Ashby is asked whether it has the candidate. What waited for a decision about the person goes on, in order."
	register(s.api, op, func(ctx context.Context, in *personBody) (*standingAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		given, err := textsIn(in.RawBody, []string{"candidate"}, nil)
		if err != nil {
			return nil, err
		}
		if !fit(in.Person) {
			return nil, noSuchPerson()
		}
		if _, err := s.review.Link(ctx, who(ctx).Team, in.Person, who(ctx).User, given["candidate"]); err != nil {
			return nil, err
		}
		return s.standing(ctx, in.Person)
	})
	describe[LinkTo](s, http.MethodPut, path, object{"candidate": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10"})
}

func (s *surface) forgetOperation(path string) {
	op := operation("forgetPerson", http.MethodPost, path, "Forget a person: remove all that is kept of them", forgottenExample, http.StatusForbidden)
	op.Description = "Removes the person, their events with contents and explanations, given values, and their places in every list. " +
		"Events that were accepted before end as forgotten, however late they come; later ones start anew, by matching. " +
		"Should it break off (503), ask again: it goes on where it stopped."
	register(s.api, op, func(ctx context.Context, in *personPath) (*struct{ Body Forgotten }, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		if !fit(in.Person) {
			return nil, noSuchPerson()
		}
		f, err := s.forget.Person(ctx, who(ctx).Team, in.Person)
		if err != nil {
			return nil, err
		}
		return &struct{ Body Forgotten }{Forgotten{
			Person: in.Person, ForgottenAt: f.At, InFlight: f.InFlight, Kept: keptOfForgotten,
			Removed: Removed{Person: f.Removed.Person, Link: f.Linked, Events: f.Events, Values: f.Values, Activity: f.Activity},
		}}, nil
	})
}
