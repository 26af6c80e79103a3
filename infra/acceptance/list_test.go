package acceptance_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the list of cases into README.md")

// listMark is where the list begins in README.md.
const listMark = "<!-- The list below is made of the code: go test ./infra/acceptance -run List -update -->\n"

func TestTheListInTheReadmeIsWhatTheCasesAre(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, listed, found := strings.Cut(string(text), listMark)
	if !found {
		t.Fatal("README.md has no place for the list")
	}
	want := list()
	if *update {
		if err := os.WriteFile("README.md", []byte(head+listMark+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if listed != want {
		t.Errorf("the list is not what the cases are: run go test ./infra/acceptance -run List -update")
	}
}

func list() string {
	var out strings.Builder
	for _, sec := range sections {
		fmt.Fprintf(&out, "\n## %s\n\n", sec.title)
		for _, c := range sec.cases {
			fmt.Fprintf(&out, "- %s\n", c.name)
		}
	}
	return out.String()
}

func TestThereAreEnoughCasesAndEachHasANameOfItsOwn(t *testing.T) {
	seen, n := map[string]bool{}, 0
	for _, sec := range sections {
		for _, c := range sec.cases {
			n++
			if seen[slug(c.name)] {
				t.Errorf("there are two of %q", c.name)
			}
			seen[slug(c.name)] = true
		}
	}
	if n < 120 {
		t.Errorf("%d cases", n)
	}
	t.Logf("%d cases", n)
}
