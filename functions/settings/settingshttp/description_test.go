package settingshttp_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
)

var update = flag.Bool("update", false, "write infra/api/openapi.yaml anew")

const descriptionFile = "../../../infra/api/openapi.yaml"

const head = "# Generated from the handlers of functions/settings; a test holds it to them. After a change:\n" +
	"#   go test ./functions/settings/settingshttp -run Description -update\n"

func TestTheKeptDescriptionIsTheHandlers(t *testing.T) {
	made, err := settingshttp.Description()
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte(head), made...)
	if *update {
		if err := os.WriteFile(descriptionFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(descriptionFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, want) {
		t.Errorf("%s is not what the handlers say; run this test with -update and look at the difference", descriptionFile)
	}
}

func TestTheDescriptionIsSoundAndItsExamplesFit(t *testing.T) {
	made, err := settingshttp.Description()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(made)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s has the operation id %q", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			if op.Security == nil && path != "/v1/health" {
				t.Errorf("%s %s asks for no token", method, path)
			}
		}
	}
}
