package settingshttp

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
)

// Mapping says which variable goes to which field of Ashby, and what may happen
// to a field that has a value.
type Mapping struct {
	Version  int               `json:"version" doc:"0: the built-in mapping, never saved"`
	Author   string            `json:"author,omitempty" doc:"user id of who saved this version"`
	SavedAt  *time.Time        `json:"saved_at,omitempty"`
	Entries  []MappingEntry    `json:"entries" doc:"a text variable is in one of them only, a list may be in several; a field is the target of one only"`
	Policies map[string]Policy `json:"policies" doc:"of the fields for which the team chose one, by field id"`
	Effect   []FieldPolicy     `json:"effective_policies" doc:"what holds for each target and for each field with a policy of its own"`
	Warnings []Mistake         `json:"warnings,omitempty" doc:"what has become of targets at Ashby since they were mapped"`
	Notes    []Note            `json:"notes,omitempty"`
}

// MappingEntry maps variables to a field.
type MappingEntry struct {
	From  []string `json:"from" minItems:"1" doc:"one variable, or several that make one value: firstName, lastName (and name); city, state, country (and location); socialLinks, links" example:"[\"emails\"]"`
	To    string   `json:"to" doc:"field id" example:"email"`
	Take  string   `json:"take,omitempty" enum:"first,rest,all,joined" doc:"which part of a list; joined has commas between"`
	Title string   `json:"title,omitempty" doc:"the field's, for people" readOnly:"true"`
}

// Policy is what may happen to a field that has a value. only_if_blank is what
// “protected” means.
type Policy struct {
	Policy string `json:"policy" enum:"never,only_if_blank,append,always"`
	Clear  bool   `json:"clear,omitempty" doc:"with always, for custom fields: a blank value clears"`
}

// FieldPolicy is the policy in force for a field.
type FieldPolicy struct {
	Field   string `json:"field" doc:"id"`
	Title   string `json:"title"`
	Policy  string `json:"policy" enum:"never,only_if_blank,append,always"`
	Clear   bool   `json:"clear"`
	Default bool   `json:"default" doc:"the team chose none"`
}

// PutMapping is a whole mapping.
type PutMapping struct {
	_ struct{} `additionalProperties:"false"`

	Entries  []MappingEntry    `json:"entries" maxItems:"200"`
	Policies map[string]Policy `json:"policies,omitempty" doc:"by field id; a field that is not named has its default policy"`
}

// RollbackMapping is the body of rollbackMapping.
type RollbackMapping struct {
	_ struct{} `additionalProperties:"false"`

	Version int `json:"version" minimum:"1" doc:"the one to save again"`
}

// MappingHistory is what a team saved.
type MappingHistory struct {
	Versions []MappingVersion `json:"versions" doc:"newest first, at most 100"`
}

// MappingVersion is a mapping as it was saved.
type MappingVersion struct {
	Version  int               `json:"version"`
	Author   string            `json:"author,omitempty" doc:"user id"`
	SavedAt  *time.Time        `json:"saved_at,omitempty"`
	Entries  []MappingEntry    `json:"entries"`
	Policies map[string]Policy `json:"policies"`
}

type mappingAnswer struct {
	ETag string `header:"ETag" doc:"the version, for If-Match"`
	Body Mapping
}

type versioned struct {
	IfMatch string `header:"If-Match" doc:"the version that was seen, as the ETag said it" example:"\"3\""`
}

type mappingSave struct {
	IfMatch string `header:"If-Match" doc:"the version that was seen, as the ETag said it" example:"\"3\""`
	rawBody
}

const mappingBody = 64 << 10 // bytes, of a whole mapping

var mappingErrors = []int{
	http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
}

const refusals = "Every mistake is told at once, by path: 422 mapping_refused, or 409 mapping_conflict where all of them are that something has two targets " +
	"or two sources. Custom fields are looked up in Ashby; when there is no connection, a mapping that names one is refused with 409 not_connected."

func (s *surface) mappingOperations() {
	const path = "/v1/mapping"
	get := operation("getMapping", http.MethodGet, path, "Show which variable goes to which field", mappingExample)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*mappingAnswer, error) {
		return mapped(s.mapper.Get(ctx, who(ctx).Team))
	})
	put := operation("putMapping", http.MethodPut, path, "Save the whole mapping with its policies", mappingExample, mappingErrors...)
	put.MaxBodyBytes = mappingBody
	put.Description = "Over the version given in If-Match; a stale one is refused with 409 and the current version as ETag. " + refusals
	register(s.api, put, s.putMapping)
	describe[PutMapping](s, http.MethodPut, path, putMappingExample)
	validate := operation("validateMapping", http.MethodPost, path+"/validate", "Check a mapping without saving it", mappingExample, mappingErrors...)
	validate.MaxBodyBytes = mappingBody
	validate.Description = "Answers what a save would leave, under the version that is stored now. " + refusals
	register(s.api, validate, s.validateMapping)
	describe[PutMapping](s, http.MethodPost, path+"/validate", putMappingExample)
	s.mappingPreviewOperation(path + "/preview")
	defaults := operation("restoreDefaultMapping", http.MethodPost, path+"/defaults", "Put the built-in mapping and policies back", mappingExample, mappingErrors...)
	defaults.Description = "As a new version, over the one given in If-Match. Company and role go to the one custom text field that fits each, if there is one."
	register(s.api, defaults, s.restoreMapping)
	s.mappingHistoryOperations(path)
}

