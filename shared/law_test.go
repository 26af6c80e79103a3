// Package shared_test holds the tree to its law: which ring may import which, what each package is for, and what stays out of a Lambda.
//
// It reads the source in-process with go/parser, through an fs.FS. A test that shells out to the go command would be cached
// although the files it judges have changed; files opened here are part of the cache key.
package shared_test

import (
	"os"
	"slices"
	"testing"
)

const module = "github.com/sourcewhale/ashby-sync"

func TestTheTreeKeepsTheLaw(t *testing.T) {
	packages, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("only %d packages found: the law looked at the wrong place", len(packages))
	}
	for _, breach := range judge(packages) {
		t.Error(breach)
	}
}

func TestTheTopLevelIsTheOneAgreedWithTheCustomer(t *testing.T) {
	want := []string{
		"Makefile", "README.md", "functions", "go.mod", "go.sum", "infra", "samconfig.toml", "shared", "template.yaml",
	}
	got, err := topLevel(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s is missing at the top level", name)
		}
	}
}

// judge returns every breach of the law, sorted, each naming the package and what it should do instead.
func judge(packages tree) []string {
	var breaches []string
	for _, p := range packages {
		breaches = append(breaches, placeBreaches(p)...)
		breaches = append(breaches, nameBreaches(p)...)
		breaches = append(breaches, purposeBreaches(p)...)
		breaches = append(breaches, importBreaches(p)...)
		breaches = append(breaches, domainBreaches(p)...)
		breaches = append(breaches, sleepBreaches(p)...)
		breaches = append(breaches, functionBreaches(packages, p)...)
	}
	slices.Sort(breaches)
	return slices.Compact(breaches)
}
