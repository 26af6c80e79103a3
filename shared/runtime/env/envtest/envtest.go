// Package envtest is the suite for how a function reads its environment.
package envtest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// secretAccessKey must not show in any error.
const secretAccessKey = "AWS_SECRET_ACCESS_KEY"

// Suite checks that a function can be built from its complete environment, and
// that an operator is told of what is missing, all at once, and never of a value.
// The optional variables are not missed.
func Suite(t *testing.T, complete map[string]string, build func(getenv func(string) string) error, optional ...string) {
	t.Run("it is built from its environment", func(t *testing.T) {
		if err := build(from(complete)); err != nil {
			t.Fatal(err)
		}
	})
	var required []string
	for name := range complete {
		if !slices.Contains(optional, name) && name != secretAccessKey {
			required = append(required, name)
		}
	}
	t.Run("it names all that is missing at once", func(t *testing.T) {
		missing(t, build, complete, required...)
	})
	for _, name := range required {
		t.Run("it misses "+name, func(t *testing.T) { missing(t, build, complete, name) })
	}
}

// missing builds without some variables, and checks that the error names these
// and no others.
func missing(t *testing.T, build func(getenv func(string) string) error, complete map[string]string, names ...string) {
	t.Helper()
	err := build(from(without(complete, names...)))
	if err == nil {
		t.Fatalf("it starts without %v", names)
	}
	for name := range complete {
		if told := strings.Contains(err.Error(), name+" "); told != slices.Contains(names, name) {
			t.Errorf("%s: told %v in %q", name, told, err)
		}
	}
	if value := complete[secretAccessKey]; value != "" && strings.Contains(err.Error(), value) {
		t.Error("a secret is repeated")
	}
}

// without blanks variables; that is as good as to leave them out.
func without(complete map[string]string, names ...string) map[string]string {
	values := maps.Clone(complete)
	for _, name := range names {
		values[name] = " "
	}
	return values
}

func from(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}
