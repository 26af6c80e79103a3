package template_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// variable is how a setting's name looks in the source of a function's wiring.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$|^STAGE$`)

// lambdaGives is what Lambda itself sets for every function.
var lambdaGives = []string{"AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}

func TestEveryFunctionIsGivenTheSettingsItReads(t *testing.T) {
	template := parse(t, readTemplate(t))
	everywhere := slices.AppendSeq(slices.Clone(lambdaGives), maps.Keys(template.in("Globals", "Function", "Environment", "Variables")))
	for name, function := range template.functions() {
		given := slices.Collect(maps.Keys(function.in("Properties", "Environment", "Variables")))
		read := settingsRead(t, filepath.Join("../../functions", name))
		for _, setting := range read {
			if !slices.Contains(given, setting) && !slices.Contains(everywhere, setting) {
				t.Errorf("%s reads %s, which the template does not give it", name, setting)
			}
		}
		for _, setting := range given {
			if !slices.Contains(read, setting) {
				t.Errorf("the template gives %s %s, which it does not read", name, setting)
			}
		}
	}
}

func TestEndpointsOfEmulatorsAreDeclaredAndEmpty(t *testing.T) {
	given := parse(t, readTemplate(t)).in("Globals", "Function", "Environment", "Variables")
	for _, setting := range []string{
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_SECRETS_MANAGER",
	} {
		if value, declared := given[setting]; !declared || value != "" {
			t.Errorf("%s is %v; sam local passes on only what is declared, and in AWS it must be empty", setting, value)
		}
	}
}

// settingsRead returns the literals in a function's package main, outside tests, that look like a setting's name.
func settingsRead(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && variable.MatchString(text) {
					names = append(names, text)
				}
			}
			return true
		})
	}
	return names
}
