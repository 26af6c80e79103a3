package main

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
)

func TestALocalRunGivesTheTemplateOnlyWhatItTakes(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"nothing is set":           {},
		"the slowest":              {"ASHBY_RATE": "1"},
		"faster than Ashby allows": {"ASHBY_RATE": "1000000"},
		"slow to settle":           {"ASHBY_SETTLE": "1h"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := configure(func(name string) string { return env[name] })
			if err != nil {
				t.Fatal(err)
			}
			template, err := deployment.ReadTemplate("../../template.yaml", parameters(c, "http://127.0.0.1:4100", "http://127.0.0.1:3000", "http://127.0.0.1:3000"))
			if err != nil {
				t.Fatal(err)
			}
			if err := template.Refused(); err != nil {
				t.Error(err)
			}
		})
	}
}
