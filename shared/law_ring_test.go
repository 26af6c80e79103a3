package shared_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ring is what the packages of one group folder may import besides the standard library and their own unit.
// A unit is a folder directly under the group, such as shared/adapter/ashby, with everything below it.
type ring struct {
	// reach lists group folders whose every unit may be imported.
	reach []string
	// outer lists third-party modules, or parts of them, that every unit may import.
	outer []string
	// perUnit adds third-party modules for one unit of the group.
	perUnit map[string][]string
	// suite adds what a conformance suite or fake (a package whose name ends in "test") may import besides.
	suite []string
}

const (
	awsSDK    = "github.com/aws/aws-sdk-go-v2"
	smithy    = "github.com/aws/smithy-go"
	lambdaGo  = "github.com/aws/aws-lambda-go"
	huma      = "github.com/danielgtaylor/huma/v2"
	golangJWT = "github.com/golang-jwt/jwt/v5"
	goCmp     = "github.com/google/go-cmp"
	kin       = "github.com/getkin/kin-openapi"
	rapid     = "pgregory.net/rapid"
	sqlite    = "modernc.org/sqlite"
)

// rings is the import law. Nothing points outward: a group is absent from the reach of all that stand further in.
var rings = map[string]ring{
	"shared/domain": {
		reach: []string{"shared/domain"},
	},
	"shared/port": {
		reach: []string{"shared/domain"},
		suite: []string{goCmp, rapid},
	},
	"shared/repository": {
		reach: []string{"shared/domain", "shared/port/table"},
	},
	"shared/usecase": {
		reach: []string{"shared/domain", "shared/port"},
		outer: []string{"golang.org/x/sync", "golang.org/x/text", "golang.org/x/time"},
	},
	"shared/adapter": {
		reach: []string{"shared/domain", "shared/port"},
		perUnit: map[string][]string{
			"ashby":          {"golang.org/x/net", "golang.org/x/sync", "golang.org/x/time", kin},
			"dynamodb":       {awsSDK, smithy},
			"fold":           {"golang.org/x/text"},
			"jwt":            {golangJWT},
			"secretsmanager": {awsSDK, smithy},
			"sqlite":         {sqlite},
			"sqs":            {awsSDK, smithy},
		},
	},
	"shared/runtime": {
		reach:   []string{"shared/domain", "shared/port", "shared/runtime"},
		outer:   []string{lambdaGo},
		perUnit: map[string][]string{"cloud": {awsSDK}},
	},
	"functions": {
		reach:   []string{"shared"},
		outer:   []string{lambdaGo, awsSDK, smithy},
		perUnit: map[string][]string{"settings": {huma}},
	},
	"infra": {
		reach: []string{"shared", "functions", "infra"},
		outer: []string{""}, // tools may use what go.mod pins
	},
}

// anyTest is what every test file may import besides what its package may.
var anyTest = []string{goCmp, rapid, kin}

// placeOf splits a folder into its group and the unit in it; both are empty where no ring holds it.
func placeOf(dir string) (group, unit string) {
	for name := range rings {
		if rest, ok := strings.CutPrefix(dir, name+"/"); ok {
			unit, _, _ = strings.Cut(rest, "/")
			return name, unit
		}
	}
	return "", ""
}

func placeBreaches(p *source) []string {
	group, _ := placeOf(p.dir)
	if group != "" {
		return nil
	}
	if p.dir == "shared" && len(p.code()) == 0 {
		return nil // this test
	}
	if _, isGroup := rings[p.dir]; isGroup || p.dir == "shared" {
		return []string{p.dir + ": a group folder holds no Go files"}
	}
	return []string{p.dir + ": belongs to no ring"}
}

func importBreaches(p *source) []string {
	group, unit := placeOf(p.dir)
	if group == "" {
		return nil
	}
	var breaches []string
	for _, f := range p.files {
		for _, imported := range f.imports {
			if !mayImport(p, group, unit, f.test, imported) {
				breaches = append(breaches, fmt.Sprintf("%s/%s: %s may not import %s", p.dir, f.name, group, imported))
			}
		}
	}
	return breaches
}

func mayImport(p *source, group, unit string, test bool, imported string) bool {
	law := rings[group]
	inner, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case !ours && standard(imported):
		return imported != "testing" || test || p.isSuite() || group == "infra"
	case !ours:
		allowed := slices.Concat(law.outer, law.perUnit[unit])
		if p.isSuite() {
			allowed = append(allowed, law.suite...)
		}
		if test {
			allowed = append(allowed, anyTest...)
		}
		return underAny(imported, allowed)
	case under(inner, path.Join(group, unit)):
		return true
	case test && group != "shared/domain" && under(group, "shared"):
		// A test may wire real parts of other rings together, but still knows nothing of Lambdas or tools.
		return under(inner, "shared")
	default:
		return underAny(inner, law.reach)
	}
}

// standard tells the standard library by the missing dot in the first element.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func underAny(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return under(name, prefix) })
}

func under(name, prefix string) bool {
	return prefix == "" || name == prefix || strings.HasPrefix(name, prefix+"/")
}

func (s *source) isSuite() bool {
	return strings.HasSuffix(path.Base(s.dir), "test")
}

// code returns the folder's files that are not tests.
func (s *source) code() []file {
	var files []file
	for _, f := range s.files {
		if !f.test {
			files = append(files, f)
		}
	}
	return files
}
