package settingshttp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
)

// draftIn reads a whole mapping. What is wrong with its form is in the draft, so
// that it is told together with what is wrong with its sense.
func draftIn(body []byte) (mapfields.Draft, error) {
	given, err := members(body)
	if err != nil {
		return mapfields.Draft{}, err
	}
	r := reading{given: given}
	r.only("entries", "policies")
	var d mapfields.Draft
	d.Mapping.Entries = r.entries()
	d.Mapping.Rules = r.rules()
	d.Mistakes = r.mistakes
	return d, nil
}

func (r *reading) entries() []mapping.Entry {
	raw, ok := r.given["entries"]
	if !ok || isNull(raw) {
		r.wrong("entries", "required", "a mapping is saved as a whole; an empty list maps nothing")
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		r.wrong("entries", "wrong_type", "this is a list of entries")
		return nil
	}
	if len(list) > mapping.MaxEntries {
		r.wrong("entries", string(mapping.TooManyEntries), fmt.Sprintf("at most %d", mapping.MaxEntries))
		return nil
	}
	out := []mapping.Entry{}
	for i, item := range list {
		out = append(out, r.entry(fmt.Sprintf("entries[%d]", i), item))
	}
	return out
}

func (r *reading) entry(path string, raw json.RawMessage) mapping.Entry {
	in, ok := r.within(path, raw, "from", "to", "take", "title")
	if !ok {
		return mapping.Entry{}
	}
	var e mapping.Entry
	var from []string
	if v := in["from"]; v != nil && json.Unmarshal(v, &from) != nil {
		r.wrong(path+".from", "wrong_type", "this is a list of variables' names")
	}
	for _, name := range from {
		e.From = append(e.From, contact.Variable(name))
	}
	if v := in["to"]; v != nil && json.Unmarshal(v, &e.To) != nil {
		r.wrong(path+".to", "wrong_type", "this is a field's id")
	}
	takes := []mapping.Take{mapping.Whole, mapping.First, mapping.Rest, mapping.All, mapping.Joined}
	if v := in["take"]; v != nil && (json.Unmarshal(v, &e.Take) != nil || !slices.Contains(takes, e.Take)) {
		r.wrong(path+".take", "unknown_value", "one of first, rest, all, joined")
	}
	return e
}

// longestField is the length of a field's id, in bytes.
const longestField = 64

func (r *reading) rules() map[string]mapping.Rule {
	raw, ok := r.given["policies"]
	if !ok || isNull(raw) {
		return nil
	}
	given, err := members(raw)
	if err != nil {
		r.wrong("policies", "wrong_type", "this is an object: policies by field id, each once")
		return nil
	}
	rules := map[string]mapping.Rule{}
	for _, id := range sortedKeys(given) {
		if len(id) > longestField {
			r.wrong("policies."+shortened(id), string(mapping.UnknownField), wording.Mapping(mapping.UnknownField))
			continue
		}
		rules[id] = r.rule("policies."+id, given[id])
	}
	return rules
}

func (r *reading) rule(path string, raw json.RawMessage) mapping.Rule {
	in, ok := r.within(path, raw, "policy", "clear")
	if !ok {
		return mapping.Rule{}
	}
	var rule mapping.Rule
	policies := []field.Policy{field.Never, field.OnlyIfBlank, field.Append, field.Always}
	switch v := in["policy"]; {
	case v == nil:
		r.wrong(path+".policy", "required", "one of never, only_if_blank, append, always")
	case json.Unmarshal(v, &rule.Policy) != nil || !slices.Contains(policies, rule.Policy):
		r.wrong(path+".policy", "unknown_value", "one of never, only_if_blank, append, always")
	}
	if v := in["clear"]; v != nil && json.Unmarshal(v, &rule.Clear) != nil {
		r.wrong(path+".clear", "wrong_type", "this is true or false")
	}
	return rule
}

// within reads an object inside the body; members that are null are left out.
func (r *reading) within(path string, raw json.RawMessage, names ...string) (map[string]json.RawMessage, bool) {
	in, err := members(raw)
	if err != nil {
		r.wrong(path, "wrong_type", "this is an object, with each member once")
		return nil, false
	}
	for _, name := range sortedKeys(in) {
		if !slices.Contains(names, name) {
			r.mistakes = append(r.mistakes, unknownMember(path+"."+shortened(name)))
		}
	}
	maps.DeleteFunc(in, func(_ string, v json.RawMessage) bool { return isNull(v) })
	return in, true
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(raw, []byte("null")) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// rollbackIn reads which version to save again.
func rollbackIn(body []byte) (int, error) {
	given, err := members(body)
	if err != nil {
		return 0, err
	}
	r := reading{given: given}
	r.only("version")
	var version int
	switch raw, ok := given["version"]; {
	case !ok || isNull(raw):
		r.wrong("version", "required", "say which version to save again")
	case json.Unmarshal(raw, &version) != nil || version < 1:
		r.wrong("version", "wrong_type", "a version is a whole number from 1 on")
	}
	return version, refused(r.mistakes)
}
