package ashby

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
)

// candidateWire is Ashby's Candidate, as far as we read it.
type candidateWire struct {
	ID             string           `json:"id"`
	Name           string           `json:"name"`
	CreatedAt      instant          `json:"createdAt"`
	UpdatedAt      instant          `json:"updatedAt"`
	PrimaryEmail   addressWire      `json:"primaryEmailAddress"`
	Emails         []addressWire    `json:"emailAddresses"`
	PrimaryPhone   addressWire      `json:"primaryPhoneNumber"`
	Phones         []addressWire    `json:"phoneNumbers"`
	Links          []Link           `json:"socialLinks"`
	Tags           []titled         `json:"tags"`
	Source         titled           `json:"source"`
	CreditedTo     userWire         `json:"creditedToUser"`
	Location       locationWire     `json:"location"`
	ProfileURL     string           `json:"profileUrl"`
	CustomFields   []fieldValueWire `json:"customFields"`
	ApplicationIDs []string         `json:"applicationIds"`
	Company        string           `json:"company"`
	Position       string           `json:"position"`
	School         string           `json:"school"`
	Timezone       string           `json:"timezone"`
}

type addressWire struct {
	Value   string `json:"value"`
	Primary bool   `json:"isPrimary"`
}

type locationWire struct {
	Summary string `json:"locationSummary"`
}

type fieldValueWire struct {
	ID      string          `json:"id"` // of the field
	Private bool            `json:"isPrivate"`
	Value   json.RawMessage `json:"value"`
}

// titled is what tags, projects and sources have in common.
type titled struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Archived bool   `json:"isArchived"`
}

func (w candidateWire) plain() candidate.Candidate {
	c := candidate.Candidate{
		ID: w.ID, Name: w.Name, ProfileURL: w.ProfileURL,
		Emails:   addresses(w.Emails, w.PrimaryEmail),
		Phones:   addresses(w.Phones, w.PrimaryPhone),
		SourceID: w.Source.ID, CreditedTo: w.CreditedTo.ID, Location: w.Location.Summary,
		CreatedAt: time.Time(w.CreatedAt), UpdatedAt: time.Time(w.UpdatedAt),
	}
	for _, l := range w.Links {
		c.Links = append(c.Links, candidate.Link(l))
	}
	for _, t := range w.Tags {
		c.Tags = append(c.Tags, t.ID)
	}
	for _, f := range w.CustomFields {
		if len(f.Value) == 0 || string(f.Value) == "null" {
			continue
		}
		if c.Custom == nil {
			c.Custom = map[string]candidate.FieldValue{}
		}
		c.Custom[f.ID] = candidate.FieldValue{JSON: string(f.Value)}
	}
	return c
}

// addresses puts the primary one first. Ashby names it twice, marked in the list
// and on its own; either will do.
func addresses(list []addressWire, primary addressWire) []candidate.Address {
	var out []candidate.Address
	for _, a := range list {
		if a.Value != "" {
			out = append(out, candidate.Address{Value: a.Value, Primary: a.Primary || a.Value == primary.Value})
		}
	}
	if primary.Value != "" && !slices.ContainsFunc(out, func(a candidate.Address) bool { return a.Primary }) {
		out = append(out, candidate.Address{Value: primary.Value, Primary: true})
	}
	slices.SortStableFunc(out, func(a, b candidate.Address) int {
		switch {
		case a.Primary == b.Primary:
			return 0
		case a.Primary:
			return -1
		}
		return 1
	})
	return out
}

// instant reads a date-time; one that cannot be read is the zero time, because a
// candidate is of use without it.
type instant time.Time

// UnmarshalJSON never fails.
func (i *instant) UnmarshalJSON(b []byte) error {
	if t, err := time.Parse(time.RFC3339Nano, text(b)); err == nil {
		*i = instant(t.UTC())
	}
	return nil
}

// millis writes a time as milliseconds since 1970. Zero: left out.
type millis time.Time

// IsZero is for omitzero.
func (m millis) IsZero() bool { return time.Time(m).IsZero() }

// MarshalJSON gives an integer.
func (m millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, time.Time(m).UnixMilli(), 10), nil
}
