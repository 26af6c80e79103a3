package ashbytest

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

type tagJSON struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	IsArchived bool   `json:"isArchived"`
}

type valueJSON struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	IsPrivate bool   `json:"isPrivate"`
	Value     any    `json:"value"`
	Label     any    `json:"valueLabel,omitempty"`
}

type componentJSON struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

type locationJSON struct {
	ID         string          `json:"id"`
	Summary    string          `json:"locationSummary"`
	Components []componentJSON `json:"locationComponents"`
}

type candidateJSON struct {
	ID             string        `json:"id"`
	CreatedAt      string        `json:"createdAt"`
	UpdatedAt      string        `json:"updatedAt"`
	Name           string        `json:"name"`
	PrimaryEmail   *Contact      `json:"primaryEmailAddress,omitempty"`
	Emails         []Contact     `json:"emailAddresses"`
	PrimaryPhone   *Contact      `json:"primaryPhoneNumber,omitempty"`
	Phones         []Contact     `json:"phoneNumbers"`
	Links          []SocialLink  `json:"socialLinks"`
	Tags           []tagJSON     `json:"tags"`
	Position       string        `json:"position,omitempty"`
	Company        string        `json:"company,omitempty"`
	School         string        `json:"school,omitempty"`
	ApplicationIDs []string      `json:"applicationIds"`
	FileHandles    []string      `json:"fileHandles"`
	Fields         []valueJSON   `json:"customFields"`
	ProfileURL     string        `json:"profileUrl"`
	Source         *sourceJSON   `json:"source,omitempty"`
	CreditedTo     *userJSON     `json:"creditedToUser,omitempty"`
	Timezone       string        `json:"timezone,omitempty"`
	Location       *locationJSON `json:"location,omitempty"`
}

// show renders a candidate as its key may see it.
func (c *call) show(rec *Candidate) candidateJSON {
	return candidateJSON{
		ID:             rec.ID,
		CreatedAt:      stamp(rec.CreatedAt),
		UpdatedAt:      stamp(rec.UpdatedAt),
		Name:           rec.Name,
		PrimaryEmail:   primary(rec.Emails),
		Emails:         orEmpty(rec.Emails),
		PrimaryPhone:   primary(rec.Phones),
		Phones:         orEmpty(rec.Phones),
		Links:          orEmpty(rec.Links),
		Tags:           c.showTags(rec),
		Position:       rec.Position,
		Company:        rec.Company,
		School:         rec.School,
		ApplicationIDs: []string{},
		FileHandles:    []string{},
		Fields:         c.showValues(rec),
		ProfileURL:     "https://app.ashbyhq.com/candidate-searches/new/right-side/candidates/" + rec.ID,
		Source:         showSource(c.org.source(rec.Source)),
		CreditedTo:     showUser(c.org.user(rec.CreditedTo)),
		Timezone:       rec.Timezone,
		Location:       rec.Location.show(),
	}
}

func primary(list []Contact) *Contact {
	for i := range list {
		if list[i].IsPrimary {
			return &list[i]
		}
	}
	return nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (c *call) showTags(rec *Candidate) []tagJSON {
	tags := []tagJSON{}
	for _, id := range rec.Tags {
		if t := c.org.tag(id); t != nil {
			tags = append(tags, tagJSON{t.ID, t.Title, t.IsArchived})
		}
	}
	return tags
}

func (c *call) showValues(rec *Candidate) []valueJSON {
	values := []valueJSON{}
	for _, v := range rec.Fields {
		if f := c.org.field(v.Field); f != nil && c.seesField(f) {
			values = append(values, showValue(f, v.Value))
		}
	}
	return values
}

func (l *Location) show() *locationJSON {
	if l == nil {
		return nil
	}
	shown := locationJSON{ID: l.ID, Components: []componentJSON{}}
	var names []string
	for _, part := range []componentJSON{{"Country", l.Country}, {"Region", l.Region}, {"City", l.City}} {
		if part.Name != "" {
			shown.Components = append(shown.Components, part)
			names = append(names, part.Name)
		}
	}
	shown.Summary = strings.Join(names, ", ")
	return &shown
}

// sees says whether the key can see a candidate at all: people on confidential
// jobs and projects are as if they did not exist without that switch.
func (c *call) sees(rec *Candidate) bool {
	if rec.Gone() {
		return false
	}
	if c.key.Confidential {
		return true
	}
	return !rec.Confidential && !slices.ContainsFunc(rec.Projects, func(id string) bool {
		p := c.org.project(id)
		return p != nil && p.Confidential
	})
}

// candidate finds the candidate that a parameter names.
func (c *call) candidate(name string) (*Candidate, *failure) {
	rec := c.org.candidates[strings.ToLower(c.text(name))]
	if rec == nil || !c.sees(rec) {
		return nil, notFound("candidate")
	}
	return rec, nil
}

func candidateInfo(c *call) (any, *failure) {
	if !c.has("id") {
		if c.has("externalMappingId") {
			return nil, notFound("candidate") // nothing here sets such ids
		}
		return nil, invalid("id", "Missing required parameter: id")
	}
	rec, f := c.candidate("id")
	if f != nil {
		return nil, f
	}
	return c.show(rec), nil
}

// between reads createdAfter and createdBefore.
func (c *call) between() (after, before time.Time, f *failure) {
	read := func(name string) time.Time {
		n, ok := c.body[name].(float64)
		if !ok {
			return time.Time{}
		}
		t := time.UnixMilli(int64(n))
		if t.After(c.now) {
			f = invalid(name, name+" must not be in the future")
		}
		return t
	}
	after, before = read("createdAfter"), read("createdBefore")
	if f == nil && !after.IsZero() && !before.IsZero() && after.After(before) {
		f = invalid("createdAfter", "createdAfter must not be after createdBefore")
	}
	return after, before, f
}

func candidateList(c *call) (any, *failure) {
	after, before, f := c.between()
	if f != nil {
		return nil, f
	}
	return c.page(listing{
		filters: fmt.Sprint(c.body["createdAfter"], c.body["createdBefore"], c.modes.ListOrder),
		syncs:   true,
		items: func(from *place) iter.Seq[item] {
			return func(yield func(item) bool) {
				for rec := range c.inOrder(from) {
					if !after.IsZero() && !rec.AddedAt.After(after) || !before.IsZero() && !rec.AddedAt.Before(before) || !c.sees(rec) {
						continue
					}
					if !yield(item{placeOf(rec), rec.Rev, func() any { return c.show(rec) }}) {
						return
					}
				}
			}
		},
	})
}

func placeOf(rec *Candidate) place { return place{rec.AddedAt.UnixMilli(), rec.Seq} }

// inOrder yields candidates by time of adding, from a place on.
func (c *call) inOrder(from *place) iter.Seq[*Candidate] {
	added := c.org.added
	at := func(rec *Candidate, p place) int {
		return cmp.Or(cmp.Compare(rec.AddedAt.UnixMilli(), p.At), cmp.Compare(rec.Seq, p.Seq))
	}
	return func(yield func(*Candidate) bool) {
		if c.modes.ListOrder == "desc" {
			end := len(added)
			if from != nil {
				end, _ = slices.BinarySearchFunc(added, *from, at)
			}
			for i := end - 1; i >= 0; i-- {
				if !yield(added[i]) {
					return
				}
			}
			return
		}
		start := 0
		if from != nil {
			start, _ = slices.BinarySearchFunc(added, *from, at)
		}
		for _, rec := range added[start:] {
			if !yield(rec) {
				return
			}
		}
	}
}
