package settingshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
	"github.com/sourcewhale/ashby-sync/shared/usecase/fill"
)

// GivenValues are the values that users gave for displayed fields.
type GivenValues struct {
	Values []GivenValue `json:"values" doc:"by field"`
}

// GivenValue is one of them.
type GivenValue struct {
	Field     string    `json:"field" doc:"id"`
	Title     string    `json:"title"`
	Type      string    `json:"type,omitempty" doc:"as Ashby spells it; absent while Ashby cannot be asked"`
	Value     any       `json:"value" doc:"a text, or a list of texts; ids of what is Ashby's own"`
	Shown     string    `json:"shown" doc:"for people" example:"Warm, Nordics"`
	Author    string    `json:"author,omitempty" doc:"user id"`
	At        time.Time `json:"at"`
	Displayed bool      `json:"displayed" doc:"false: it is kept, and not pushed"`
	Pushed    bool      `json:"pushed" doc:"of a person: it went to Ashby, or Ashby had it"`
}

// PutValues is the body of the saves of given values.
type PutValues struct {
	_ struct{} `additionalProperties:"false"`

	Values map[string]any `json:"values" doc:"by field id: a text, a number, true or false, or a list of texts; null takes it back; what is not named stays. Sources, users, tags, projects and options are named by id or by title, users by address too"`
}

// FieldOptions are what a field may be given.
type FieldOptions struct {
	Options []Option `json:"options" doc:"empty where any value of the field's type will do"`
}

type campaignPath struct {
	Campaign string `path:"campaign" doc:"SourceWhale's id of the campaign"`
}

type campaignValues struct {
	Campaign string `path:"campaign" doc:"SourceWhale's id of the campaign"`
	rawBody
}

type valuesAnswer struct{ Body GivenValues }

func (s *surface) valueOperations() {
	const campaigns, people = "/v1/values/campaigns/{campaign}", "/v1/values/people/{person}"
	get := operation("getCampaignValues", http.MethodGet, campaigns, "List the values given for a campaign", valuesExample, http.StatusUnprocessableEntity)
	register(s.api, get, func(ctx context.Context, in *campaignPath) (*valuesAnswer, error) {
		return s.valuesOf(ctx, fill.Subject{Scope: given.ForCampaign, ID: in.Campaign})
	})
	put := operation("putCampaignValues", http.MethodPut, campaigns, "Give values for a campaign", valuesExample, valueErrors...)
	put.Description = "They count for everybody in the campaign who has no value of their own. " + howGiven
	put.MaxBodyBytes = valuesBody
	register(s.api, put, func(ctx context.Context, in *campaignValues) (*valuesAnswer, error) {
		return s.give(ctx, fill.Subject{Scope: given.ForCampaign, ID: in.Campaign}, in.RawBody)
	})
	describe[PutValues](s, http.MethodPut, campaigns, putValuesExample)
	get = operation("getPersonValues", http.MethodGet, people, "List the values given for a person", valuesExample, http.StatusUnprocessableEntity)
	get.Description = "Those that came with events are among them."
	register(s.api, get, func(ctx context.Context, in *personPath) (*valuesAnswer, error) {
		return s.valuesOf(ctx, fill.Subject{Scope: given.ForPerson, ID: in.Person})
	})
	put = operation("putPersonValues", http.MethodPut, people, "Give values for a person", valuesExample, valueErrors...)
	put.Description = "They count before those of a campaign. " + howGiven
	put.MaxBodyBytes = valuesBody
	register(s.api, put, func(ctx context.Context, in *personBody) (*valuesAnswer, error) {
		return s.give(ctx, fill.Subject{Scope: given.ForPerson, ID: in.Person}, in.RawBody)
	})
	describe[PutValues](s, http.MethodPut, people, putValuesExample)
	s.optionOperation()
}

const howGiven = "What is named changes; null takes the value back. The values go to Ashby with the next event of a person, under the field policies, and let go what waits for a mandatory field. " +
	"Every mistake is told at once (422 values_refused), a field that is not displayed as not_displayed."

const valuesBody = 64 << 10 // bytes

var valueErrors = []int{
	http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
}

