package settingshttp

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
)

// MappingPreview is what a mapping would make of a person. Nothing was written.
type MappingPreview struct {
	Person  string  `json:"person" doc:"the person's id; sample: one made up"`
	Code    string  `json:"code" doc:"what a push of the person would come to" example:"created"`
	Message string  `json:"message" doc:"for people"`
	Fields  []Field `json:"fields" doc:"every target: what it would be given, or why not"`
	Calls   []Call  `json:"calls" doc:"to Ashby, in order"`
	Reads   []Read  `json:"reads" doc:"what was asked of Ashby, in order"`
}

// MappingPreviewRequest is the body of previewMapping.
type MappingPreviewRequest struct {
	_ struct{} `additionalProperties:"false"`

	Mapping *PutMapping `json:"mapping,omitempty" doc:"a whole mapping; absent: the one in force"`
	Person  string      `json:"person,omitempty" doc:"SourceWhale's id of a person; absent: a sample one"`
}

func (s *surface) mappingPreviewOperation(path string) {
	op := operation("previewMapping", http.MethodPost, path, "Show what a mapping makes of a person, without saving it", mappingPreviewExample,
		append([]int{http.StatusNotFound}, mappingErrors...)...)
	op.MaxBodyBytes = mappingBody
	op.Description = "Of a real person, as they are in Ashby if they are linked and else as one who is new there, or of a sample one. Reads Ashby and writes nothing. " + refusals
	register(s.api, op, func(ctx context.Context, in *rawBody) (*struct{ Body MappingPreview }, error) {
		if err := who(ctx).Act(); err != nil {
			return nil, err
		}
		m, person, err := s.mappingPreviewIn(ctx, in.RawBody)
		if err != nil {
			return nil, err
		}
		p, err := s.preview.Mapping(ctx, who(ctx).Team, m, person)
		if err != nil {
			return nil, err
		}
		if person == "" {
			person = preview.SampleID
		}
		return &struct{ Body MappingPreview }{mappingPreviewOf(p, person)}, nil
	})
	describe[MappingPreviewRequest](s, http.MethodPost, path, object{"mapping": putMappingExample, "person": "person-301"})
}

// mappingPreviewIn reads and checks the mapping, as a save would.
func (s *surface) mappingPreviewIn(ctx context.Context, body []byte) (m mapping.Mapping, person string, err error) {
	given, err := members(body)
	if err != nil {
		return m, "", err
	}
	r := reading{given: given}
	r.only("mapping", "person")
	if raw, ok := given["person"]; ok && !isNull(raw) && (json.Unmarshal(raw, &person) != nil || person == "") {
		r.wrong("person", "wrong_type", "this is a person's id")
	}
	draft := mapfields.Draft{}
	raw, own := given["mapping"]
	if own = own && !isNull(raw); own {
		if draft, err = draftIn(raw); err != nil {
			r.wrong("mapping", "wrong_type", "this is a mapping: entries and policies")
		}
	}
	if err := refused(r.mistakes); err != nil {
		return m, "", err
	}
	if person != "" && !fit(person) {
		return m, "", fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
	}
	team := who(ctx).Team
	if !own {
		view, err := s.mapper.Get(ctx, team)
		return view.Mapping, person, err
	}
	view, err := s.mapper.Validate(ctx, team, draft)
	return view.Mapping, person, inside("mapping.", err)
}

// inside gives a refusal whose paths are of a part of the body.
func inside(path string, err error) error {
	if err == nil || len(fault.Of(err).Details()) == 0 {
		return err
	}
	f := fault.Of(err)
	details := slices.Clone(f.Details())
	for i := range details {
		details[i].Path = path + details[i].Path
	}
	return fault.New(f.Kind(), f.Code(), f.Message()).With(details...)
}

func mappingPreviewOf(p preview.Preview, person string) MappingPreview {
	x := p.Explanation
	out := MappingPreview{
		Person: person, Code: string(x.Outcome.Code), Message: wording.Outcome(x.Outcome.Code, len(x.Outcome.Steps) > 0),
		Fields: planOf(x).Fields, Reads: planOf(x).Reads, Calls: callsOf(x.Outcome.Steps),
	}
	return out
}
