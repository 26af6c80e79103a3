package settingshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/query"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/usecase/search"
)

// Filters is what candidates can be searched by.
type Filters struct {
	Filters   []FilterDefinition `json:"filters" doc:"the fields that the team chose as filterable, or the caller among them"`
	FreshAsOf *time.Time         `json:"fresh_as_of,omitempty" doc:"absent until all candidates were read once"`
}

// FilterDefinition is a field with what may be asked of it.
type FilterDefinition struct {
	Field     string   `json:"field" example:"source"`
	Title     string   `json:"title" example:"Source"`
	Type      string   `json:"type" doc:"Ashby's" example:"ValueSelect"`
	Kind      string   `json:"kind" enum:"text,choice,choices,number,date,boolean,presence"`
	Operators []string `json:"operators" doc:"that fit the kind"`
	Sortable  bool     `json:"sortable"`
	Options   []Option `json:"options,omitempty" doc:"of choices: what any_of, all_of and none_of take"`
}

// SearchRequest is the body of searchCandidates.
type SearchRequest struct {
	_ struct{} `additionalProperties:"false"`

	Filters []SearchFilter `json:"filters,omitempty" maxItems:"20" doc:"all of them must hold"`
	Sort    *SearchSort    `json:"sort,omitempty" doc:"absent: by name"`
	Cursor  string         `json:"cursor,omitempty" doc:"next of the page before, with the same filters and sort"`
	Limit   int            `json:"limit,omitempty" minimum:"1" maximum:"100" default:"25"`
}

// SearchFilter is one condition.
type SearchFilter struct {
	_ struct{} `additionalProperties:"false"`

	Field string `json:"field"`
	Op    string `json:"op" enum:"contains,equals,any_of,all_of,none_of,range,is,exists"`
	Value any    `json:"value" doc:"contains, equals: a text; any_of, all_of, none_of: a list of options' values; range: {from, to}, of which one may be missing; is, exists: true or false"`
}

// SearchSort is the order of hits; those without a value come last.
type SearchSort struct {
	_ struct{} `additionalProperties:"false"`

	Field string `json:"field"`
	Dir   string `json:"dir,omitempty" enum:"asc,desc" default:"asc"`
}