func (s *surface) optionOperation() {
	options := operation("listFieldOptions", http.MethodGet, "/v1/fields/{field}/options", "List what a field may be given", optionsExample,
		http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	options.Description = "Sources, users, tags, projects, or a select's options, those in use; asked of Ashby at most every ten minutes."
	register(s.api, options, func(ctx context.Context, in *struct {
		Field string `path:"field" doc:"id"`
	},
	) (*struct{ Body FieldOptions }, error) {
		found, err := s.filler.Options(ctx, who(ctx).Team, in.Field)
		if err != nil {
			return nil, err
		}
		out := FieldOptions{Options: []Option{}}
		for _, o := range found {
			out.Options = append(out.Options, Option(o))
		}
		return &struct{ Body FieldOptions }{out}, nil
	})
}

func (s *surface) valuesOf(ctx context.Context, of fill.Subject) (*valuesAnswer, error) {
	if !fit(of.ID) {
		return nil, refused(unfitID(of))
	}
	return givenAnswer(s.filler.Show(ctx, who(ctx).Team, who(ctx).User, of))
}

func (s *surface) give(ctx context.Context, to fill.Subject, body []byte) (*valuesAnswer, error) {
	if err := who(ctx).Act(); err != nil {
		return nil, err
	}
	values, err := valuesIn(body)
	if err != nil {
		return nil, err
	}
	if !fit(to.ID) {
		return nil, refused(unfitID(to))
	}
	return givenAnswer(s.filler.Give(ctx, who(ctx), to, values))
}

// valuesIn reads the values of a save, by field.
func valuesIn(body []byte) ([]given.Value, error) {
	top, err := members(body)
	if err != nil {
		return nil, err
	}
	r := reading{given: top}
	r.only("values")
	raw, ok := top["values"]
	if !ok || isNull(raw) {
		r.wrong("values", "required", "give values by field id; null takes one back")
		return nil, refused(r.mistakes)
	}
	byField, err := members(raw)
	switch {
	case err != nil:
		r.wrong("values", "wrong_type", "this is an object: values by field id, each once")
	case len(byField) > mostValues:
		r.wrong("values", "too_many", fmt.Sprintf("at most %d values at once", mostValues))
		return nil, refused(r.mistakes)
	}
	var values []given.Value
	for _, id := range sortedKeys(byField) {
		v, ok := valueIn(byField[id])
		if !ok {
			r.wrong("values."+shortened(id), "wrong_type", "a value is a text, a number, true or false, a list of texts, or null")
		}
		v.Field = id
		values = append(values, v)
	}
	return values, refused(r.mistakes)
}

// mostValues bounds a save; mostItems and longestValue one value of it.
const (
	mostValues   = 100
	mostItems    = 200
	longestValue = 10_000
)

func valueIn(raw json.RawMessage) (v given.Value, ok bool) {
	var parsed any
	if json.Unmarshal(raw, &parsed) != nil || len(raw) > longestValue {
		return v, false
	}
	switch x := parsed.(type) {
	case nil:
		return v, true
	case string:
		v.Text = x
	case bool, float64:
		v.Text = string(raw)
	case []any:
		for _, item := range x {
			text, isText := item.(string)
			if !isText || len(x) > mostItems {
				return v, false
			}
			v.List = append(v.List, text)
		}
	default:
		return v, false
	}
	return v, true
}

func unfitID(of fill.Subject) []fault.Detail {
	return []fault.Detail{{Path: string(of.Scope), Code: "invalid_value", Message: "this is no id of a " + string(of.Scope)}}
}

func givenAnswer(entries []fill.Entry, err error) (*valuesAnswer, error) {
	if err != nil {
		return nil, err
	}
	out := GivenValues{Values: []GivenValue{}}
	for _, e := range entries {
		v := GivenValue{
			Field: e.Field, Title: e.Title, Type: string(e.Type), Value: e.Text, Shown: e.Shown, Author: e.Author, At: e.At.UTC(),
			Displayed: e.Displayed, Pushed: e.Pushed,
		}
		if e.Text == "" || e.Type == field.MultiSelect || e.Type == field.List {
			v.Value = e.Items()
		}
		if v.Shown == "" {
			v.Shown = strings.Join(e.Items(), ", ")
		}
		out.Values = append(out.Values, v)
	}
	return &valuesAnswer{out}, nil
}
