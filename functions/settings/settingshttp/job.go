package settingshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
	"github.com/sourcewhale/ashby-sync/shared/usecase/bulk"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
)

// Job is work on many people or events that somebody asked for.
type Job struct {
	Job      string     `json:"job" doc:"its id"`
	Kind     string     `json:"kind" enum:"push,backfill,redrive"`
	Cause    string     `json:"cause,omitempty" doc:"of a redrive"`
	State    string     `json:"state" enum:"running,done,failed,cancelled"`
	Total    int        `json:"total" doc:"people, or events"`
	More     bool       `json:"more,omitempty" doc:"there were more events than were counted"`
	Sent     int        `json:"sent" doc:"put to work so far"`
	Done     int        `json:"done" doc:"carried out; of a redrive: sent again"`
	Waiting  int        `json:"waiting" doc:"wait for something, as the inbox says"`
	Failed   int        `json:"failed" doc:"nobody known, refused, or set aside"`
	Forecast int        `json:"forecast_seconds,omitempty" doc:"until it is done, roughly; absent when it is over"`
	By       string     `json:"by" doc:"user id"`
	At       time.Time  `json:"at"`
	Changed  time.Time  `json:"changed_at"`
	Errors   []JobError `json:"errors" doc:"the first 20"`
}

// JobError is one of the things that a job could not do.
type JobError struct {
	About   string `json:"about,omitempty" doc:"the person, or the event"`
	Code    string `json:"code" example:"no_such_person"`
	Message string `json:"message" doc:"for people"`
}

