package shared_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// lawful is a small tree that keeps the law; each case below adds or replaces files.
var lawful = map[string]string{
	"go.mod":                               "module " + module + "\n",
	"shared/law_test.go":                   "// Package shared_test is the law.\npackage shared_test\n",
	"shared/domain/person/person.go":       "// Package person is a person.\npackage person\n\nimport \"strings\"\n\nvar _ = strings.ToUpper\n",
	"shared/domain/fault/fault.go":         "// Package fault is our error.\npackage fault\n",
	"shared/port/table/table.go":           "// Package table is the store.\npackage table\n" + importing("shared/domain/fault"),
	"shared/port/queue/queue.go":           "// Package queue is the queues.\npackage queue\n",
	"shared/port/table/tabletest/suite.go": "// Package tabletest is the suite.\npackage tabletest\n" + importing("testing", "shared/port/table"),
	"shared/repository/people/people.go":   "// Package people is people's rows.\npackage people\n" + importing("shared/port/table", "shared/domain/person"),
	"shared/usecase/push/push.go":          "// Package push carries.\npackage push\n" + importing("shared/domain/person", "golang.org/x/sync/errgroup"),
	"shared/usecase/record/record.go":      "// Package record writes.\npackage record\n" + importing("shared/port/table"),
	"shared/adapter/dynamodb/table.go":     "// Package dynamodb is DynamoDB.\npackage dynamodb\n" + importing("shared/port/table", awsSDK+"/service/dynamodb"),
	"shared/adapter/secretsmanager/a.go":   "// Package secretsmanager is Secrets Manager.\npackage secretsmanager\n",
	"shared/adapter/sqlite/table.go":       "// Package sqlite is one file.\npackage sqlite\n" + importing("shared/port/table", sqlite),
	"shared/adapter/ashby/client.go":       "// Package ashby is Ashby.\npackage ashby\n",
	"shared/adapter/ashby/ashbytest/sim.go": "// Package ashbytest runs.\npackage ashbytest\n" +
		importing("shared/adapter/ashby", "net/http/httptest"),
	"shared/runtime/batch/batch.go": "// Package batch answers.\npackage batch\n" + importing(lambdaGo+"/events", "shared/domain/fault"),
	"functions/push/main.go":        "// Command push is a function.\npackage main\n" + importing("shared/usecase/push", lambdaGo+"/lambda"),
	"infra/local/main.go":           "// Command local runs it all.\npackage main\n" + importing("shared/adapter/sqlite", "shared/adapter/ashby/ashbytest"),
}

// importing is an import block for paths of the module (those without a dot, but with a slash) and others.
func importing(paths ...string) string {
	var block strings.Builder
	for _, p := range paths {
		if strings.HasPrefix(p, "shared/") || strings.HasPrefix(p, "functions/") || strings.HasPrefix(p, "infra/") {
			p = module + "/" + p
		}
		block.WriteString("\nimport _ \"" + p + "\"\n")
	}
	return block.String()
}

func TestTheLawfulTreeHasNoBreach(t *testing.T) {
	if breaches := judged(t, nil); len(breaches) > 0 {
		t.Errorf("breaches in a lawful tree:\n%s", strings.Join(breaches, "\n"))
	}
}

