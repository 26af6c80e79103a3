// Package template_test holds template.yaml to the code that it deploys, and its roles to the least they need.
package template_test

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestEveryFunctionFolderIsDeployedAndNothingElse(t *testing.T) {
	mains, err := filepath.Glob("../../functions/*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no functions found: %v", err)
	}
	var folders []string
	for _, main := range mains {
		folders = append(folders, filepath.Base(filepath.Dir(main)))
	}
	functions := parse(t, readTemplate(t)).functions()
	for _, folder := range folders {
		if functions[folder] == nil {
			t.Errorf("functions/%s is not in the template", folder)
		}
	}
	for folder := range functions {
		if !slices.Contains(folders, folder) {
			t.Errorf("the template deploys %s, which has no main.go", folder)
		}
	}
}

func TestEveryFunctionIsBuiltAndLoggedAlike(t *testing.T) {
	template := parse(t, readTemplate(t))
	if got := template.text("Globals", "Function", "Runtime"); got != "provided.al2023" {
		t.Errorf("runtime %q", got)
	}
	for name, function := range template.functions() {
		if got := function.text("Metadata", "BuildMethod"); got != "go1.x" {
			t.Errorf("%s: build method %q; the others build for the wrong architecture in silence", name, got)
		}
		group := strings.TrimPrefix(function.text("Properties", "LoggingConfig", "LogGroup"), "!Ref ")
		want := "!Sub /aws/lambda/${Stage}-ashby-sync-" + name
		if got := template.text("Resources", group, "Properties", "LogGroupName"); got != want {
			t.Errorf("%s: logs to %q, want %q", name, got, want)
		}
	}
	for id, group := range template.ofType("AWS::Logs::LogGroup") {
		if group.text("Properties", "RetentionInDays") != "!Ref LogRetentionDays" {
			t.Errorf("%s keeps logs for ever", id)
		}
	}
}

func TestQueuesOutlastFunctionsAndOutages(t *testing.T) {
	template := parse(t, readTemplate(t))
	for function, want := range map[string]struct {
		queue  string
		batch  string
		factor int // visibility over timeout
	}{
		"record": {"EventsQueue", "10", 6},
		"push":   {"WorkQueue", "1", 2},
	} {
		properties := template.functions()[function].in("Properties")
		visible := template.text("Resources", want.queue, "Properties", "VisibilityTimeout")
		if seconds(t, visible) != want.factor*seconds(t, properties.text("Timeout")) {
			t.Errorf("%s is visible again after %s s, while %s may run %s s", want.queue, visible, function, properties.text("Timeout"))
		}
		for _, event := range properties.in("Events") {
			source, _ := event.(object)
			if got := source.text("Properties", "BatchSize"); got != want.batch {
				t.Errorf("%s: batches of %s", function, got)
			}
			if got := source.list("Properties", "FunctionResponseTypes"); !slices.Contains(got, any("ReportBatchItemFailures")) {
				t.Errorf("%s cannot fail in part: %v", function, got)
			}
		}
	}
	for id, queue := range template.ofType("AWS::SQS::Queue") {
		if got := queue.text("Properties", "MessageRetentionPeriod"); got != "1209600" {
			t.Errorf("%s keeps messages for %s s", id, got)
		}
		if got := queue.text("Properties", "RedrivePolicy", "maxReceiveCount"); got != "1000" && !strings.HasSuffix(id, "DeadLetters") {
			t.Errorf("%s gives up after %s receives", id, got)
		}
	}
}

func TestWhatCannotBeRebuiltSurvivesTheStack(t *testing.T) {
	template := parse(t, readTemplate(t))
	for _, id := range []string{"ConfigTable", "TimelineTable", "IntakeSecret"} {
		for _, policy := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
			if got := template.text("Resources", id, policy); got != "Retain" {
				t.Errorf("%s: %s %q", id, policy, got)
			}
		}
	}
	for _, id := range []string{"ConfigTable", "TimelineTable"} {
		recovery := []string{"Resources", id, "Properties", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"}
		if got := template.text(recovery...); got != "true" {
			t.Errorf("%s: point-in-time recovery %q", id, got)
		}
	}
	for id, table := range template.ofType("AWS::DynamoDB::Table") {
		if got := table.text("Properties", "TimeToLiveSpecification", "AttributeName"); got != "exp" {
			t.Errorf("%s: rows expire by %q", id, got)
		}
	}
}

func TestTheGatewayChecksTokensWhereTheDescriptionAsksForThem(t *testing.T) {
	template := parse(t, readTemplate(t))
	body := template.in("Resources", "Api", "Properties", "DefinitionBody")
	guarded := map[string]bool{}
	for path := range body.in("paths") {
		for method, operation := range body.in("paths", path) {
			operation, _ := operation.(object)
			if branches := operation.list("security", "!If"); len(branches) != 3 || written(branches[0]) != "UsersAreKnown" {
				t.Errorf("%s %s has no check that an issuer turns on", method, path)
			}
			guarded[strings.ToUpper(method)+" "+path] = true
		}
	}
	public := []string{"GET /v1/health", "GET /v1/openapi.json"}
	for name, function := range template.functions() {
		for _, event := range function.in("Properties", "Events") {
			source, _ := event.(object)
			route := source.text("Properties", "Method") + " " + source.text("Properties", "Path")
			if source.text("Type") != "HttpApi" {
				continue
			}
			if want := name == "settings" && !slices.Contains(public, route); guarded[route] != want {
				t.Errorf("%s: the gateway checks tokens: %v", route, guarded[route])
			}
			delete(guarded, route)
		}
	}
	if len(guarded) > 0 {
		t.Errorf("nothing answers %v", guarded)
	}
	branches := body.list("components", "!If")
	if len(branches) != 3 || written(branches[0]) != "UsersAreKnown" || written(branches[2]) != "!Ref AWS::NoValue" {
		t.Fatalf("the authorizer is there without an issuer: %v", branches)
	}
	there, _ := branches[1].(object)
	issuer := there.text("securitySchemes", "Users", "x-amazon-apigateway-authorizer", "jwtConfiguration", "issuer")
	if issuer != "!Ref JwtIssuer" {
		t.Errorf("the issuer is %q", issuer)
	}
}

func TestTheAPIsLogNamesRoutesAndNeverPathsOrCallers(t *testing.T) {
	format := parse(t, readTemplate(t)).text("Resources", "Api", "Properties", "AccessLogSettings", "Format")
	if !strings.Contains(format, "$context.routeKey") {
		t.Error("the route is missing")
	}
	for _, secret := range []string{"$context.path", "sourceIp", "authorizer", "userAgent"} {
		if strings.Contains(format, secret) {
			t.Errorf("the access log holds %s", secret)
		}
	}
}

func seconds(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%q is not a number of seconds", text)
	}
	return n
}
