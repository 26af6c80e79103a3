package shared_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// longestMain keeps a function's main a sentence that can fail: wire, then serve; in lines.
const longestMain = 40

// localOnly is what a Lambda never links: stores and doubles of the laptop, and what is heavy at start.
var localOnly = []string{
	sqlite,
	kin,
	goCmp,
	rapid,
	"testing",
	module + "/shared/adapter/sqlite",
	module + "/shared/adapter/memory",
	module + "/shared/adapter/ashby/ashbyspec",
	module + "/infra",
}

func functionBreaches(packages tree, p *source) []string {
	group, unit := placeOf(p.dir)
	if group != "functions" {
		return nil
	}
	breaches := linkBreaches(packages, p)
	if p.dir == path.Join(group, unit) {
		breaches = append(breaches, mainBreaches(p)...)
	}
	return breaches
}

func mainBreaches(p *source) []string {
	at := slices.IndexFunc(p.files, func(f file) bool { return f.name == "main.go" })
	switch {
	case at < 0:
		return []string{p.dir + ": a function's folder has a main.go"}
	case p.files[at].syntax.Name.Name != "main":
		return []string{p.dir + ": a function's folder is package main"}
	case p.files[at].lines > longestMain:
		return []string{fmt.Sprintf("%s: main.go has %d lines, more than %d; wiring belongs beside it", p.dir, p.files[at].lines, longestMain)}
	}
	return nil
}

// linkBreaches follows the imports of the module's own packages, as the linker would, up to the first that must not be there.
func linkBreaches(packages tree, from *source) []string {
	var breaches []string
	seen := map[string]bool{}
	var visit func(p *source, chain string)
	visit = func(p *source, chain string) {
		for _, imported := range p.links() {
			if seen[imported] {
				continue
			}
			seen[imported] = true
			inner, ours := strings.CutPrefix(imported, module+"/")
			next := packages[inner]
			switch {
			case underAny(imported, localOnly) || next != nil && next.isSuite():
				breaches = append(breaches, fmt.Sprintf("%s: links %s, by way of %s", from.dir, imported, chain))
			case ours && next != nil:
				visit(next, chain+" → "+inner)
			}
		}
	}
	visit(from, from.dir)
	return breaches
}

// links returns what the folder's files outside tests import, sorted so that the chain told is always the same.
func (s *source) links() []string {
	imports := map[string]bool{}
	for _, f := range s.code() {
		for _, imported := range f.imports {
			imports[imported] = true
		}
	}
	return slices.Sorted(maps.Keys(imports))
}