// SearchPage is a page of candidates that were found.
type SearchPage struct {
	Hits      []Hit      `json:"hits"`
	Total     Total      `json:"total"`
	Next      string     `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
	FreshAsOf *time.Time `json:"fresh_as_of,omitempty" doc:"what changed in Ashby since then may be missing"`
	Building  bool       `json:"building" doc:"Ashby is being read for the first time: not all candidates can be found yet"`
}

// Total is how many candidates were found.
type Total struct {
	Value int  `json:"value"`
	Exact bool `json:"exact" doc:"as of fresh_as_of; false while the index is being built"`
}

// Hit is a candidate that was found.
type Hit struct {
	Candidate string         `json:"candidate" doc:"Ashby's id"`
	Name      string         `json:"name"`
	Profile   string         `json:"profile,omitempty" doc:"Ashby's page of the candidate"`
	Fields    map[string]any `json:"fields" doc:"the filterable fields that have a value"`
	Person    string         `json:"person,omitempty" doc:"SourceWhale's person who is linked to it"`
}

const searchBody = 64 << 10 // bytes

type (
	filtersAnswer struct{ Body Filters }
	searchAnswer  struct{ Body SearchPage }
)

func (s *surface) searchOperations() {
	filters := operation("listFilters", http.MethodGet, "/v1/search/filters", "Show by which fields candidates can be searched", filtersExample)
	register(s.api, filters, func(ctx context.Context, _ *struct{}) (*filtersAnswer, error) {
		f, err := s.search.Filters(ctx, who(ctx).Team, who(ctx).User)
		if err != nil {
			return nil, err
		}
		return &filtersAnswer{filtersOf(f)}, nil
	})
	const path = "/v1/search"
	op := operation("searchCandidates", http.MethodPost, path, "Find candidates of the team's Ashby by filterable fields", searchExample,
		http.StatusRequestEntityTooLarge)
	op.MaxBodyBytes = searchBody
	op.Description = "Searches our own copy of the candidates, which is brought up to date every ten minutes. Case and accents do not count. " +
		"A field that is not filterable, an operator that does not fit its type and a value that does not parse are refused with 400, all at once."
	register(s.api, op, func(ctx context.Context, in *rawBody) (*searchAnswer, error) {
		r, err := searchIn(in.RawBody)
		if err != nil {
			return nil, err
		}
		r.Team, r.User = who(ctx).Team, who(ctx).User
		page, err := s.search.Search(ctx, r)
		if err != nil {
			return nil, err
		}
		return &searchAnswer{searchPageOf(page)}, nil
	})
	describe[SearchRequest](s, http.MethodPost, path, searchRequestExample)
}

// searchIn reads a search strictly; what its filters mean is the use case's to say.
func searchIn(body []byte) (search.Request, error) {
	in, err := members(body)
	if err != nil {
		return search.Request{}, err
	}
	r := search.Request{Limit: 25}
	var mistakes []fault.Detail
	wrong := func(path, message string) {
		mistakes = append(mistakes, fault.Detail{Path: path, Code: "invalid_value", Message: message})
	}
	for name, raw := range in {
		switch name {
		case "filters":
			r.Asked.Filters, err = filtersIn(raw)
			if err != nil {
				wrong(name, err.Error())
			}
		case "sort":
			if r.Asked.Sort, r.Asked.Dir, err = sortIn(raw); err != nil {
				wrong(name, err.Error())
			}
		case "cursor":
			if json.Unmarshal(raw, &r.Cursor) != nil {
				wrong(name, "this is no cursor")
			}
		case "limit":
			if json.Unmarshal(raw, &r.Limit) != nil || r.Limit < 1 || r.Limit > 100 {
				wrong(name, "a page has 1 to 100 hits")
			}
		default:
			mistakes = append(mistakes, unknownMember(name))
		}
	}
	if len(mistakes) > 0 {
		return r, fault.New(fault.Invalid, search.CodeInvalid, "the search has mistakes").With(mistakes...)
	}
	return r, nil
}

// filtersIn reads the list of filters.
func filtersIn(raw json.RawMessage) ([]query.AskedFilter, error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, fmt.Errorf("this is no list of filters")
	}
	if len(list) > query.MostFilters {
		return make([]query.AskedFilter, len(list)), nil // refused for their number
	}
	out := make([]query.AskedFilter, len(list))
	for i, one := range list {
		in, err := members(one)
		if err != nil {
			return nil, fmt.Errorf("filter %d is no object with field, op and value", i)
		}
		for name, value := range in {
			switch name {
			case "field":
				err = json.Unmarshal(value, &out[i].Field)
			case "op":
				err = json.Unmarshal(value, &out[i].Operator)
			case "value":
				out[i].Value = value
			default:
				err = fmt.Errorf("unknown")
			}
			if err != nil {
				return nil, fmt.Errorf("filter %d has field, op and value, of which field and op are texts", i)
			}
		}
	}
	return out, nil
}

func sortIn(raw json.RawMessage) (id, dir string, err error) {
	in, err := members(raw)
	if err != nil {
		return "", "", fmt.Errorf("the order has a field and a dir")
	}
	for name, value := range in {
		switch name {
		case "field":
			err = json.Unmarshal(value, &id)
		case "dir":
			err = json.Unmarshal(value, &dir)
		default:
			err = fmt.Errorf("unknown")
		}
		if err != nil {
			return "", "", fmt.Errorf("the order has a field and a dir")
		}
	}
	return id, dir, nil
}

var kinds = map[index.Kind]string{
	index.Presence: "presence", index.Text: "text", index.Texts: "text", index.Choice: "choice", index.Choices: "choices",
	index.Number: "number", index.Date: "date", index.Flag: "boolean",
}

func filtersOf(f search.Filters) Filters {
	out := Filters{Filters: []FilterDefinition{}, FreshAsOf: moment(f.FreshAsOf)}
	for _, d := range f.Filters {
		def := FilterDefinition{
			Field: d.Field.ID, Title: d.Field.Title, Type: string(d.Field.Type), Kind: kinds[d.Kind], Sortable: d.Sortable, Operators: []string{},
		}
		for _, o := range d.Operators {
			def.Operators = append(def.Operators, string(o))
		}
		for _, o := range d.Field.Options {
			def.Options = append(def.Options, Option(o))
		}
		out.Filters = append(out.Filters, def)
	}
	return out
}

func searchPageOf(p search.Page) SearchPage {
	out := SearchPage{
		Hits: []Hit{}, Total: Total{p.Total, p.Exact}, Next: p.Next, FreshAsOf: moment(p.FreshAsOf), Building: p.Building,
	}
	for _, h := range p.Hits {
		hit := Hit{Candidate: h.Candidate.ID, Name: h.Candidate.Name, Profile: h.Candidate.ProfileURL, Fields: map[string]any{}, Person: h.Person}
		for _, f := range p.Fields {
			if v, ok := valueOf(h.Candidate, f); ok {
				hit.Fields[f.ID] = v
			}
		}
		out.Hits = append(out.Hits, hit)
	}
	return out
}

// valueOf gives a candidate's value of a field as Ashby has it; ok is false for none.
func valueOf(k candidate.Known, f field.Field) (any, bool) {
	if network, link := field.Network(f.ID); link {
		return listed(k.Links, func(l candidate.Link) (string, bool) { return l.URL, l.Type == network })
	}
	text := func(s string) (any, bool) { return s, s != "" }
	switch f.ID {
	case field.Name:
		return text(k.Name)
	case field.Email:
		return text(k.PrimaryEmail())
	case field.AlternateEmails:
		return listed(k.Emails, func(a candidate.Address) (string, bool) { return a.Value, !a.Primary })
	case field.Phone:
		return listed(k.Phones, func(a candidate.Address) (string, bool) { return a.Value, true })
	case field.Location:
		return text(k.Location)
	case field.Source:
		return text(k.SourceID)
	case field.CreditedTo:
		return text(k.CreditedTo)
	case field.Tags:
		return k.Tags, len(k.Tags) > 0
	case "company":
		return text(k.Company)
	case "position":
		return text(k.Position)
	case "school":
		return text(k.School)
	case "timezone":
		return text(k.Timezone)
	}
	v, ok := k.Custom[f.ID]
	return json.RawMessage(v.JSON), ok && json.Valid([]byte(v.JSON))
}

func listed[T any](list []T, keep func(T) (string, bool)) (any, bool) {
	var out []string
	for _, item := range list {
		if s, ok := keep(item); ok && s != "" {
			out = append(out, s)
		}
	}
	return out, len(out) > 0
}

// filterable are the settings as a search needs them.
type filterable struct{ store *config.Store }

// Filterable lists the fields that a user of a team may search by.
func (f filterable) Filterable(ctx context.Context, team, user string) ([]string, error) {
	standing, err := f.store.Standing(ctx, team, user)
	return standing.Filterable, err
}
