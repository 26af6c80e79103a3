package settingshttp

import (
	"testing"
	"time"
)

func TestEveryOperationIsInTheGroupThatItsPathLeadsTo(t *testing.T) {
	v := verbs{now: time.Now}
	_, all := whole(v, nil)
	groupOf := map[string]*surface{}
	for _, g := range groups() {
		_, s := build(v, nil, g.operations)
		for _, head := range g.heads {
			if groupOf[head] != nil {
				t.Errorf("%s leads to two groups", head)
			}
			groupOf[head] = s
		}
	}
	for path, item := range all.api.OpenAPI().Paths {
		s := groupOf[headOf(path)]
		if s == nil {
			t.Errorf("%s leads to no group", path)
			continue
		}
		got := s.api.OpenAPI().Paths[path]
		if got == nil || (got.Get == nil) != (item.Get == nil) || (got.Put == nil) != (item.Put == nil) ||
			(got.Post == nil) != (item.Post == nil) || (got.Patch == nil) != (item.Patch == nil) || (got.Delete == nil) != (item.Delete == nil) {
			t.Errorf("the group of %s lacks some of its operations", path)
		}
	}
	for given, want := range map[string]string{"/v1/people/p1/hold": "people", "/v1/people": "people", "//v1/./jobs/": "jobs", "/": "", "/v2/people": ""} {
		if got := headOf(given); got != want && !(want == "" && groupOf[got] == nil) {
			t.Errorf("%s leads to %q, not %q", given, got, want)
		}
	}
}
