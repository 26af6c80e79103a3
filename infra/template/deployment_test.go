package template_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestEveryFunctionIsReachedByAnAliasThatEveryReleaseMoves(t *testing.T) {
	template := parse(t, readTemplate(t))
	everywhere := template.in("Globals", "Function")
	if everywhere.text("AutoPublishAlias") != "live" || everywhere.text("Description") != "!Sub ${Stage} ashby-sync, release ${Release}" {
		t.Errorf("alias %q, description %q; a version is published only of a function that changed", everywhere.text("AutoPublishAlias"), everywhere.text("Description"))
	}
	for name, function := range template.functions() {
		properties := function.in("Properties")
		if properties.text("VersionDescription") != "!Ref Release" || properties.text("AutoPublishAliasAllProperties") != "true" {
			t.Errorf("%s: a release that changes only parameters would not reach the alias", name)
		}
		for _, own := range []string{"AutoPublishAlias", "DeploymentPreference", "Description"} {
			if properties[own] != nil {
				t.Errorf("%s has a %s of its own", name, own)
			}
		}
	}
}

func TestEveryWayOfTakingOverIsKnownToSAMBeforeConditionsAre(t *testing.T) {
	template := parse(t, readTemplate(t))
	ways := template.in("Mappings", "Deployments")
	var allowed []string
	for _, value := range template.list("Parameters", "Deployment", "AllowedValues") {
		allowed = append(allowed, written(value))
	}
	slices.Sort(allowed)
	if got := slices.Sorted(maps.Keys(ways)); !slices.Equal(got, allowed) {
		t.Errorf("mapped are %v, allowed %v", got, allowed)
	}
	for way := range ways {
		if got := ways.text(way, "Shifts") == "true"; got != (way != "AllAtOnce") {
			t.Errorf("%s shifts: %v", way, got)
		}
	}
}

func TestANewVersionGoesBackByAlarmsThatAreThereAndThatNoOldVersionSets(t *testing.T) {
	template := parse(t, readTemplate(t))
	alarms := template.ofType("AWS::CloudWatch::Alarm")
	named := map[string]bool{}
	for id, alarm := range alarms {
		named["!Ref "+id], named[alarm.text("Properties", "AlarmName")] = true, true
	}
	listed := template.list("Globals", "Function", "DeploymentPreference", "Alarms")
	if len(listed) != 3 || written(listed[0]) != "!Ref NewVersionsFail" {
		t.Errorf("alarms %v", listed)
	}
	for _, alarm := range listed {
		if !named[written(alarm)] {
			t.Errorf("there is no alarm %s", written(alarm))
		}
		if written(alarm) == "!Ref ApiFails" {
			t.Error("the API leads to the aliases, so no alias can wait for an alarm of the API")
		}
	}
	watched := map[string]bool{}
	for _, r := range metricsOf(alarms["NewVersionsFail"]) {
		id := strings.TrimPrefix(r.dimensions["FunctionName"], "!Ref ")
		if r.name != "Errors" || r.dimensions["Resource"] != "!Sub ${"+id+"}:live" || r.dimensions["ExecutedVersion"] != "!GetAtt "+id+".Version.Version" {
			t.Errorf("%s is not of the newest version: %v", r.name, r.dimensions)
		}
		watched[id] = true
	}
	for id := range template.ofType("AWS::Serverless::Function") {
		if !watched[id] {
			t.Errorf("nobody looks at the new version of %s", id)
		}
	}
}

func TestWhatMovesAliasesMayMoveOursAndNothingElse(t *testing.T) {
	template := parse(t, readTemplate(t))
	role := template.in("Resources", "DeploymentRole")
	if role.text("Condition") != "VersionsTakeOverSlowly" || role["ManagedPolicyArns"] != nil {
		t.Errorf("the role is there on condition %q, with managed policies %v", role.text("Condition"), role["ManagedPolicyArns"])
	}
	want := map[string][]string{"cloudwatch:DescribeAlarms": {"*"}}
	for id := range template.ofType("AWS::Serverless::Function") {
		for _, action := range []string{"lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"} {
			want[action] = append(want[action], "!GetAtt "+id+".Arn", "!Sub ${"+id+".Arn}:live")
		}
	}
	got := map[string][]string{}
	for _, s := range statements(role.in("Properties")) {
		for _, action := range s.list("Action") {
			for _, resource := range s.list("Resource") {
				got[written(action)] = append(got[written(action)], written(resource))
			}
		}
	}
	for _, all := range []map[string][]string{want, got} {
		for _, resources := range all {
			slices.Sort(resources)
		}
	}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("it may %v, not %v", got, want)
	}
}
