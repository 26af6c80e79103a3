package ashbytest

import "time"

// The records below are the simulated organisation's whole state: what the
// journal stores and what [Ashby.Dump] shows. They are never changed in place;
// a change stores a new record over the old one.

// Org is one customer organisation of Ashby.
type Org struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Key is an API key.
type Key struct {
	ID        string    `json:"id"`
	Org       string    `json:"org"`
	Secret    string    `json:"secret"`
	Title     string    `json:"title"`
	Scopes    []string  `json:"scopes"` // as in [AllScopes]
	CreatedAt time.Time `json:"createdAt"`
	// User is the Ashby user that notes and emails of this key are by.
	User string `json:"user"`
	// Confidential is "Allow access to confidential jobs and projects?".
	Confidential bool `json:"confidential"`
	// Private is "Allow access to non-offer private fields?".
	Private  bool `json:"private"`
	Disabled bool `json:"disabled"`
}

// LastFour is all of a key that the call log ever shows.
func (k Key) LastFour() string { return lastFour(k.Secret) }

func lastFour(secret string) string {
	if len(secret) < 4 {
		return ""
	}
	return secret[len(secret)-4:]
}

// Candidate is a person in one organisation.
type Candidate struct {
	ID         string       `json:"id"`
	Org        string       `json:"org"`
	Seq        int64        `json:"seq"` // order of creation
	Rev        int64        `json:"rev"` // grows with every change that a sync shows
	Name       string       `json:"name"`
	Emails     []Contact    `json:"emails,omitempty"`
	Phones     []Contact    `json:"phones,omitempty"`
	Links      []SocialLink `json:"links,omitempty"`
	Tags       []string     `json:"tags,omitempty"`     // ids
	Projects   []string     `json:"projects,omitempty"` // ids
	Fields     []Value      `json:"fields,omitempty"`
	Position   string       `json:"position,omitempty"`
	Company    string       `json:"company,omitempty"`
	School     string       `json:"school,omitempty"`
	Timezone   string       `json:"timezone,omitempty"`
	Source     string       `json:"source,omitempty"`     // id
	CreditedTo string       `json:"creditedTo,omitempty"` // user id
	Location   *Location    `json:"location,omitempty"`
	CreatedAt  time.Time    `json:"createdAt"`
	AddedAt    time.Time    `json:"addedAt"` // what lists sort and filter by
	UpdatedAt  time.Time    `json:"updatedAt"`
	// IndexedAt is when search begins to find the candidate.
	IndexedAt time.Time `json:"indexedAt"`
	// Confidential hides the candidate from keys without that switch, as being
	// on a confidential job does.
	Confidential bool `json:"confidential,omitempty"`
	// Notified counts the writes that notified subscribers.
	Notified int `json:"notified,omitempty"`
	// MergedInto is the survivor's id once this candidate was merged away.
	MergedInto string `json:"mergedInto,omitempty"`
	Deleted    bool   `json:"deleted,omitempty"`
}

// Gone reports whether the candidate was merged away or deleted.
func (c Candidate) Gone() bool { return c.Deleted || c.MergedInto != "" }

// Contact is an email address or a phone number.
type Contact struct {
	Value     string `json:"value"`
	Type      string `json:"type"` // Personal, Work or Other
	IsPrimary bool   `json:"isPrimary"`
}

// SocialLink is a profile on a network, such as {"LinkedIn", url}.
type SocialLink struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// Location is a candidate's place.
type Location struct {
	ID      string `json:"id"`
	Country string `json:"country,omitempty"`
	Region  string `json:"region,omitempty"`
	City    string `json:"city,omitempty"`
}

// Value is a custom field's value on a candidate.
type Value struct {
	Field string `json:"field"` // id
	Value any    `json:"value"`
}

