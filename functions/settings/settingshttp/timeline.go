package settingshttp

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/explain"
)

// Timeline is a page of a person's events, newest first.
type Timeline struct {
	Person Person  `json:"person"`
	Events []Entry `json:"events"`
	Next   string  `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// Person is what is remembered of a SourceWhale contact.
type Person struct {
	ID         string     `json:"id"`
	Stage      string     `json:"stage,omitempty"`
	Responded  *time.Time `json:"responded_at,omitempty" doc:"when the person first answered"`
	Interested *time.Time `json:"interested_at,omitempty" doc:"when the person first showed interest"`
	Link       *Link      `json:"link,omitempty"`
	Held       bool       `json:"held,omitempty" doc:"an admin holds all of this person's work"`
}

// Link to an Ashby candidate.
type Link struct {
	Kind      string     `json:"kind" enum:"synced,note_only" doc:"note_only: notes go there, fields never"`
	Candidate string     `json:"candidate" doc:"Ashby's id"`
	Profile   string     `json:"profile,omitempty" doc:"Ashby's page of the candidate"`
	Gone      bool       `json:"gone,omitempty" doc:"deleted in Ashby"`
	At        *time.Time `json:"at,omitempty"`
}

// Entry says where an event stands.
type Entry struct {
	Event      string     `json:"event"`
	Type       string     `json:"type" example:"email_sent"`
	OccurredAt time.Time  `json:"occurred_at"`
	AcceptedAt time.Time  `json:"accepted_at"`
	State      string     `json:"state" enum:"pending,waiting,resting,final"`
	Code       string     `json:"code,omitempty" doc:"the reason; absent until it was looked at" example:"created"`
	Message    string     `json:"message" doc:"for people"`
	Detail     string     `json:"detail,omitempty" doc:"what Ashby said, the missing field, …"`
	Due        *time.Time `json:"due,omitempty" doc:"when it is looked at next"`
	Wait       *Wait      `json:"wait,omitempty" doc:"who ends the wait, and how; absent when it does not wait"`
	CarriedBy  string     `json:"carried_by,omitempty" doc:"the later edit of the person that this one went together with"`
	Shared     bool       `json:"shared_candidate,omitempty" doc:"other people are linked to the same candidate; all of them write, and of each value the latest stays"`
	Conflict   bool       `json:"conflicting_duplicate,omitempty" doc:"the same id came again with another content; the first counts"`
}

// Wait says what an event waits for.
type Wait struct {
	Owner  string `json:"owner" enum:"admin,member,push,mirror"`
	Exit   string `json:"exit" doc:"what ends it, for people" example:"activate a key"`
	Reason string `json:"reason,omitempty" doc:"why an event that is due does not go: the connection, or another event of the person; absent when the event's code says it" enum:"not_connected,disconnected,key_refused,key_missing,other_organisation,paused,behind_unknown_write,behind_earlier_event"`
	Behind string `json:"behind,omitempty" doc:"the event of the same person that goes first"`
}

type timelineQuery struct {
	Person string `path:"person" doc:"SourceWhale's id of the person"`
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}

type timelineAnswer struct{ Body Timeline }

func (s *surface) timelineOperations() {
	op := operation("getPersonTimeline", http.MethodGet, "/v1/people/{person}/timeline", "Show a person's events, newest first",
		timelineExample, http.StatusNotFound)
	register(s.api, op, func(ctx context.Context, in *timelineQuery) (*timelineAnswer, error) {
		if !fit(in.Person) {
			return nil, fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
		}
		cursor, err := cursorIn(in.Cursor)
		if err != nil {
			return nil, err
		}
		page, err := s.explain.Timeline(ctx, who(ctx).Team, in.Person, cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		return &timelineAnswer{timelineOf(page)}, nil
	})
}

// fit reports whether an id can be one of ours. What cannot was never stored.
func fit(id string) bool {
	return id != "" && len(id) <= caller.MaxID && !strings.ContainsFunc(id, func(r rune) bool {
		return r == '#' || r == unicode.ReplacementChar || !unicode.IsPrint(r)
	})
}

// A cursor is a place in the timeline, made opaque.
const (
	cursorHead = "t#"
	maxCursor  = 512
)

func cursorIn(text string) (string, error) {
	place, err := placeIn(text, cursorHead)
	if err != nil || text == "" {
		return "", err
	}
	return cursorHead + place, nil
}

// placeIn reads the place behind a cursor of the kind that begins with the head;
// empty for no cursor.
func placeIn(text, head string) (string, error) {
	if text == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	place, ok := strings.CutPrefix(string(raw), head)
	if err != nil || !ok || len(raw) > maxCursor || strings.ContainsFunc(place, func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.IsPrint(r)
	}) {
		return "", fault.New(fault.Invalid, "cursor_malformed", "this cursor is none that we gave; begin without one")
	}
	return place, nil
}

// placeOut makes a cursor of the kind that begins with the head; empty after the
// last page.
func placeOut(place, head string) string {
	if place == "" {
		return ""
	}
	return cursorOut(head + place)
}

func cursorOut(place string) string { return base64.RawURLEncoding.EncodeToString([]byte(place)) }

func timelineOf(p explain.Page) Timeline {
	out := Timeline{Person: personOf(p.Person), Events: []Entry{}, Next: cursorOut(p.Next)}
	for _, e := range p.Events {
		out.Events = append(out.Events, entryOf(e))
	}
	return out
}

func personOf(p person.Person) Person {
	out := Person{
		ID: p.ID, Stage: string(p.Stage), Held: p.Held, Responded: moment(p.Responded.At), Interested: moment(p.Interested.At),
	}
	if l := p.Link; l.Kind != person.NotLinked {
		out.Link = &Link{Kind: string(l.Kind), Candidate: l.Candidate, Profile: l.Profile, Gone: l.Gone, At: moment(l.At)}
	}
	return out
}

func entryOf(of explain.Entry) Entry {
	r := of.Record
	e := Entry{
		Event: r.Event, Type: string(r.Type), OccurredAt: r.OccurredAt.UTC(), AcceptedAt: r.AcceptedAt.UTC(),
		State: string(r.State), Code: string(r.Code), Message: wording.Outcome(r.Code, len(r.Steps) > 0), Detail: r.Detail, CarriedBy: r.CarriedBy, Conflict: r.Conflict, Shared: r.Shared,
	}
	if e.Message == "" || r.State == delivery.Pending {
		e.Message = wording.State(r.State)
	}
	if r.State == delivery.Pending || r.State == delivery.Waiting {
		e.Due = moment(r.Due)
	}
	if w := of.Wait; w != nil {
		e.Wait = &Wait{string(w.Owner), string(w.Exit), string(w.Hold), w.Behind}
		if w.Hold != "" && r.State == delivery.Pending {
			e.Message = wording.Hold(w.Hold, w.Behind)
		}
	}
	return e
}
