package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func TestADocumentWithoutAModuleOfItsProgramIsRefused(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{
		{Path: "example.com/a", Version: "v1.0.0"},
		{Path: "example.com/b", Version: "v2.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v2.0.1"}},
	}}
	whole := `{"components":[{"name":"std","version":"go1.26.8"},{"name":"example.com/a","version":"v1.0.0"},{"name":"example.com/fork","version":"v2.0.1"}]}`
	if err := complete([]byte(whole), info); err != nil {
		t.Error(err)
	}
	for left, told := range map[string]string{
		`{"name":"std","version":"go1.26.8"},`:               "std go1.26.8 is not listed",
		`,{"name":"example.com/fork","version":"v2.0.1"}`:    "example.com/fork v2.0.1 is not listed",
		`{"name":"example.com/a","version":"v1.0.0"},`:       "example.com/a v1.0.0 is not listed",
		`"components":[{"name":"std","version":"go1.26.8"},`: "invalid character",
	} {
		if err := complete([]byte(strings.Replace(whole, left, "", 1)), info); err == nil || !strings.Contains(err.Error(), told) {
			t.Errorf("without %s: %v", left, err)
		}
	}
}

func TestWhatIsBundledIntoThePageIsListedAndItsToolsAreNot(t *testing.T) {
	packages, err := shipped("../../page/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(packages)
	if err != nil {
		t.Fatal(err)
	}
	var listed []component
	if err := json.Unmarshal(text, &listed); err != nil {
		t.Fatal(err)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(listed, func(c component) bool {
			return c.Name == name && c.Purl == "pkg:npm/"+name+"@"+c.Version
		})
	}
	if !has("preact") || !has("openapi-fetch") || has("esbuild") || has("typescript") {
		t.Errorf("listed %v", listed)
	}
}

func TestALockFileThatSaysTooLittleIsRefused(t *testing.T) {
	for text, told := range map[string]string{
		`{"packages":{"":{}}}`: "nothing that is shipped",
		`{"packages":{"node_modules/@a/b":{"version":"1.0.0","integrity":"md5-?"}}}`: "@a/b has no version or no hash",
		`{`: "unexpected end",
	} {
		lock := filepath.Join(t.TempDir(), "lock.json")
		if err := os.WriteFile(lock, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := shipped(lock); err == nil || !strings.Contains(err.Error(), told) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAFunctionIsNamedByItsFolderOrItsLogicalID(t *testing.T) {
	for program, name := range map[string]string{"build/arm64/push/bootstrap": "push", ".aws-sam/build/PushFunction/bootstrap": "push"} {
		if got := functionOf(program); got != name {
			t.Errorf("%s: %q", program, got)
		}
	}
}

func TestNothingBuiltIsNothingDescribed(t *testing.T) {
	if err := (builder{}).run(t.Context(), t.TempDir(), t.TempDir(), os.Stderr); err == nil || !strings.Contains(err.Error(), "build them first") {
		t.Errorf("got %v", err)
	}
}
