package template_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var inTicks = regexp.MustCompile("`([^`]+)`")

// documented reads a table of configuration.md: who is said to read each name of
// its first column.
func documented(t *testing.T, heading string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "## "+heading+"\n")
	if !ok {
		t.Fatalf("no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	said := map[string]string{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		for _, name := range inTicks.FindAllStringSubmatch(cells[1], -1) {
			said[name[1]] = strings.TrimSpace(cells[2])
		}
	}
	return said
}

func TestEveryParameterIsDocumentedWithItsDefault(t *testing.T) {
	said, parameters := documented(t, "Parameters of the template"), parse(t, readTemplate(t)).in("Parameters")
	for name := range parameters {
		value, has := parameters.in(name)["Default"]
		want := written(value)
		switch {
		case !has:
			want = "–"
		case want == "":
			want = "empty"
		}
		if said[name] != want {
			t.Errorf("%s: the default is %q, and said to be %q", name, want, said[name])
		}
	}
	for name := range said {
		if parameters[name] == nil {
			t.Errorf("%s is documented and no parameter", name)
		}
	}
}

func TestEveryVariableIsDocumentedWithItsReaders(t *testing.T) {
	template, said := parse(t, readTemplate(t)), documented(t, "Environment of the functions")
	readers := map[string][]string{}
	for name, function := range template.functions() {
		for variable := range function.in("Properties", "Environment", "Variables") {
			readers[variable] = append(readers[variable], name)
		}
	}
	order := []string{"settings", "intake", "record", "push", "sweep", "console"}
	for variable, names := range readers {
		slices.SortFunc(names, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
		if got := strings.Join(names, ", "); said[variable] != got {
			t.Errorf("%s is read by %s, and said to be by %s", variable, got, said[variable])
		}
	}
	everywhere := slices.Collect(maps.Keys(template.in("Globals", "Function", "Environment", "Variables")))
	for variable := range said {
		if readers[variable] == nil && !slices.Contains(everywhere, variable) {
			t.Errorf("%s is documented and not in the template", variable)
		}
	}
	for _, variable := range everywhere {
		if said[variable] == "" {
			t.Errorf("%s is not documented", variable)
		}
	}
}