func TestTheLawCatches(t *testing.T) {
	const person = "// Package person is a person.\npackage person\n"
	for name, broken := range map[string]struct {
		file, text string
		breach     string // the one breach there is
	}{
		"a domain that imports a module": {
			"shared/domain/person/person.go", person + importing("golang.org/x/text/cases"),
			"shared/domain/person/person.go: shared/domain may not import golang.org/x/text/cases",
		},
		"a domain that imports a port": {
			"shared/domain/person/person.go", person + importing("shared/port/table"),
			"shared/domain may not import " + module + "/shared/port/table",
		},
		"a domain whose test reaches outward": {
			"shared/domain/person/person_test.go", "package person\n" + importing("shared/usecase/push"),
			"shared/domain may not import " + module + "/shared/usecase/push",
		},
		"a domain that opens files": {
			"shared/domain/person/person.go", person + importing("os/exec"),
			"the domain is pure and does not import os/exec",
		},
		"a domain that reads the clock": {
			"shared/domain/person/person.go", person + "import \"time\"\n\nvar born = time.Now()\n",
			"time.Now; time arrives as an argument",
		},
		"a domain with tags": {
			"shared/domain/person/person.go", person + "type P struct {\n\tA int `json:\"a\"`\n}\n",
			"tags live at the edge",
		},
		"a port that imports a technology": {
			"shared/port/table/table.go", "// Package table is the store.\npackage table\n" + importing(awsSDK+"/service/dynamodb"),
			"shared/port may not import " + awsSDK,
		},
		"a port outside a suite that imports testing": {
			"shared/port/table/table.go", "// Package table is the store.\npackage table\n" + importing("testing"),
			"shared/port may not import testing",
		},
		"a port that imports another port": {
			"shared/port/table/table.go", "// Package table is the store.\npackage table\n" + importing("shared/port/queue"),
			"shared/port may not import " + module + "/shared/port/queue",
		},
		"a repository above a queue": {
			"shared/repository/people/people.go", "// Package people is rows.\npackage people\n" + importing("shared/port/queue"),
			"shared/repository may not import " + module + "/shared/port/queue",
		},
		"a use case that imports a sibling": {
			"shared/usecase/push/push.go", "// Package push carries.\npackage push\n" + importing("shared/usecase/record"),
			"shared/usecase may not import " + module + "/shared/usecase/record",
		},
		"a use case that imports an adapter": {
			"shared/usecase/push/push.go", "// Package push carries.\npackage push\n" + importing("shared/adapter/ashby"),
			"shared/usecase may not import " + module + "/shared/adapter/ashby",
		},
		"a use case that imports a repository": {
			"shared/usecase/push/push.go", "// Package push carries.\npackage push\n" + importing("shared/repository/people"),
			"shared/usecase may not import " + module + "/shared/repository/people",
		},
		"an adapter that imports an adapter": {
			"shared/adapter/dynamodb/table.go", "// Package dynamodb is DynamoDB.\npackage dynamodb\n" + importing("shared/adapter/sqlite"),
			"shared/adapter may not import " + module + "/shared/adapter/sqlite",
		},
		"an adapter that imports another's technology": {
			"shared/adapter/dynamodb/table.go", "// Package dynamodb is DynamoDB.\npackage dynamodb\n" + importing(sqlite),
			"shared/adapter may not import " + sqlite,
		},
		"a shared package that knows Lambda": {
			"shared/usecase/push/push.go", "// Package push carries.\npackage push\n" + importing(lambdaGo+"/events"),
			"shared/usecase may not import " + lambdaGo,
		},
		"a shared test that knows a function": {
			"shared/runtime/batch/batch_test.go", "package batch\n" + importing("functions/push"),
			"shared/runtime may not import " + module + "/functions/push",
		},
		"a function that imports a function": {
			"functions/push/record.go", "package main\n" + importing("functions/record/handle"),
			"functions may not import " + module + "/functions/record/handle",
		},
		"a function that links the local store through another package": {
			"functions/push/wire/wire.go", "// Package wire builds.\npackage wire\n" + importing("shared/adapter/sqlite"),
			"functions/push/wire: links " + module + "/shared/adapter/sqlite, by way of functions/push/wire",
		},
		"a function that links a simulator two imports away": {
			"shared/usecase/push/push.go", "// Package push carries.\npackage push\n" + importing("shared/port/table/tabletest"),
			"functions/push: links " + module + "/shared/port/table/tabletest, by way of functions/push → shared/usecase/push",
		},
		"a long main": {
			"functions/push/main.go", "// Command push is a function.\npackage main\n" + strings.Repeat("\n", longestMain),
			"functions/push: main.go has 42 lines",
		},
		"a function without a main": {
			"functions/pull/handle.go", "// Command pull is a function.\npackage main\n",
			"functions/pull: a function's folder has a main.go",
		},
		"Go files in a group folder": {
			"shared/usecase/all.go", "// Package usecase is all of them.\npackage usecase\n",
			"shared/usecase: a group folder holds no Go files",
		},
		"Go files in shared itself": {
			"shared/shared.go", "// Package shared is shared.\npackage shared\n",
			"shared: a group folder holds no Go files",
		},
		"a ring of one's own": {
			"shared/thing/thing.go", "// Package thing is a thing.\npackage thing\n",
			"shared/thing: belongs to no ring",
		},
		"Go files at the root": {
			"main.go", "// Command main is everything.\npackage main\n",
			".: belongs to no ring",
		},
		"a test that sleeps": {
			"shared/domain/person/person_test.go", "package person\n\nimport \"time\"\n\nfunc wait() { time.Sleep(1) }\n",
			"shared/domain/person/person_test.go: time.Sleep in a test",
		},
		"a package without a purpose": {
			"shared/domain/person/person.go", "package person\n",
			"shared/domain/person: has no purpose",
		},
		"a package whose comment is about something else": {
			"shared/domain/person/person.go", "// Some notes.\npackage person\n",
			"shared/domain/person: the package comment begins",
		},
		"a package with two purposes": {
			"shared/domain/person/more.go", "// Package person is more.\npackage person\n",
			"shared/domain/person: has several package comments",
		},
		"a purpose without an end": {
			"shared/domain/person/person.go", "// Package person is " + strings.Repeat("very ", 60) + "long.\npackage person\n",
			"shared/domain/person: the purpose is longer than",
		},
		"a folder whose name says nothing": {
			"shared/domain/common/common.go", "// Package common is common.\npackage common\n",
			`shared/domain/common: the name "common" says nothing`,
		},
		"a package whose name ends in nothing": {
			"infra/stringutil/a.go", "// Package stringutil is strings.\npackage stringutil\n",
			`infra/stringutil: the name "stringutil" says nothing`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			breaches := judged(t, map[string]string{broken.file: broken.text})
			if len(breaches) != 1 || !strings.Contains(breaches[0], broken.breach) {
				t.Errorf("breaches: %q\nwant one with: %q", breaches, broken.breach)
			}
		})
	}
}

