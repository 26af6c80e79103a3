// Package candidate is an Ashby candidate as we read it: the parts that decide
// identity and that field policies compare.
package candidate

import (
	"strings"
	"time"
)

// Candidate is an Ashby record. Ashby's API cannot write Position, Company,
// School and Timezone, so they are not here.
type Candidate struct {
	ID         string
	Name       string
	Emails     []Address // primary first
	Phones     []Address
	Links      []Link
	Tags       []string // ids
	SourceID   string
	CreditedTo string
	Location   string // Ashby's one-line summary; empty when none
	ProfileURL string
	Custom     map[string]FieldValue // by field id; only fields with a value
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Address is an email address or phone number.
type Address struct {
	Value   string
	Primary bool
}

// Link is a social link; Type is Ashby's (LinkedIn, GitHub, Website, …).
type Link struct{ Type, URL string }

// FieldValue is a custom field's value: JSON as Ashby gave it.
type FieldValue struct{ JSON string }

// HasEmail reports whether an address is one of the candidate's, case-folded.
func (c Candidate) HasEmail(email string) bool {
	for _, a := range c.Emails {
		if strings.EqualFold(strings.TrimSpace(a.Value), strings.TrimSpace(email)) {
			return true
		}
	}
	return false
}

// PrimaryEmail gives the primary address; empty when there is none.
func (c Candidate) PrimaryEmail() string { return primary(c.Emails) }

// PrimaryPhone gives the primary number; empty when there is none.
func (c Candidate) PrimaryPhone() string { return primary(c.Phones) }

func primary(list []Address) string {
	for _, a := range list {
		if a.Primary {
			return a.Value
		}
	}
	return ""
}

// LastName is the last word of the name, case-folded.
func (c Candidate) LastName() string { return LastName(c.Name) }

// LastName gives the last word of a full name, case-folded; empty for none.
func LastName(name string) string {
	words := strings.Fields(strings.ToLower(name))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
