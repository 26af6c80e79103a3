package wording_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// constants gives the values of a package's constants of a type, as written.
func constants(t *testing.T, dir, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of %s: %v", dir, err)
	}
	var out []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if id, ok := spec.Type.(*ast.Ident); ok && id.Name == typeName {
				for _, v := range spec.Values {
					if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						s, _ := strconv.Unquote(lit.Value)
						out = append(out, s)
					}
				}
			}
			return true
		})
	}
	if len(out) < 2 {
		t.Fatalf("%s has only %d constants of %s", dir, len(out), typeName)
	}
	return out
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	for _, c := range []struct {
		dir, typeName string
		say           func(string) string
	}{
		{"delivery", "Code", func(s string) string { return wording.Outcome(delivery.Code(s), true) }},
		{"delivery", "State", func(s string) string { return wording.State(delivery.State(s)) }},
		{"delivery", "StepStatus", func(s string) string { return wording.Step(delivery.Step{Status: delivery.StepStatus(s)}) }},
		{"delivery", "Hold", func(s string) string { return wording.Hold(delivery.Hold(s), "") }},
		{"field", "Code", func(s string) string { return wording.Field(field.Code(s)) }},
		{"field", "Action", func(s string) string { return wording.Action(field.Action(s)) }},
		{"mapping", "Code", func(s string) string { return wording.Mapping(mapping.Code(s)) }},
		{"setting", "Refusal", func(s string) string { return wording.Refusal(setting.Refusal(s)) }},
		{"../usecase/preview", "Warning", func(s string) string { return wording.Previewed(s) }},
		{"plan", "NoteCode", func(s string) string { return wording.Note(plan.NoteCode(s)) }},
	} {
		said := map[string]string{}
		for _, code := range constants(t, c.dir, c.typeName) {
			sentence := c.say(code)
			if strings.TrimSpace(sentence) == "" {
				t.Errorf("%s.%s %s has no sentence", c.dir, c.typeName, code)
			}
			if other, ok := said[sentence]; ok && other != code {
				t.Errorf("%s and %s are said alike", code, other)
			}
			said[sentence] = code
		}
	}
}

func TestEveryRowOfTheSyncTableHasItsSentence(t *testing.T) {
	const rows = 13
	for n := 1; n <= rows; n++ {
		if wording.Row(n) == "" {
			t.Errorf("row %d has no sentence", n)
		}
	}
	if wording.Row(0)+wording.Row(rows+1) != "" {
		t.Error("rows that do not exist have a sentence")
	}
}

func TestWhatNeededNoWriteIsNotSaidToHaveGone(t *testing.T) {
	for _, c := range []delivery.Code{delivery.Synced, delivery.Matched, delivery.NotedOnly} {
		without, with := wording.Outcome(c, false), wording.Outcome(c, true)
		if without == with || !strings.Contains(without, "nothing") {
			t.Errorf("%s: %q, and with a write %q", c, without, with)
		}
	}
	if wording.Outcome(delivery.Created, false) != wording.Outcome(delivery.Created, true) {
		t.Error("a create is a write")
	}
}

func TestAFieldIsSaidToBeWrittenOnlyWhenItWas(t *testing.T) {
	for c, begins := range map[field.Code]string{
		"": "written", field.NotYet: "not yet written", field.Unsure: "perhaps written",
	} {
		if said := wording.Happened(field.Write, c); !strings.HasPrefix(said, begins) {
			t.Errorf("%q: %q", c, said)
		}
	}
	if said := wording.Happened(field.Skip, field.Refused); !strings.HasPrefix(said, "not written: Ashby refused") {
		t.Errorf("refused: %q", said)
	}
}
