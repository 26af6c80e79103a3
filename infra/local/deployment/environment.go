package deployment

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Environments gives each function's environment by its logical id, as sam local
// reads it from a file.
func (a Account) Environments(t *Template) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for id, properties := range t.resources("AWS::Serverless::Function") {
		all[id] = a.Environment(t, properties)
	}
	return all, t.Err()
}

// Environment is what the template declares for a function, and nothing else, over
// what Lambda gives every function. The endpoints, empty in the template, are set
// as sam local sets them: only because they are declared.
func (a Account) Environment(t *Template, function *yaml.Node) map[string]string {
	declared := members(t.at(t.root, "Globals", "Function", "Environment", "Variables"))
	maps.Copy(declared, members(t.at(function, "Environment", "Variables")))
	env := map[string]string{}
	for name, node := range declared {
		env[name] = t.value(node)
	}
	for _, pair := range a.Env {
		name, value, _ := strings.Cut(pair, "=")
		if _, ok := declared[name]; ok || !strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			env[name] = value
		}
	}
	return env
}

func pairs(env map[string]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		out = append(out, name+"="+env[name])
	}
	return out
}

// folder is a function's name: that of its folder under functions/.
func folder(t *Template, function *yaml.Node) string {
	return strings.TrimPrefix(t.value(t.at(function, "CodeUri")), "functions/")
}
