package template_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// configured reads samconfig.toml: each section's settings as they are written. What
// it is made of, it must be made of: sections, and a setting a line.
func configured(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	sections, section := map[string]map[string]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, value, set := strings.Cut(line, " = ")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && line[len(line)-1] == ']':
			section = line[1 : len(line)-1]
			sections[section] = map[string]string{}
		case set && section != "":
			sections[section][name] = value
		case line != "version = 0.1":
			t.Fatalf("samconfig.toml: cannot read %q", line)
		}
	}
	return sections
}

func TestEveryDeploymentOfSamconfigIsTakenByTheTemplate(t *testing.T) {
	sections := configured(t)
	stacks := map[string]bool{}
	for _, stage := range []string{"dev", "staging", "prod"} {
		settings := sections[stage+".deploy.parameters"]
		var overrides []string
		if err := json.Unmarshal([]byte(settings["parameter_overrides"]), &overrides); err != nil {
			t.Fatalf("%s: parameter_overrides is no list of strings: %v", stage, err)
		}
		parameters := map[string]string{}
		for _, override := range overrides {
			name, value, given := strings.Cut(override, "=")
			if _, twice := parameters[name]; !given || twice {
				t.Errorf("%s: %q", stage, override)
			}
			parameters[name] = value
		}
		if said := refused(t, parameters); said != "" {
			t.Errorf("%s: %s", stage, said)
		}
		if parameters["Stage"] != stage {
			t.Errorf("%s deploys stage %q", stage, parameters["Stage"])
		}
		if stacks[settings["stack_name"]] || settings["capabilities"] != `"CAPABILITY_IAM"` {
			t.Errorf("%s: %v", stage, settings)
		}
		stacks[settings["stack_name"]] = true
	}
}
