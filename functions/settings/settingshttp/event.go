package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/explain"
)

// Explanation is all that is known of an event.
type Explanation struct {
	Entry
	Person   string    `json:"person"`
	Row      int       `json:"row,omitempty" doc:"of the sync table; absent when decided beside it"`
	Rule     string    `json:"rule,omitempty" doc:"the row as a sentence"`
	Flags    []string  `json:"flags,omitempty" doc:"what was noticed when the event came in"`
	Note     *NotePlan `json:"note,omitempty" doc:"whether the event gives a note; absent until it was looked at"`
	Settings Effective `json:"settings" doc:"in force for this event"`
	Plan     *Plan     `json:"plan,omitempty" doc:"what was planned; absent when nothing was, or no more than a note"`
	Steps    []Step    `json:"steps" doc:"writes to Ashby, in order"`
}

// Plan is what was planned and on what grounds.
type Plan struct {
	At             *time.Time `json:"at,omitempty"`
	KeyFingerprint string     `json:"key_fingerprint,omitempty"`
	MappingVersion int        `json:"mapping_version" doc:"0: the built-in one"`
	TeamVersion    int        `json:"team_version" doc:"of the team's settings, of which displayed, mandatory, protected, native_email, backfill and private_notes counted as they stood; 0: never saved"`
	UserVersion    int        `json:"user_version" doc:"of the acting user's settings; 0: never saved, or nobody acted"`
	Reads          []Read     `json:"reads" doc:"what was asked of Ashby, in order"`
	Fields         []Field    `json:"fields" doc:"every mapped or given field, written or not"`
	Carries        []string   `json:"carries,omitempty" doc:"earlier edits of the person that went together with this one"`
	Review         []string   `json:"review,omitempty" doc:"candidates that could be the person"`
}

// Read is a question to Ashby.
type Read struct {
	Kind string `json:"kind" enum:"candidate,email,keys,index,fields,sources,tags,projects,users,user,member"`
	Arg  string `json:"arg,omitempty"`
}

// Field is what happens to one field and why.
type Field struct {
	Field   string   `json:"field" doc:"id"`
	Title   string   `json:"title,omitempty"`
	From    []string `json:"from,omitempty" doc:"the variables it is mapped from; absent for a given value"`
	Policy  string   `json:"policy,omitempty" enum:"never,only_if_blank,append,always"`
	Action  string   `json:"action" enum:"skip,write,write_union,clear"`
	Code    string   `json:"code,omitempty" doc:"why it is not, or not yet, written" example:"protected"`
	Message string   `json:"message" doc:"for people"`
	Value   string   `json:"value,omitempty" doc:"what would have come, where it is not written"`
	Before  string   `json:"before,omitempty"`
	After   string   `json:"after,omitempty" doc:"what was to be there"`
	Step    string   `json:"step,omitempty" doc:"id of the step that writes it"`
}

// NotePlan says whether there is a note, and if not, why.
type NotePlan struct {
	Written bool   `json:"written"`
	As      string `json:"as,omitempty" enum:"note,email" doc:"email: filed as an email message, because the team wants that; absent when nothing is written"`
	Lacks   string `json:"lacks,omitempty" doc:"the parts for lack of which it is a note and not an email" example:"subject, from"`
	Code    string `json:"code,omitempty" example:"note_type_off"`
	Message string `json:"message,omitempty" doc:"for people"`
}

