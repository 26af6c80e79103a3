package ashby

import (
	"context"
	"time"
)

// Note on a candidate, as read.
type Note struct {
	ID        string
	Content   string // HTML or text; Ashby does not say which
	Private   bool
	AuthorID  string // an Ashby user
	CreatedAt time.Time
}

type noteWire struct {
	ID        string  `json:"id"`
	Content   string  `json:"content"`
	Private   bool    `json:"isPrivate"`
	CreatedAt instant `json:"createdAt"`
	Author    struct {
		ID string `json:"id"`
	} `json:"author"`
}

func (w noteWire) plain() Note {
	return Note{w.ID, w.Content, w.Private, w.Author.ID, time.Time(w.CreatedAt)}
}

// CreateNote writes a note. Ambiguous: look for it with Notes, never repeat.
func (a *Account) CreateNote(ctx context.Context, w CreateNote) (Answer[Note], error) {
	return call[noteWire](ctx, a, w.Method(), w.body())
}

// Notes lists the notes of a candidate that the key may see
// (candidate.listNotes), in no promised order. Private ones are missing, not
// refused, where the key lacks the switch.
func (a *Account) Notes(ctx context.Context, candidateID string, p Page) (Answer[[]Note], error) {
	return call[many[noteWire, Note]](ctx, a, "candidate.listNotes", struct {
		CandidateID string `json:"candidateId"`
		Page
	}{candidateID, p})
}

// EmailMessage is an email filed with a candidate, as Ashby answers.
type EmailMessage struct {
	ID         string
	ProviderID string
}

type emailWire struct {
	ID         string `json:"id"`
	ProviderID string `json:"emailProviderEmailId"`
}

func (w emailWire) plain() EmailMessage { return EmailMessage(w) }

// AddEmailMessage files an email. One that is there already is refused, see
// AlreadyExists.
func (a *Account) AddEmailMessage(ctx context.Context, w AddEmailMessage) (Answer[EmailMessage], error) {
	return call[emailWire](ctx, a, w.Method(), w.body())
}
