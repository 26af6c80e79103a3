// Package mutant takes the service's guards out one at a time, to show that the
// simulation notices each.
//
// All of them are in one build: where a guard is, a copy of its function without it
// stands beside the function, which takes that way when the process is told to, by
// name. So one build serves them all, and the very same binary runs with nothing
// taken out. The sources stay as they are: the build reads the changed ones in their
// place, from an overlay.
package mutant

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Mutant is a guard taken out of the service: a text of one of its files, found
// there exactly once and inside of one function, with another in its place. A text
// that is not there any more is an error, so that a guard that moved does not pass
// for one that was tried.
type Mutant struct {
	Name  string
	Guard string // what it is that is gone, for people
	File  string // from the root of the repository
	Old   string
	New   string
}

// Env is the variable that names the guard which a process does without; without it,
// nothing is taken out.
const Env = "SIM_WITHOUT"

// All are the guards that are shown to matter.
func All() []Mutant {
	return slices.Concat(unknown, writers, waiting, written, limit)
}

// Named gives the mutants of these names; all when there are none.
func Named(names []string) ([]Mutant, error) {
	if len(names) == 0 {
		return All(), nil
	}
	var chosen []Mutant
	for _, name := range names {
		i := slices.IndexFunc(All(), func(m Mutant) bool { return m.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no mutant %q", name)
		}
		chosen = append(chosen, All()[i])
	}
	return chosen, nil
}

// Overlay writes the changed sources of a repository into a folder, and gives the
// file for `go build -overlay` that puts them in place. The error names every mutant
// whose text is not where it was.
func Overlay(root, dir string, mutants []Mutant) (string, error) {
	byFile := map[string][]Mutant{}
	for _, m := range mutants {
		byFile[m.File] = append(byFile[m.File], m)
	}
	replace := map[string]string{}
	put := func(path, text string) error {
		file := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		replace[path] = file
		return os.WriteFile(file, []byte(text), 0o600)
	}
	var failed []error
	for name, of := range byFile {
		path := filepath.Join(root, name)
		text, err := os.ReadFile(path)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		changed, pkg, err := without(string(text), of)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		failed = append(failed, put(path, changed))
		if choice := filepath.Join(filepath.Dir(path), "zz_taken_out.go"); replace[choice] == "" {
			failed = append(failed, put(choice, fmt.Sprintf("package %s\n\nimport \"os\"\n\nvar takenOut = os.Getenv(%q)\n", pkg, Env)))
		}
	}
	if err := errors.Join(failed...); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, list, 0o600)
}

// identifier makes a name fit for a function's.
func identifier(name string) string { return strings.ReplaceAll(name, "-", "_") }