// Jobs is a page of a team's jobs, newest first.
type Jobs struct {
	Jobs []Job  `json:"jobs" doc:"of the last 30 days; what became of each person is told of one job at a time"`
	Next string `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// ManyPeople is the body of pushPeople and backfillPeople.
type ManyPeople struct {
	_ struct{} `additionalProperties:"false"`

	People []string `json:"people" minItems:"1" maxItems:"1000" doc:"SourceWhale's ids"`
}

// ManyEvents is the body of retryEvents.
type ManyEvents struct {
	_ struct{} `additionalProperties:"false"`

	Events []string `json:"events" minItems:"1" maxItems:"1000"`
}

// jobCursor begins cursors of jobs.
const jobCursor = "j#"

type jobPath struct {
	Job string `path:"job" doc:"the job's id"`
}

type causeInPath struct {
	Cause string `path:"cause" doc:"as the inbox names it" example:"rejected"`
}

type jobsQuery struct {
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}

type jobAnswer struct{ Body Job }

func (s *surface) jobOperations() {
	s.manyOperation("pushPeople", "/v1/push", "Put many people into Ashby, as a job", job.Push,
		"Each person as by pushPerson. Replies and other live work go first. A person nobody knows is an error of the job, not of the request.")
	s.manyOperation("backfillPeople", "/v1/backfill", "Push many people and write what was withheld, as a job", job.Backfill, "Each person as by backfillPerson.")
	redrive := operation("redriveCause", http.MethodPost, "/v1/inbox/{cause}/redrive", "Send all of a cause again, as a job", redriveExample,
		http.StatusForbidden, http.StatusNotFound)
	redrive.Description = "Each event as by retryEvent: those that are listed now, not what comes back meanwhile."
	register(s.api, redrive, func(ctx context.Context, in *causeInPath) (*jobAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		if !fit(in.Cause) {
			return nil, inbox.NoSuchCause()
		}
		j, err := s.jobs.Redrive(ctx, who(ctx).Team, who(ctx).User, delivery.Cause(in.Cause))
		return begun(j, err)
	})
	s.manyEventsOperation()
	list := operation("listJobs", http.MethodGet, "/v1/jobs", "List the team's jobs, newest first", object{"jobs": []any{redriveExample}})
	register(s.api, list, s.listJobs)
	get := operation("getJob", http.MethodGet, "/v1/jobs/{job}", "Show how far a job is", jobExample, http.StatusNotFound)
	register(s.api, get, func(ctx context.Context, in *jobPath) (*jobAnswer, error) {
		if !fit(in.Job) {
			return nil, noSuchJob()
		}
		return jobAnswered(s.jobs.Job(ctx, who(ctx).Team, in.Job))
	})
	cancel := operation("cancelJob", http.MethodDelete, "/v1/jobs/{job}", "Cancel a job", merged(jobExample, object{"state": "cancelled"}),
		http.StatusForbidden, http.StatusNotFound)
	cancel.Description = "What has not begun will not. What was carried out stays, and what is under way ends. A job that is over stays as it is."
	register(s.api, cancel, func(ctx context.Context, in *jobPath) (*jobAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		if !fit(in.Job) {
			return nil, noSuchJob()
		}
		return jobAnswered(s.jobs.Cancel(ctx, who(ctx).Team, in.Job))
	})
}

func noSuchJob() error { return fault.New(fault.NotFound, "no_such_job", "there is no such job") }

func (s *surface) manyOperation(id, path, summary string, kind job.Kind, description string) {
	op := operation(id, http.MethodPost, path, summary, jobExample,
		http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	op.MaxBodyBytes, op.Description = eventBody, description
	register(s.api, op, func(ctx context.Context, in *rawBody) (*jobAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		people, err := idsIn(in.RawBody, "people")
		if err != nil {
			return nil, err
		}
		j, err := s.jobs.People(ctx, who(ctx).Team, who(ctx).User, kind, people)
		return begun(j, err)
	})
	describe[ManyPeople](s, http.MethodPost, path, object{"people": []any{"person-301", "person-302"}})
}

func (s *surface) manyEventsOperation() {
	const path = "/v1/events/retry"
	op := operation("retryEvents", http.MethodPost, path, "Put many events back to work, as a job", merged(jobExample, object{"kind": "redrive"}),
		http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	op.MaxBodyBytes, op.Description = eventBody, "Each event as by retryEvent. One that is done with is an error of the job, not of the request."
	register(s.api, op, func(ctx context.Context, in *rawBody) (*jobAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		events, err := idsIn(in.RawBody, "events")
		if err != nil {
			return nil, err
		}
		j, err := s.jobs.Events(ctx, who(ctx).Team, who(ctx).User, events)
		return begun(j, err)
	})
	describe[ManyEvents](s, http.MethodPost, path, object{"events": []any{"evt-8812", "evt-8813"}})
}

// idsIn reads a list of ids, the one member of a body, with all mistakes at once.
func idsIn(body []byte, member string) ([]string, error) {
	raw, mistakes, err := soleIn(body, member)
	if err != nil {
		return nil, err
	}
	mistake := func(code, message string) {
		mistakes = append(mistakes, fault.Detail{Path: member, Code: code, Message: message})
	}
	var ids []string
	switch {
	case raw == nil:
		mistake("required", "give a list of ids")
	case json.Unmarshal(raw, &ids) != nil:
		mistake("wrong_type", "this is a list of ids")
	case len(ids) == 0:
		mistake("empty", "name at least one")
	case len(ids) > job.MostNamed:
		mistake("too_many", "name a thousand at most, and make more jobs for more")
	}
	for i, id := range ids {
		if !fit(id) && len(mistakes) < job.MostErrors {
			mistakes = append(mistakes, fault.Detail{Path: fmt.Sprintf("%s[%d]", member, i), Code: "bad_id", Message: "this is no id"})
		}
	}
	return ids, refused(mistakes)
}

func (s *surface) listJobs(ctx context.Context, in *jobsQuery) (*struct{ Body Jobs }, error) {
	place, err := placeIn(in.Cursor, jobCursor)
	if err != nil {
		return nil, err
	}
	page, next, err := s.jobs.Jobs(ctx, who(ctx).Team, place, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Jobs{Jobs: []Job{}, Next: placeOut(next, jobCursor)}
	for _, j := range page {
		out.Jobs = append(out.Jobs, jobOf(bulk.Progress{Job: j, State: j.State, Done: j.Sent, Failed: j.Missed}))
	}
	return &struct{ Body Jobs }{out}, nil
}

func begun(j job.Job, err error) (*jobAnswer, error) {
	return jobAnswered(bulk.Progress{Job: j, State: j.State}, err)
}

func jobAnswered(p bulk.Progress, err error) (*jobAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &jobAnswer{jobOf(p)}, nil
}

func jobOf(p bulk.Progress) Job {
	out := Job{
		Job: p.ID, Kind: string(p.Kind), Cause: string(p.Cause), State: string(p.State), Total: p.Total, More: p.More, Sent: p.Sent,
		Done: p.Done, Waiting: p.Waiting, Failed: p.Failed, Forecast: int(math.Ceil(p.Forecast.Seconds())),
		By: p.By, At: p.At.UTC(), Changed: p.Changed.UTC(), Errors: []JobError{},
	}
	for _, e := range p.Errors {
		out.Errors = append(out.Errors, JobError{e.About, e.Code, e.Why})
	}
	return out
}
