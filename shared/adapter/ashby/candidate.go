package ashby

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// Candidate reads one candidate (candidate.info). One that is not there, or not
// for this key to see, is Rejected with CodeCandidateNotFound.
func (a *Account) Candidate(ctx context.Context, id string) (Answer[candidate.Candidate], error) {
	return call[candidateWire](ctx, a, "candidate.info", struct {
		ID string `json:"id"` // candidateId everywhere else
	}{id})
}

// CandidatesAsked narrows candidate.list.
type CandidatesAsked struct {
	Page
	AddedAfter time.Time // zero: no limit; Ashby compares the time at which a candidate was added
}

// Candidates lists candidates (candidate.list), a page at a time.
func (a *Account) Candidates(ctx context.Context, asked CandidatesAsked) (Answer[[]candidate.Candidate], error) {
	return call[many[candidateWire, candidate.Candidate]](ctx, a, "candidate.list", struct {
		Page
		CreatedAfter millis `json:"createdAfter,omitzero"`
	}{asked.Page, millis(asked.AddedAfter)})
}

// Search finds candidates by email or name, or by both at once
// (candidate.search): at most 100, the name by any part of it. Never believe it
// without comparing.
func (a *Account) Search(ctx context.Context, email, name string) (Answer[[]candidate.Candidate], error) {
	return call[many[candidateWire, candidate.Candidate]](ctx, a, "candidate.search", struct {
		Email string `json:"email,omitempty"`
		Name  string `json:"name,omitempty"`
	}{email, name})
}

// CreateCandidate makes a candidate. Ambiguous: there may or may not be a new one.
func (a *Account) CreateCandidate(ctx context.Context, w CreateCandidate) (Answer[candidate.Candidate], error) {
	return call[candidateWire](ctx, a, w.Method(), w.body())
}

// UpdateCandidate changes a candidate.
func (a *Account) UpdateCandidate(ctx context.Context, w UpdateCandidate) (Answer[Ack], error) {
	return acknowledge(ctx, a, w)
}

// AddTag puts a tag on a candidate.
func (a *Account) AddTag(ctx context.Context, candidateID, tagID string) (Answer[Ack], error) {
	return acknowledge(ctx, a, AddTag{candidateID, tagID})
}

// RemoveTag takes a tag off a candidate.
func (a *Account) RemoveTag(ctx context.Context, candidateID, tagID string) (Answer[Ack], error) {
	return acknowledge(ctx, a, RemoveTag{candidateID, tagID})
}

// AddProject puts a candidate into a project.
func (a *Account) AddProject(ctx context.Context, candidateID, projectID string) (Answer[Ack], error) {
	return acknowledge(ctx, a, AddProject{candidateID, projectID})
}
