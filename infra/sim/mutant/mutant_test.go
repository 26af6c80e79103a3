package mutant

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryGuardIsWhereItsMutantTakesItOut(t *testing.T) {
	if _, err := Overlay("../../..", t.TempDir(), All()); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	for _, m := range All() {
		if seen[m.Name] || m.Guard == "" || m.Old == m.New {
			t.Errorf("%q is there twice, has no guard or takes nothing out", m.Name)
		}
		seen[m.Name] = true
	}
	if len(seen) < 20 {
		t.Errorf("only %d guards", len(seen))
	}
}

func TestOfEveryGuardWorldsAreRememberedThatNoticedItsLack(t *testing.T) {
	seeds := Seeds()
	for _, m := range All() {
		if len(seeds[m.Name]) < 2 {
			t.Errorf("%s: %v; look with make sim-mutants REMEMBER=1 MUTANTS=%s, or take it off the list", m.Name, seeds[m.Name], m.Name)
		}
	}
	if again := parse(format(seeds)); !maps.EqualFunc(seeds, again, slices.Equal) {
		t.Errorf("%v is read as %v", seeds, again)
	}
}

const program = `package main

import "fmt"

type gate struct{ open bool }

func (gate) allows(_ int, what ...string) (bool, error) {
	if len(what) > 1 {
		return false, nil
	}
	return true, nil
}

func warn() {
	if true {
		fmt.Print("careful ")
	}
}

func twice(n int) int {
	if n > 2 {
		return 0
	}
	return 2 * n
}

func half(n int) int { return n / 2 }

func main() {
	warn()
	ok, _ := gate{}.allows(1, "a", "b")
	fmt.Println(ok, twice(3), twice(1), half(4))
}
`

func TestOneBuildServesAllMutantsAndNone(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module example.com/guarded\n\ngo 1.26\n")
	write(t, filepath.Join(root, "main.go"), program)
	overlay, err := Overlay(root, dir, []Mutant{
		{"open-gate", "guard", "main.go", "return false, nil", "return true, nil"},
		{"no-word", "guard", "main.go", "	if true {\n		fmt.Print(\"careful \")\n	}\n", ""},
		{"no-bound", "guard", "main.go", "n > 2", "n > 200"},
		{"no-half", "guard", "main.go", "n / 2", "n"},
		{"no-double", "guard", "main.go", "2 * n", "n"},
	})
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "guarded")
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, "-o", binary, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, want := range map[string]string{
		"": "careful false 0 2 2", "open-gate": "careful true 0 2 2", "no-word": "false 0 2 2", "no-bound": "careful false 6 2 2", "no-double": "careful false 0 1 2",
		"no-half": "careful false 0 2 4",
	} {
		cmd := exec.CommandContext(t.Context(), binary)
		cmd.Env = append(os.Environ(), Env+"="+name)
		out, err := cmd.Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("without %q: %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestAGuardThatMovedIsAnError(t *testing.T) {
	for what, m := range map[string]Mutant{
		"0 times":                       {"gone", "guard", "main.go", "n > 3", "false"},
		"3 times":                       {"many", "guard", "main.go", "return", ""},
		"not inside of one function":    {"outside", "guard", "main.go", "type gate struct{ open bool }", ""},
		"is not inside of one function": {"across", "guard", "main.go", "	return true, nil\n}\n\nfunc warn() {", ""},
	} {
		root := t.TempDir()
		text := program
		if m.Name == "many" {
			text = "package main\n\nfunc main() {\n	if len(\"\") > 0 {\n		return\n	}\n	if len(\"a\") > 1 {\n		return\n	}\n	return\n}\n"
		}
		write(t, filepath.Join(root, "main.go"), text)
		_, err := Overlay(root, t.TempDir(), []Mutant{m})
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), m.Name) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
