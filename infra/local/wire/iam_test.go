package wire_test

import (
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/front"
)

// calls is what functions were seen to do to AWS.
type calls struct {
	mu   sync.Mutex
	seen map[deployment.Call]int
}

func (c *calls) saw(one deployment.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[deployment.Call]int{}
	}
	c.seen[one]++
}

// watch notes what every function does to AWS. The emulators ask nobody for leave;
// allowedAll does.
func (s *service) watch(template *deployment.Template) deployment.Between {
	s.Helper()
	behind, err := front.New(func(name string) string {
		if url := os.Getenv(name); url != "" {
			return url
		}
		return os.Getenv("AWS_ENDPOINT_URL")
	})
	if err != nil {
		s.Fatal(err)
	}
	between := map[string]string{}
	return func(function string) string {
		if between[function] == "" {
			server := httptest.NewServer(deployment.Watched(template, function, behind, s.calls.saw))
			s.Cleanup(server.Close)
			between[function] = server.URL
		}
		return between[function]
	}
}

// allowedAll wants that each function's role allows everything that it did, and
// that enough was done for this to mean something.
func (s *service) allowedAll() {
	s.Helper()
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	by := map[string]int{}
	for c, times := range s.calls.seen {
		by[c.Function] += times
		if !s.Allows(c.Function, c.Action, c.Resource) {
			s.Errorf("%s did %s to %q, %d times, which its role does not allow", c.Function, c.Action, c.Resource, times)
		}
	}
	for function, least := range map[string]int{"settings": 10, "intake": 5, "record": 10, "push": 10, "sweep": 2} {
		if by[function] < least {
			s.Errorf("%s did only %d things", function, by[function])
		}
	}
	if by["console"] != 0 {
		s.Errorf("console called AWS %d times", by["console"])
	}
}

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
	template, err := deployment.ReadTemplate("../../../template.yaml", map[string]string{
		"JwtIssuer": "https://issuer.example", "JwtAudience": "a", "JwksUrl": "https://issuer.example/keys", "AllowedOrigins": "https://app.example",
	})
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