func TestASleepInABubbleIsNone(t *testing.T) {
	breaches := judged(t, map[string]string{
		"shared/domain/person/bubble_test.go": "package person\n" + importing("testing/synctest"),
		"shared/domain/person/person_test.go": "package person\n\nimport \"time\"\n\nfunc wait() { time.Sleep(1) }\n",
	})
	if len(breaches) > 0 {
		t.Errorf("breaches: %q", breaches)
	}
}

func TestTheLawSkipsWhatTheGoCommandSkips(t *testing.T) {
	const wild = "package common\n"
	breaches := judged(t, map[string]string{
		"infra/api/testdata/a.go":      wild,
		"infra/tools/lint/go.mod":      "module elsewhere\n",
		"infra/tools/lint/x/a.go":      wild,
		".local/a.go":                  wild,
		"_old/a.go":                    wild,
		"infra/page/node_modules/a.go": wild,
	})
	if len(breaches) > 0 {
		t.Errorf("breaches: %q", breaches)
	}
}

func TestTheTopLevelLeavesOutDotfilesAndWhatGitIgnores(t *testing.T) {
	names, err := topLevel(fstest.MapFS{
		".gitignore":    {Data: []byte("# Leftovers.\n/build/\n*.test\n")},
		".ci/run":       {},
		"build/x":       {},
		"settings.test": {},
		"go.mod":        {},
		"notes.txt":     {},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != "go.mod notes.txt" {
		t.Errorf("top level: %s", got)
	}
}

func judged(t *testing.T, changes map[string]string) []string {
	t.Helper()
	files := maps.Clone(lawful)
	maps.Copy(files, changes)
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	packages, err := readTree(root)
	if err != nil {
		t.Fatal(err)
	}
	return judge(packages)
}