// Step is one write to Ashby and what came of it.
type Step struct {
	ID        string     `json:"id" example:"note"`
	Method    string     `json:"method" example:"candidate.createNote"`
	Status    string     `json:"status" enum:"intent,done,rejected,not_sent,unknown,disputed"`
	Message   string     `json:"message" doc:"for people"`
	Attempts  int        `json:"attempts"`
	IntentAt  *time.Time `json:"intent_at,omitempty" doc:"when the last attempt was announced"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
	RemoteID  string     `json:"remote_id,omitempty" doc:"of what Ashby made"`
	RequestID string     `json:"request_id,omitempty" doc:"Ashby's, for its support"`
	Code      string     `json:"code,omitempty" doc:"Ashby's, when it refused"`
	Reason    string     `json:"reason,omitempty" doc:"Ashby's words, when it refused"`
	Warnings  []string   `json:"warnings,omitempty" doc:"Ashby's"`
	ToldBy    string     `json:"told_by,omitempty" doc:"the user who said what became of it, where looking in Ashby did not show"`
	Answers   []string   `json:"answers,omitempty" enum:"applied,send_again" doc:"what somebody may say of it by settleEvent; absent while it is known, or being looked for"`
}

type eventPath struct {
	Event string `path:"event" doc:"the event's id"`
}

type explanationAnswer struct{ Body Explanation }

func (s *surface) eventOperations() {
	op := operation("explainEvent", http.MethodGet, "/v1/events/{event}", "Say what became of an event, and why",
		explanationExample, http.StatusNotFound)
	register(s.api, op, func(ctx context.Context, in *eventPath) (*explanationAnswer, error) {
		if !fit(in.Event) {
			return nil, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
		}
		story, err := s.explain.Event(ctx, who(ctx).Team, in.Event)
		if err != nil {
			return nil, err
		}
		return &explanationAnswer{explanationOf(story, s.now())}, nil
	})
}

func explanationOf(s explain.Story, now time.Time) Explanation {
	r := s.Record
	out := Explanation{
		Entry: entryOf(s.Entry), Person: r.Person, Row: r.Row, Rule: wording.Row(r.Row), Settings: effectiveOf(s.Settings), Steps: []Step{},
	}
	if s.Event != nil {
		out.Flags = texts(s.Event.Flags)
	}
	if s.Note != nil {
		out.Note = noteOf(*s.Note)
	}
	if s.Plan != nil {
		out.Plan = planOf(*s.Plan)
	}
	for _, step := range r.Steps {
		shown := stepOf(step)
		shown.Answers = answersTo(r, step, now)
		out.Steps = append(out.Steps, shown)
	}
	return out
}

func planOf(x plan.Explanation) *Plan {
	out := &Plan{
		At: moment(x.PlannedAt), KeyFingerprint: x.KeyFingerprint, MappingVersion: x.MappingVersion, TeamVersion: x.TeamVersion, UserVersion: x.UserVersion,
		Reads: []Read{}, Fields: []Field{}, Review: x.Outcome.Review, Carries: x.Carried,
	}
	for _, ask := range x.Asks {
		out.Reads = append(out.Reads, Read{string(ask.Kind), ask.Arg})
	}
	for _, f := range x.Outcome.Fields {
		out.Fields = append(out.Fields, fieldOf(f))
	}
	return out
}

func noteOf(n plan.NoteResult) *NotePlan {
	out := &NotePlan{Written: n.Written, Lacks: n.Lacks, Code: string(n.Code), Message: wording.Note(n.Code)}
	if n.Written {
		out.As, out.Message = "note", wording.NoteLacks(n.Lacks)
	}
	if n.Email {
		out.As = "email"
	}
	return out
}

func fieldOf(f plan.FieldResult) Field {
	return Field{
		Field: f.Field, Title: f.Title, From: texts(f.From), Policy: string(f.Policy), Action: string(f.Action),
		Code: string(f.Code), Message: wording.Happened(f.Action, f.Code), Value: f.Value, Before: f.Before, After: f.After, Step: f.Step,
	}
}

func stepOf(s delivery.Step) Step {
	return Step{
		ID: s.ID, Method: s.Method, Status: string(s.Status), Message: wording.Step(s), Attempts: s.Attempts,
		IntentAt: moment(s.IntentAt), DoneAt: moment(s.DoneAt), RemoteID: s.RemoteID, RequestID: s.RequestID,
		Code: s.Code, Reason: s.Message, Warnings: s.Warnings, ToldBy: s.ToldBy,
	}
}
