package ashby

import "time"

// CreateCandidate makes a candidate (candidate.create). Empty members are left
// out; Name is required. Ashby never recognises a candidate that it has already,
// and the time of creation is always Ashby's, so that the candidate shows among
// the recent ones.
type CreateCandidate struct {
	Name             string   `json:"name"`
	Email            string   `json:"email,omitempty"` // becomes primary, personal
	Phone            string   `json:"phoneNumber,omitempty"`
	LinkedIn         string   `json:"linkedInUrl,omitempty"`
	GitHub           string   `json:"githubUrl,omitempty"`
	Website          string   `json:"website,omitempty"` // candidate.update has another name for it
	AlternateEmails  []string `json:"alternateEmailAddresses,omitempty"`
	SourceID         string   `json:"sourceId,omitempty"`
	CreditedToUserID string   `json:"creditedToUserId,omitempty"`
	Location         *Place   `json:"location,omitempty"`
}

// Method of Ashby's.
func (CreateCandidate) Method() string { return "candidate.create" }
func (w CreateCandidate) body() any    { return w }

// UpdateCandidate changes a candidate (candidate.update). Empty members are left
// out and so left alone. Links replaces all social links at Ashby, which then
// ignores LinkedIn, GitHub and Website of the same call. Nobody is notified,
// whatever the caller does.
type UpdateCandidate struct {
	CandidateID      string `json:"candidateId"`
	Name             string `json:"name,omitempty"`
	Email            string `json:"email,omitempty"` // becomes primary
	Phone            string `json:"phoneNumber,omitempty"`
	LinkedIn         string `json:"linkedInUrl,omitempty"`
	GitHub           string `json:"githubUrl,omitempty"`
	Website          string `json:"websiteUrl,omitempty"`
	AlternateEmail   string `json:"alternateEmail,omitempty"` // is added
	Links            []Link `json:"socialLinks,omitempty"`
	SourceID         string `json:"sourceId,omitempty"`
	CreditedToUserID string `json:"creditedToUserId,omitempty"`
	Location         *Place `json:"location,omitempty"`
}

// Method of Ashby's.
func (UpdateCandidate) Method() string { return "candidate.update" }

func (w UpdateCandidate) body() any {
	return struct {
		UpdateCandidate
		SendNotifications bool `json:"sendNotifications"` // true when left out
	}{w, false}
}

// AddTag puts a tag on a candidate; there already, it stays.
type AddTag struct {
	CandidateID string `json:"candidateId"`
	TagID       string `json:"tagId"`
}

// Method of Ashby's.
func (AddTag) Method() string { return "candidate.addTag" }
func (w AddTag) body() any    { return w }

// RemoveTag takes a tag off a candidate.
type RemoveTag struct {
	CandidateID string `json:"candidateId"`
	TagID       string `json:"tagId"`
}

// Method of Ashby's.
func (RemoveTag) Method() string { return "candidate.removeTag" }
func (w RemoveTag) body() any    { return w }

// AddProject puts a candidate into a project.
type AddProject struct {
	CandidateID string `json:"candidateId"`
	ProjectID   string `json:"projectId"`
}

// Method of Ashby's.
func (AddProject) Method() string { return "candidate.addProject" }
func (w AddProject) body() any    { return w }

// CreateNote writes a note (candidate.createNote). Notes cannot be changed or
// removed, and Ashby does not recognise a repeat. Nobody is notified.
type CreateNote struct {
	CandidateID string
	Text        string    // plain text, or HTML of Ashby's nine elements
	HTML        bool      // says which
	Private     bool      // needs a switch of the key, also to be seen again
	CreatedAt   time.Time // zero: now
}

// Method of Ashby's.
func (CreateNote) Method() string { return "candidate.createNote" }

func (w CreateNote) body() any {
	type note struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	kind := "text/plain"
	if w.HTML {
		kind = "text/html"
	}
	return struct {
		CandidateID       string `json:"candidateId"`
		Note              note   `json:"note"`
		SendNotifications bool   `json:"sendNotifications"`
		IsPrivate         bool   `json:"isPrivate,omitempty"`
		CreatedAt         stamp  `json:"createdAt,omitzero"`
	}{w.CandidateID, note{kind, w.Text}, false, w.Private, stamp(w.CreatedAt)}
}

// AddEmailMessage files an email with a candidate (candidate.addEmailMessage).
// ProviderID is unique for each API key: the one write that Ashby recognises
// when it comes twice.
type AddEmailMessage struct {
	CandidateID string
	ProviderID  string
	Subject     string
	From        string
	To          string
	HTML        string // the body
	UserID      string // empty: the key's user
	SentAt      time.Time
	CC          string
	URL         string // of the message
	Header      string // RFC 5322 Message-ID
	ThreadID    string // empty: ProviderID
	Private     bool
}

// Method of Ashby's.
func (AddEmailMessage) Method() string { return "candidate.addEmailMessage" }

func (w AddEmailMessage) body() any {
	return struct {
		CandidateID string `json:"candidateId"`
		ProviderID  string `json:"emailProviderEmailId"`
		Subject     string `json:"subject"`
		From        string `json:"from"`
		To          string `json:"to"`
		Body        string `json:"body"`
		UserID      string `json:"userId,omitempty"`
		SentAt      stamp  `json:"sentAt,omitzero"`
		CC          string `json:"cc,omitempty"`
		URL         string `json:"messageUrl,omitempty"`
		Header      string `json:"messageIdHeader,omitempty"`
		ThreadID    string `json:"threadId,omitempty"`
		Private     bool   `json:"isPrivate,omitempty"`
	}{
		w.CandidateID, w.ProviderID, w.Subject, w.From, w.To, w.HTML, w.UserID, stamp(w.SentAt),
		w.CC, w.URL, w.Header, w.ThreadID, w.Private,
	}
}
