package template_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryParameterRefusesWhatCannotBeAndSaysWhatToWrite(t *testing.T) {
	parameters := parse(t, readTemplate(t)).in("Parameters")
	if len(parameters) < 10 {
		t.Fatalf("only %d parameters", len(parameters))
	}
	for name := range parameters {
		p := parameters.in(name)
		bounded := p["MinValue"] != nil && p["MaxValue"] != nil
		if p["AllowedPattern"] == nil && p["AllowedValues"] == nil && !bounded {
			t.Errorf("%s takes anything", name)
		}
		if says := p.text("ConstraintDescription"); !strings.HasPrefix(says, "write ") {
			t.Errorf("%s does not say what to write: %q", name, says)
		}
		pattern := p.text("AllowedPattern")
		if pattern == "" {
			continue
		}
		whole, err := regexp.Compile(pattern)
		if err != nil || !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") {
			t.Errorf("%s: %q is no pattern of the whole value: %v", name, pattern, err)
			continue
		}
		if value, has := p["Default"]; has && !whole.MatchString(written(value)) {
			t.Errorf("%s refuses its own default %q", name, written(value))
		}
		if _, example, said := strings.Cut(p.text("ConstraintDescription"), "such as "); said {
			example, _, _ = strings.Cut(example, ",")
			example, _, _ = strings.Cut(example, ";")
			if !whole.MatchString(example) {
				t.Errorf("%s refuses %q, which it says to write", name, example)
			}
		}
		for _, wrong := range []string{"two words", "https://a b", "*"} {
			if whole.MatchString(wrong) && !(name == "JwtAudience" && wrong == "*") {
				t.Errorf("%s takes %q", name, wrong)
			}
		}
	}
}