func (s *surface) mappingHistoryOperations(path string) {
	list := operation("listMappingHistory", http.MethodGet, path+"/history", "List the mappings that were saved", mappingHistoryExample)
	register(s.api, list, func(ctx context.Context, _ *struct{}) (*struct{ Body MappingHistory }, error) {
		saved, err := s.mapper.History(ctx, who(ctx).Team)
		if err != nil {
			return nil, err
		}
		out := MappingHistory{Versions: []MappingVersion{}}
		for _, m := range saved {
			out.Versions = append(out.Versions, MappingVersion{m.Version, m.Author, moment(m.At), entriesOf(m, nil), policiesOf(m)})
		}
		return &struct{ Body MappingHistory }{out}, nil
	})
	back := operation("rollbackMapping", http.MethodPost, path+"/rollback", "Save an earlier version again, as a new one", mappingExample,
		append([]int{http.StatusNotFound}, mappingErrors...)...)
	back.Description = "Over the version given in If-Match, if it still passes. " + refusals
	register(s.api, back, s.rollbackMapping)
	describe[RollbackMapping](s, http.MethodPost, path+"/rollback", map[string]any{"version": 3})
}

func (s *surface) putMapping(ctx context.Context, in *mappingSave) (*mappingAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	draft, err := draftIn(in.RawBody)
	if err != nil {
		return nil, err
	}
	expected, err := versionIn(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return saved(s.mapper.Save(ctx, who(ctx).Team, who(ctx).User, draft, expected))
}

func (s *surface) validateMapping(ctx context.Context, in *rawBody) (*mappingAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	draft, err := draftIn(in.RawBody)
	if err != nil {
		return nil, err
	}
	return mapped(s.mapper.Validate(ctx, who(ctx).Team, draft))
}

func (s *surface) restoreMapping(ctx context.Context, in *versioned) (*mappingAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	expected, err := versionIn(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return saved(s.mapper.Defaults(ctx, who(ctx).Team, who(ctx).User, expected))
}

func (s *surface) rollbackMapping(ctx context.Context, in *mappingSave) (*mappingAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	version, err := rollbackIn(in.RawBody)
	if err != nil {
		return nil, err
	}
	expected, err := versionIn(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return saved(s.mapper.Rollback(ctx, who(ctx).Team, who(ctx).User, version, expected))
}

// saved answers a save; a stale one with the current version.
func saved(v mapfields.View, err error) (*mappingAnswer, error) {
	if stale, ok := errors.AsType[*mapfields.Stale](err); ok {
		return nil, huma.ErrorWithHeaders(err, http.Header{"Etag": {tag(stale.Current)}})
	}
	return mapped(v, err)
}

func mapped(v mapfields.View, err error) (*mappingAnswer, error) {
	if err != nil {
		return nil, err
	}
	m := v.Mapping
	out := Mapping{
		Version: m.Version, Author: m.Author, SavedAt: moment(m.At),
		Entries: entriesOf(m, v.Fields), Policies: policiesOf(m), Effect: effectOf(m, v.Fields),
	}
	for _, w := range v.Warnings {
		out.Warnings = append(out.Warnings, Mistake{w.Path, string(w.Code), wording.MappingMistake(w)})
	}
	if v.Unchecked != nil {
		out.Notes = append(out.Notes, Note{Code: v.Unchecked.Code(), Message: "Ashby could not be asked about custom fields, so warnings may be missing: " + v.Unchecked.Message()})
	}
	return &mappingAnswer{tag(m.Version), out}, nil
}

func entriesOf(m mapping.Mapping, fields []field.Field) []MappingEntry {
	out := make([]MappingEntry, 0, len(m.Entries))
	for _, e := range m.Entries {
		out = append(out, MappingEntry{From: texts(e.From), To: e.To, Take: string(e.Take), Title: titleOf(e.To, m, fields)})
	}
	return out
}

// titleOf gives a field's title as it is, or as it was when it was mapped; empty
// when neither is known.
func titleOf(id string, m mapping.Mapping, fields []field.Field) string {
	for _, f := range fields {
		if f.ID == id {
			return f.Title
		}
	}
	if seen, ok := m.Seen[id]; ok {
		return seen.Title
	}
	if title := field.TitleOf(id); title != id {
		return title
	}
	return ""
}

func policiesOf(m mapping.Mapping) map[string]Policy {
	out := map[string]Policy{}
	for id, r := range m.Rules {
		out[id] = Policy{string(r.Policy), r.Clear}
	}
	return out
}

// effectOf lists the policies of all targets, then those of other fields.
func effectOf(m mapping.Mapping, fields []field.Field) []FieldPolicy {
	out, done := []FieldPolicy{}, map[string]bool{}
	add := func(id string) {
		if done[id] {
			return
		}
		done[id] = true
		_, own := m.Rules[id]
		rule := m.Rule(id)
		out = append(out, FieldPolicy{id, titleOf(id, m, fields), string(rule.Policy), rule.Clear, !own})
	}
	for _, e := range m.Entries {
		add(e.To)
	}
	for _, id := range sortedKeys(m.Rules) {
		add(id)
	}
	return out
}
