package template_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// wildcards are the resources with a * that a role may name, each with the reason that there is no way round it.
var wildcards = map[string]string{
	"!Sub arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Stage}/ashby-sync/team/*": "" +
		"teams come and go while the stack stands; the prefix holds nothing but their Ashby keys",
}

// services is what each function may reach, besides its own log group: resources by the service of the actions.
// It is the promise that a stolen function is worth no more than this.
var services = map[string]map[string][]string{
	"settings": {
		"dynamodb":       {"CandidatesTable", "ConfigTable", "TimelineTable"},
		"secretsmanager": {"IntakeSecret", "team/*"},
		"sqs":            {"WorkQueue"},
	},
	"intake": {
		"secretsmanager": {"IntakeSecret"},
		"sqs":            {"EventsQueue"},
	},
	"record": {
		"dynamodb": {"ConfigTable", "TimelineTable"},
		"sqs":      {"EventsDeadLetters", "EventsQueue", "WorkQueue"},
	},
	"push": {
		"dynamodb":       {"CandidatesTable", "ConfigTable", "TimelineTable"},
		"secretsmanager": {"team/*"},
		"sqs":            {"WorkDeadLetters", "WorkQueue"},
	},
	"sweep": {
		"dynamodb": {"ConfigTable", "TimelineTable"},
		"sqs":      {"WorkQueue"},
	},
	"console": {},
}

// changes lists what each function may do besides reading (Get, BatchGet, Query) and its queues' traffic; settings and the ledger's
// two writers are trusted with their tables whole.
var changes = map[string]map[string][]string{
	"intake": {"secretsmanager": nil},
	"push":   {"secretsmanager": nil},
	"sweep":  {"dynamodb": {"dynamodb:DeleteItem"}},
}

func TestRolesAllowTheLeast(t *testing.T) {
	for _, breach := range roleBreaches(parse(t, readTemplate(t))) {
		t.Error(breach)
	}
}

func TestEveryExcusedWildcardIsStillThere(t *testing.T) {
	text := readTemplate(t)
	for resource := range wildcards {
		if !strings.Contains(text, strings.TrimPrefix(resource, "!Sub ")) {
			t.Errorf("no role names %s any more", resource)
		}
	}
}

func TestARoleThatAllowsMoreIsCaught(t *testing.T) {
	text := readTemplate(t)
	for name, change := range map[string]struct{ old, changed, breach string }{
		"any action":         {"Action: sqs:SendMessage", "Action: sqs:*", "sqs:*"},
		"any resource":       {"Resource: !GetAtt EventsQueue.Arn", `Resource: "*"`, "without a reason"},
		"a wider prefix":     {"secret:${Stage}/ashby-sync/team/*", "secret:${Stage}/*", "without a reason"},
		"another's queue":    {"Resource: !GetAtt EventsQueue.Arn", "Resource: !GetAtt WorkQueue.Arn", "intake reaches [WorkQueue] by sqs"},
		"another's service":  {"Action: sqs:SendMessage\n                Resource: !GetAtt EventsQueue.Arn", "Action: dynamodb:GetItem\n                Resource: !GetAtt ConfigTable.Arn", "intake reaches [ConfigTable] by dynamodb"},
		"a managed policy":   {"AssumeRolePolicyDocument: *lambda", "ManagedPolicyArns: [x]\n      AssumeRolePolicyDocument: *lambda", "managed policies"},
		"SAM's own role":     {"Role: !GetAtt SweepRole.Arn", "Policies: []", "sweep has no role of its own"},
		"a sweep that wrote": {"dynamodb:GetItem, dynamodb:Query]\n                Resource: [!GetAtt", "dynamodb:PutItem]\n                Resource: [!GetAtt", "sweep may dynamodb:PutItem"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(text, change.old, change.changed, 1)
			if broken == text {
				t.Fatalf("the template has no %q to change", change.old)
			}
			breaches := roleBreaches(parse(t, broken))
			if !slices.ContainsFunc(breaches, func(b string) bool { return strings.Contains(b, change.breach) }) {
				t.Errorf("breaches %q, want one with %q", breaches, change.breach)
			}
		})
	}
}

func roleBreaches(template object) []string {
	var breaches []string
	for name, function := range template.functions() {
		id, own := strings.CutPrefix(function.text("Properties", "Role"), "!GetAtt ")
		role := template.in("Resources", strings.TrimSuffix(id, ".Arn"), "Properties")
		if !own || role == nil {
			breaches = append(breaches, name+" has no role of its own; the one that SAM makes may log anywhere")
			continue
		}
		if role["ManagedPolicyArns"] != nil {
			breaches = append(breaches, name+" has managed policies, which name no resources of ours")
		}
		reached := map[string][]string{}
		for _, s := range statements(role) {
			breaches = append(breaches, statementBreaches(name, s, reached)...)
		}
		delete(reached, "logs")
		breaches = append(breaches, reachBreaches(name, reached)...)
	}
	return breaches
}

func statements(role object) []object {
	var found []object
	for _, policy := range role.list("Policies") {
		inner, _ := policy.(object)
		for _, s := range inner.list("PolicyDocument", "Statement") {
			one, _ := s.(object)
			found = append(found, one)
		}
	}
	return found
}

// statementBreaches judges one statement and adds what it reaches, by service.
func statementBreaches(name string, s object, reached map[string][]string) []string {
	var breaches []string
	used := map[string]bool{}
	for _, action := range s.list("Action") {
		service, verb, _ := strings.Cut(written(action), ":")
		used[service] = true
		if strings.Contains(verb, "*") || service == "*" {
			breaches = append(breaches, fmt.Sprintf("%s may %s; actions are named one by one", name, written(action)))
		}
		allowed, restricted := changes[name][service]
		reads := slices.ContainsFunc([]string{"Get", "BatchGet", "Query"}, func(prefix string) bool { return strings.HasPrefix(verb, prefix) })
		if restricted && !reads && !slices.Contains(allowed, written(action)) {
			breaches = append(breaches, fmt.Sprintf("%s may %s, which it has no use for", name, written(action)))
		}
	}
	for _, resource := range s.list("Resource") {
		text := written(resource)
		if strings.Contains(text, "*") && wildcards[text] == "" {
			breaches = append(breaches, fmt.Sprintf("%s may act on %s without a reason", name, text))
		}
		for service := range used {
			reached[service] = append(reached[service], short(text))
		}
	}
	return breaches
}

// short names a resource: its logical id, or the end of its prefix.
func short(resource string) string {
	if _, prefix, ok := strings.Cut(resource, "/ashby-sync/"); ok {
		return prefix
	}
	_, id, _ := strings.Cut(resource, " ")
	return strings.TrimSuffix(id, ".Arn")
}

func reachBreaches(name string, reached map[string][]string) []string {
	var breaches []string
	want := services[name]
	for _, service := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(
		slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(reached)))))) {
		got := slices.Compact(slices.Sorted(slices.Values(reached[service])))
		if !slices.Equal(got, want[service]) {
			breaches = append(breaches, fmt.Sprintf("%s reaches %v by %s, not %v", name, got, service, want[service]))
		}
	}
	return breaches
}
