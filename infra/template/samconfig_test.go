package template_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
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

// overridden runs what `make deploy` asks for its parameters, beside a samconfig.toml,
// and gives what it prints.
func overridden(t *testing.T, samconfig, stage string) (string, error) {
	t.Helper()
	script, err := filepath.Abs("../tools/overrides")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(script); err != nil { // which also tells go test that it matters
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "python3", script, stage)
	cmd.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(cmd.Dir, "samconfig.toml"), []byte(samconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestAReleaseIsNamedByItsParameters(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no Python, which a deployment needs")
	}
	if exec.CommandContext(t.Context(), python, "-c", "import tomllib").Run() != nil {
		t.Skip("a Python before 3.11")
	}
	listed := "[prod.deploy.parameters]\nparameter_overrides = [\"Stage=prod\", \"JwksUrl=https://login.example.com/keys?v=1\"]\n"
	first, err := overridden(t, listed, "prod")
	if err != nil || !strings.HasPrefix(first, "Stage=prod\nJwksUrl=https://login.example.com/keys?v=1\nRelease=") {
		t.Fatalf("printed %q, %v", first, err)
	}
	_, release, _ := strings.Cut(strings.TrimSpace(first), "Release=")
	if said := refused(t, map[string]string{"Release": release}); said != "" {
		t.Error(said)
	}
	for what, c := range map[string]struct {
		samconfig string
		same      bool
	}{
		"the same again":             {listed, true},
		"as sam itself writes it":    {"[prod.deploy.parameters]\nparameter_overrides = \"Stage=\\\"prod\\\" JwksUrl=\\\"https://login.example.com/keys?v=1\\\"\"\n", true},
		"another value":              {strings.Replace(listed, "v=1", "v=2", 1), false},
		"one parameter more":         {strings.Replace(listed, "[\"", "[\"LogLevel=debug\", \"", 1), false},
		"a name that somebody chose": {strings.Replace(listed, "[\"", "[\"Release=chosen\", \"", 1), false},
	} {
		again, err := overridden(t, c.samconfig, "prod")
		if err != nil || strings.Contains(again, release) != c.same || strings.Count(again, "Release=") != 1 {
			t.Errorf("%s: printed %q after %q, %v", what, again, first, err)
		}
	}
	if said, err := overridden(t, listed, "staging"); err == nil || said != "samconfig.toml has no section [staging.deploy.parameters]\n" {
		t.Errorf("said %q, %v", said, err)
	}
}
