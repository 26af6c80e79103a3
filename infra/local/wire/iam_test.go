package wire_test

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
)

// deed is something that a function may try.
type deed struct{ function, action, resource string }

// refused is what a stolen function must not be able to do.
var refused = []deed{
	{"intake", "dynamodb:GetItem", "ConfigTable"},
	{"intake", "dynamodb:PutItem", "TimelineTable"},
	{"intake", "secretsmanager:GetSecretValue", "local/ashby-sync/team/acme"},
	{"intake", "secretsmanager:PutSecretValue", "IntakeSecret"},
	{"intake", "sqs:ReceiveMessage", "EventsQueue"},
	{"intake", "sqs:SendMessage", "WorkQueue"},
	{"record", "secretsmanager:GetSecretValue", "IntakeSecret"},
	{"record", "secretsmanager:GetSecretValue", "local/ashby-sync/team/acme"},
	{"record", "sqs:ReceiveMessage", "WorkQueue"},
	{"record", "dynamodb:DeleteItem", "ConfigTable"},
	{"record", "dynamodb:Scan", "TimelineTable"},
	{"push", "secretsmanager:GetSecretValue", "IntakeSecret"},
	{"push", "secretsmanager:PutSecretValue", "local/ashby-sync/team/acme"},
	{"push", "secretsmanager:DeleteSecret", "local/ashby-sync/team/acme"},
	{"push", "sqs:SendMessage", "EventsQueue"},
	{"push", "dynamodb:DeleteTable", "TimelineTable"},
	{"push", "dynamodb:DeleteItem", "ConfigTable"},
	{"sweep", "dynamodb:PutItem", "TimelineTable"},
	{"sweep", "secretsmanager:GetSecretValue", "local/ashby-sync/team/acme"},
	{"sweep", "sqs:ReceiveMessage", "WorkQueue"},
	{"sweep", "dynamodb:DeleteItem", "ConfigTable"},
	{"settings", "secretsmanager:PutSecretValue", "IntakeSecret"},
	{"settings", "secretsmanager:DeleteSecret", "IntakeSecret"},
	{"settings", "secretsmanager:GetSecretValue", "local/other/team/acme"},
	{"settings", "sqs:SendMessage", "EventsQueue"},
	{"settings", "sqs:ReceiveMessage", "EventsQueue"},
	{"settings", "dynamodb:DeleteTable", "ConfigTable"},
	{"console", "dynamodb:GetItem", "ConfigTable"},
	{"console", "secretsmanager:GetSecretValue", "IntakeSecret"},
	{"console", "sqs:SendMessage", "WorkQueue"},
}

// granted are a few things that roles are for: a judge that refuses everything
// would pass the test below.
var granted = []deed{
	{"intake", "secretsmanager:GetSecretValue", "IntakeSecret"},
	{"intake", "sqs:SendMessage", "EventsQueue"},
	{"push", "secretsmanager:GetSecretValue", "local/ashby-sync/team/acme"},
	{"settings", "dynamodb:PutItem", "ConfigTable"},
	{"sweep", "dynamodb:Query", "TimelineTable"},
}

func TestWhatRolesAreForIsAllowedAndNothingElse(t *testing.T) {
	template, err := deployment.ReadTemplate("../../../template.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range granted {
		if !template.Allows(c.function, c.action, c.resource) {
			t.Errorf("%s may not %s %s", c.function, c.action, c.resource)
		}
	}
	for _, c := range refused {
		if template.Allows(c.function, c.action, c.resource) {
			t.Errorf("%s may %s %s", c.function, c.action, c.resource)
		}
	}
}
