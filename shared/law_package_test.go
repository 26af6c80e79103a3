package shared_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// A name that says nothing about the business or the technology invites everything.
var (
	emptyNames = []string{
		"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "base", "core", "misc", "lib", "manager",
		"service", "impl",
	}
	emptyEndings = []string{"util", "utils", "common", "helper", "helpers", "impl"}
)

// longestPurpose is one sentence that a reader takes in at a glance, in characters.
const longestPurpose = 240

func nameBreaches(p *source) []string {
	var breaches []string
	names := strings.Split(p.dir, "/")
	for _, f := range p.files {
		names = append(names, strings.TrimSuffix(f.syntax.Name.Name, "_test"))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		empty := slices.Contains(emptyNames, name) || slices.ContainsFunc(emptyEndings, func(ending string) bool {
			return strings.HasSuffix(name, ending)
		})
		if empty {
			breaches = append(breaches, fmt.Sprintf("%s: the name %q says nothing; name the business or the technology", p.dir, name))
		}
	}
	return breaches
}

// purposeBreaches wants one package comment per package, whose first sentence is the package's purpose.
func purposeBreaches(p *source) []string {
	files := p.code()
	if len(files) == 0 {
		files = p.files
	}
	var comments []string
	for _, f := range files {
		if text := f.syntax.Doc.Text(); text != "" {
			comments = append(comments, text)
		}
	}
	switch {
	case len(comments) == 0:
		return []string{p.dir + ": has no purpose; say in one sentence of the package comment what it is for"}
	case len(comments) > 1:
		return []string{p.dir + ": has several package comments; the purpose stands in one"}
	}
	purpose := new(doc.Package).Synopsis(comments[0])
	name := files[0].syntax.Name.Name
	switch {
	case name != "main" && !strings.HasPrefix(purpose, "Package "+name+" "):
		return []string{fmt.Sprintf("%s: the package comment begins %q, not \"Package %s …\"", p.dir, purpose, name)}
	case utf8.RuneCountInString(purpose) > longestPurpose:
		return []string{fmt.Sprintf("%s: the purpose is longer than %d characters: %s", p.dir, longestPurpose, purpose)}
	}
	return nil
}

// The domain is pure: it computes on what it is given. A clock, a dice or a socket in there could not be replayed.
var (
	impureImports = []string{
		"crypto/rand", "database", "io/fs", "log", "math/rand", "math/rand/v2", "net", "os", "runtime", "sync", "testing",
	}
	harmlessImports = []string{"log/slog", "net/netip", "net/url", "net/mail", "runtime/debug"}
	// What makes something once, when it is first asked for, gives the same whenever that is.
	madeOnce    = map[string][]string{"shared/domain/pattern": {"sync"}}
	impureCalls = map[string][]string{"time": {"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker", "Tick", "AfterFunc"}}
)

func domainBreaches(p *source) []string {
	if group, _ := placeOf(p.dir); group != "shared/domain" {
		return nil
	}
	var breaches []string
	for _, f := range p.code() {
		where := path.Join(p.dir, f.name)
		for _, imported := range f.imports {
			if underAny(imported, impureImports) && !slices.Contains(harmlessImports, imported) && !slices.Contains(madeOnce[p.dir], imported) {
				breaches = append(breaches, fmt.Sprintf("%s: the domain is pure and does not import %s", where, imported))
			}
		}
		ast.Inspect(f.syntax, func(node ast.Node) bool {
			breaches = append(breaches, impurity(where, node)...)
			return true
		})
	}
	return breaches
}

func impurity(where string, node ast.Node) []string {
	switch node := node.(type) {
	case *ast.Field:
		if node.Tag != nil {
			return []string{fmt.Sprintf("%s: tag %s; tags live at the edge, in the wire types of an adapter", where, node.Tag.Value)}
		}
	case *ast.SelectorExpr:
		if of, ok := node.X.(*ast.Ident); ok && slices.Contains(impureCalls[of.Name], node.Sel.Name) {
			return []string{fmt.Sprintf("%s: %s.%s; time arrives as an argument", where, of.Name, node.Sel.Name)}
		}
	}
	return nil
}

// sleepBreaches refuses tests that wait by the clock: too short on a busy machine, too long on all others. Where synctest is at
// work a sleep takes no time and is exact; the bubble may be a helper's, in another file of the package.
func sleepBreaches(p *source) []string {
	if slices.ContainsFunc(p.files, func(f file) bool { return f.test && slices.Contains(f.imports, "testing/synctest") }) {
		return nil
	}
	var breaches []string
	for _, f := range p.files {
		if !f.test {
			continue
		}
		ast.Inspect(f.syntax, func(node ast.Node) bool {
			if call, ok := node.(*ast.SelectorExpr); ok && call.Sel.Name == "Sleep" && isNamed(call.X, "time") {
				breaches = append(breaches, path.Join(p.dir, f.name)+": time.Sleep in a test; wait for an event or use testing/synctest")
			}
			return true
		})
	}
	return breaches
}

func isNamed(of ast.Expr, name string) bool {
	ident, ok := of.(*ast.Ident)
	return ok && ident.Name == name
}
