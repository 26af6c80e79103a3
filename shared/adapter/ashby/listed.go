package ashby

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// leniently is a list whose entries are read one by one: one that is not of the
// documented shape is counted and left out.
type leniently []json.RawMessage

func (l leniently) plain() candidate.Page {
	var p candidate.Page
	for _, raw := range l {
		var w candidateWire
		if json.Unmarshal(raw, &w) != nil || w.ID == "" {
			p.Unreadable++
			continue
		}
		p.Candidates = append(p.Candidates, w.listed())
	}
	return p
}

// listed gives all of a candidate that lists show and that is not private.
func (w candidateWire) listed() candidate.Listed {
	l := candidate.Listed{
		Candidate: w.plain(), Company: w.Company, Position: w.Position, School: w.School, Timezone: w.Timezone,
		Titles: map[string]string{},
	}
	for _, t := range append(w.Tags, w.Source) {
		l.Titles[t.ID] = t.Title
	}
	l.Titles[w.CreditedTo.ID] = strings.TrimSpace(w.CreditedTo.FirstName + " " + w.CreditedTo.LastName)
	delete(l.Titles, "")
	for _, f := range w.CustomFields {
		if f.Private {
			l.Private = append(l.Private, f.ID)
			delete(l.Custom, f.ID) // never to be kept
		}
	}
	return l
}

// List gives a page of all candidates, or of those that changed since a token. A
// fault of which RestartSync is true says that cursor and token are of no use.
func (r *Reader) List(ctx context.Context, asked candidate.Listing) (candidate.Page, error) {
	if err := r.admit(ctx); err != nil {
		return candidate.Page{}, err
	}
	answer, err := call[leniently](ctx, r.account, "candidate.list", Page{Cursor: asked.Cursor, SyncToken: asked.Token})
	if err != nil {
		return candidate.Page{}, err
	}
	page := answer.Result
	if answer.More && (answer.NextCursor == "" || answer.NextCursor == asked.Cursor) {
		return candidate.Page{}, fault.New(fault.Unavailable, CodeAnswerUnread, "Ashby's list does not say how it goes on")
	}
	page.Token = answer.SyncToken
	if answer.More {
		page.Next = answer.NextCursor
	}
	return page, nil
}

type listedWire struct{ candidateWire }

func (w listedWire) plain() candidate.Listed { return w.listed() }

// One reads a candidate as lists show it; ok is false when it is not there, or
// not for this key to see.
func (r *Reader) One(ctx context.Context, id string) (c candidate.Listed, ok bool, err error) {
	if err := r.admit(ctx); err != nil {
		return candidate.Listed{}, false, err
	}
	answer, err := call[listedWire](ctx, r.account, "candidate.info", struct {
		ID string `json:"id"`
	}{id})
	if f := fault.Of(err); err != nil && f.Kind() == fault.Rejected && f.Code() == CodeCandidateNotFound {
		return candidate.Listed{}, false, nil
	}
	return answer.Result, err == nil, err
}

// CustomFields lists the custom fields of candidates, which are remembered for a
// while.
func (r *Reader) CustomFields(ctx context.Context) ([]field.Field, error) {
	answer, err := r.Read(ctx, plan.Ask{Kind: plan.AskFields})
	return answer.Fields, err
}
