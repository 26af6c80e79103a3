package settingshttp

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
)

// Inbox sums up what needs somebody.
type Inbox struct {
	Causes []Cause `json:"causes" doc:"those that occur, what a person can do first"`
}

// Cause groups events that need the same of somebody.
type Cause struct {
	Cause     string    `json:"cause" doc:"stable; mandatory:<field> for a blank mandatory field" example:"needs_review"`
	Field     string    `json:"field,omitempty" doc:"id of the mandatory field"`
	Title     string    `json:"title" doc:"for people"`
	Sentence  string    `json:"sentence" doc:"what has happened, for people"`
	Action    Action    `json:"action"`
	Count     int       `json:"count"`
	CountText string    `json:"count_text" example:"10,000+"`
	More      bool      `json:"more" doc:"there are more than were counted"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// Action is what ends a cause.
type Action struct {
	Kind  string `json:"kind" enum:"review,fill,connect,redrive,release,relink,settle,wait"`
	Label string `json:"label" doc:"for people"`
}

// InboxPage is a page of a cause, the longest known first.
type InboxPage struct {
	Entries []InboxEntry `json:"entries"`
	Next    string       `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// InboxEntry is an event that needs somebody.
type InboxEntry struct {
	Event      string    `json:"event"`
	Person     string    `json:"person"`
	Type       string    `json:"type" example:"campaign_added"`
	Since      time.Time `json:"since" doc:"when it came under this cause"`
	Code       string    `json:"code" example:"needs_review"`
	Message    string    `json:"message" doc:"for people"`
	Detail     string    `json:"detail,omitempty" doc:"what Ashby said, the missing field, …"`
	Candidates []string  `json:"candidates,omitempty" doc:"Ashby's ids of those who could be the person"`
	Write      string    `json:"write,omitempty" doc:"the write of which nobody knows whether Ashby applied it" example:"email"`
}

// inboxCursor begins cursors of the inbox.
const inboxCursor = "w#"

type inboxQuery struct {
	Cause  string `path:"cause" doc:"as the inbox names it" example:"needs_review"`
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25"`
}

type inboxPageAnswer struct{ Body InboxPage }

func (s *surface) inboxOperations() {
	get := operation("getInbox", http.MethodGet, "/v1/inbox", "Sum up what needs somebody, by cause", inboxExample)
	get.Description = "Everything that waits for a person, and of what is done with all that did not go and can be sent again. " +
		"Counts are exact up to 10,000."
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*struct{ Body Inbox }, error) {
		counts, err := s.inbox.Causes(ctx, who(ctx).Team)
		if err != nil {
			return nil, err
		}
		out := Inbox{Causes: []Cause{}}
		for _, c := range counts {
			out.Causes = append(out.Causes, causeOf(c))
		}
		return &struct{ Body Inbox }{out}, nil
	})
	list := operation("listInboxCause", http.MethodGet, "/v1/inbox/{cause}", "List the events of a cause, the longest known first",
		inboxPageExample, http.StatusNotFound)
	register(s.api, list, func(ctx context.Context, in *inboxQuery) (*inboxPageAnswer, error) {
		page, err := s.inboxPage(ctx, in.Cause, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		return &inboxPageAnswer{inboxPageOf(page)}, nil
	})
	retry := operation("retryEvent", http.MethodPost, "/v1/events/{event}/retry", "Put an event back to work, now",
		pendingExample, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	retry.Description = "For an event that waits, rests, or did not go: it is planned anew, and what Ashby refused is tried again. " +
		"What was written stays written, and a write whose outcome nobody knows is looked for, not repeated. " +
		"An event that is done with is refused (409 nothing_to_retry)."
	register(s.api, retry, s.retryEvent)
	s.settleOperation()
	s.inboxExport()
}

func (s *surface) inboxPage(ctx context.Context, cause, cursor string, limit int) (inbox.Page, error) {
	place, err := placeIn(cursor, inboxCursor)
	if err != nil {
		return inbox.Page{}, err
	}
	if !fit(cause) {
		return inbox.Page{}, inbox.NoSuchCause()
	}
	return s.inbox.Page(ctx, who(ctx).Team, delivery.Cause(cause), place, limit)
}

func (s *surface) retryEvent(ctx context.Context, in *eventPath) (*struct{ Body Entry }, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	if !fit(in.Event) {
		return nil, fault.New(fault.NotFound, "no_such_event", "no event of this id was recorded")
	}
	if _, err := s.inbox.Retry(ctx, who(ctx).Team, in.Event); err != nil {
		return nil, err
	}
	story, err := s.explain.Event(ctx, who(ctx).Team, in.Event)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Entry }{entryOf(story.Entry)}, nil
}

func causeOf(c delivery.CauseCount) Cause {
	a := wording.Cause(c.Cause)
	field, _ := c.Cause.MandatoryField()
	return Cause{
		Cause: string(c.Cause), Field: field, Title: a.Title, Sentence: a.Why, Action: Action{string(a.Action), a.Label},
		Count: c.Count, CountText: counted(c.Count, c.More), More: c.More, FirstSeen: c.First.UTC(), LastSeen: c.Last.UTC(),
	}
}

// counted writes a count as people do: "1,204", or "10,000+" where there are more.
func counted(n int, more bool) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if more {
		text += "+"
	}
	return text
}

func inboxPageOf(p inbox.Page) InboxPage {
	out := InboxPage{Entries: []InboxEntry{}, Next: placeOut(p.Next, inboxCursor)}
	for _, i := range p.Items {
		r := i.Record
		write, _ := r.Unknown()
		out.Entries = append(out.Entries, InboxEntry{
			Event: r.Event, Person: r.Person, Type: string(r.Type), Since: i.Since.UTC(), Code: string(r.Code),
			Message: wording.Outcome(r.Code, len(r.Steps) > 0), Detail: r.Detail, Candidates: i.Candidates, Write: write.ID,
		})
	}
	return out
}