// Note is a note on a candidate.
type Note struct {
	ID        string    `json:"id"`
	Org       string    `json:"org"`
	Candidate string    `json:"candidate"`
	Seq       int64     `json:"seq"`
	Rev       int64     `json:"rev"`
	Content   string    `json:"content"`
	IsPrivate bool      `json:"isPrivate"`
	Author    string    `json:"author"` // user id
	Key       string    `json:"key"`    // key id
	CreatedAt time.Time `json:"createdAt"`
	// WrittenAt is when the call was applied, whatever createdAt says.
	WrittenAt time.Time `json:"writtenAt"`
}

// Email is an email message on a candidate.
type Email struct {
	ID              string    `json:"id"`
	Org             string    `json:"org"`
	Candidate       string    `json:"candidate"`
	Seq             int64     `json:"seq"`
	Key             string    `json:"key"` // key id; ProviderID is unique within it
	ProviderID      string    `json:"providerId"`
	Subject         string    `json:"subject"`
	From            string    `json:"from"`
	To              string    `json:"to"`
	Body            string    `json:"body"`
	CC              string    `json:"cc,omitempty"`
	MessageURL      string    `json:"messageUrl,omitempty"`
	MessageIDHeader string    `json:"messageIdHeader,omitempty"`
	ThreadID        string    `json:"threadId"`
	User            string    `json:"user"`
	IsPrivate       bool      `json:"isPrivate"`
	SentAt          time.Time `json:"sentAt"`
	WrittenAt       time.Time `json:"writtenAt"`
}

// Tag is a candidate tag.
type Tag struct {
	ID         string `json:"id"`
	Org        string `json:"org"`
	Seq        int64  `json:"seq"`
	Rev        int64  `json:"rev"`
	Title      string `json:"title"`
	IsArchived bool   `json:"isArchived"`
}

// Field is a custom field's definition.
type Field struct {
	ID          string   `json:"id"`
	Org         string   `json:"org"`
	Seq         int64    `json:"seq"`
	Rev         int64    `json:"rev"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	ObjectType  string   `json:"objectType"`
	FieldType   string   `json:"fieldType"`
	IsArchived  bool     `json:"isArchived"`
	IsRequired  bool     `json:"isRequired"`
	IsPrivate   bool     `json:"isPrivate"`
	DateOnly    bool     `json:"dateOnly,omitempty"`
	APIOnly     bool     `json:"apiOnly,omitempty"` // isEditableOnlyViaPublicApi
	Options     []Option `json:"options,omitempty"`
}

// Option is one choice of a select field.
type Option struct {
	Label      string `json:"label"`
	Value      string `json:"value"`
	IsArchived bool   `json:"isArchived"`
}

// Source is where candidates come from; SourceType groups them.
type Source struct {
	ID         string     `json:"id"`
	Org        string     `json:"org"`
	Seq        int64      `json:"seq"`
	Title      string     `json:"title"`
	IsArchived bool       `json:"isArchived"`
	Type       SourceType `json:"type"`
}

// SourceType is a group of sources.
type SourceType struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	IsArchived bool   `json:"isArchived"`
}

// User is a person who works in the organisation.
type User struct {
	ID        string    `json:"id"`
	Org       string    `json:"org"`
	Seq       int64     `json:"seq"`
	Rev       int64     `json:"rev"`
	FirstName string    `json:"firstName"`
	LastName  string    `json:"lastName"`
	Email     string    `json:"email"`
	Role      string    `json:"role"` // globalRole
	Disabled  bool      `json:"disabled,omitempty"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Project is a talent project.
type Project struct {
	ID           string    `json:"id"`
	Org          string    `json:"org"`
	Seq          int64     `json:"seq"`
	Rev          int64     `json:"rev"`
	Title        string    `json:"title"`
	Description  string    `json:"description,omitempty"`
	IsArchived   bool      `json:"isArchived"`
	Confidential bool      `json:"confidential"`
	Author       string    `json:"author,omitempty"` // user id
	CreatedAt    time.Time `json:"createdAt"`
}
