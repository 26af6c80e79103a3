package settingshttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// Fields are the fields of Ashby's candidates.
type Fields struct {
	Connected bool         `json:"connected" doc:"false: there is no key to ask Ashby with, so only built-in fields are listed"`
	Fields    []AshbyField `json:"fields" doc:"built-in ones first"`
}

// AshbyField is one of them.
type AshbyField struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Type        string   `json:"type" doc:"as Ashby spells it; List for built-in sets" example:"ValueSelect"`
	BuiltIn     bool     `json:"built_in"`
	Archived    bool     `json:"archived"`
	Private     bool     `json:"private"`
	Writable    bool     `json:"writable"`
	Reason      string   `json:"reason,omitempty" doc:"why it cannot be written, for people"`
	Mappable    bool     `json:"mappable" doc:"whether a variable can go to it"`
	MappingCode string   `json:"mapping_code,omitempty" doc:"why not" example:"type_not_convertible"`
	MappingNote string   `json:"mapping_message,omitempty" doc:"why not, and what to use instead, for people"`
	Instead     string   `json:"instead,omitempty" doc:"id of a field to use in its place"`
	Displayed   Choice   `json:"displayed" doc:"users may give values for it"`
	Mandatory   Choice   `json:"mandatory" doc:"nobody is put into Ashby without it"`
	Protected   Choice   `json:"protected" doc:"it is only written while it is blank"`
	Filterable  Choice   `json:"filterable" doc:"candidates may be searched by it"`
	Default     string   `json:"default_policy" enum:"append,always" doc:"the policy while the team chooses none"`
	Options     []Option `json:"options,omitempty" doc:"of selects"`
}

// Choice says whether a field is in a set of the settings, and whether it may be.
type Choice struct {
	Chosen  bool   `json:"chosen" doc:"by the team or, where they may, by the caller"`
	May     bool   `json:"may" doc:"whether a team may choose it"`
	Code    string `json:"code,omitempty" doc:"why not" example:"nothing_fills_it"`
	Message string `json:"message,omitempty" doc:"why not, for people"`
}

// Option is one choice of a select field.
type Option struct {
	Value    string `json:"value"`
	Label    string `json:"label"`
	Archived bool   `json:"archived"`
}

type fieldsAsked struct {
	Refresh bool `query:"refresh" doc:"ask Ashby now, whatever is remembered"`
}

type fieldsAnswer struct{ Body Fields }

func (s *surface) fieldOperations() {
	const path = "/v1/fields"
	list := operation("listFields", http.MethodGet, path, "List the fields of Ashby's candidates", fieldsExample,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	list.Description = "Built-in ones and custom ones, those that cannot be written included, with the reason. Asked of Ashby at most every ten minutes. " +
		"A key without the permission to read custom fields: 422 missing_endpoint_permission, which names the box to tick."
	register(s.api, list, func(ctx context.Context, in *fieldsAsked) (*fieldsAnswer, error) {
		all, connected, err := s.mapper.Fields(ctx, who(ctx).Team, in.Refresh)
		if err != nil {
			return nil, err
		}
		standing, m, err := s.configure.Terms(ctx, who(ctx).Team, who(ctx).User)
		if err != nil {
			return nil, err
		}
		out := Fields{Connected: connected}
		for _, f := range all {
			out.Fields = append(out.Fields, chosenField(ashbyFieldOf(f, all), f, standing, m))
		}
		return &fieldsAnswer{out}, nil
	})
	s.createFieldOperation(path)
}

// chosenField says in which sets of the settings a field is, and may be.
func chosenField(out AshbyField, f field.Field, standing setting.Standing, m mapping.Mapping) AshbyField {
	out.Displayed = choiceOf(f.ID, standing.Displayed, setting.MayDisplay(f))
	out.Mandatory = choiceOf(f.ID, standing.Mandatory, setting.MayDemand(f, m, standing.Shown))
	out.Protected = choiceOf(f.ID, standing.Protected, setting.MayProtect(f))
	out.Filterable = choiceOf(f.ID, standing.Filterable, setting.MayFilter(f))
	return out
}

func choiceOf(id string, set []string, why setting.Refusal) Choice {
	return Choice{Chosen: slices.Contains(set, id), May: why == "", Code: string(why), Message: wording.Refusal(why)}
}

func ashbyFieldOf(f field.Field, all []field.Field) AshbyField {
	out := AshbyField{
		ID: f.ID, Title: f.Title, Type: string(f.Type), BuiltIn: f.BuiltIn, Archived: f.Archived, Private: f.Private,
		Writable: f.Writable() && !f.Archived, Reason: f.Reason, Default: string(mapping.Mapping{}.Rule(f.ID).Policy),
	}
	if f.Archived {
		out.Reason = wording.Mapping(mapping.FieldArchived)
	}
	code, about := mapping.Unmappable(f, all)
	out.Mappable = code == ""
	if code != "" {
		out.MappingCode = string(code)
		out.MappingNote = wording.MappingMistake(mapping.Mistake{Code: code, About: about})
		instead, _ := mapping.Instead(f.ID, all)
		out.Instead = instead.ID
	}
	for _, o := range f.Options {
		out.Options = append(out.Options, Option(o))
	}
	return out
}
