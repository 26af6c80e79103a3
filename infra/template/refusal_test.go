package template_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
)

// refused tells what CloudFormation would say to a deployment with these parameters.
func refused(t *testing.T, parameters map[string]string) string {
	t.Helper()
	template, err := deployment.ReadTemplate("../../template.yaml", parameters)
	if err == nil {
		err = template.Refused()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestItDeploysWithDefaults(t *testing.T) {
	if said := refused(t, nil); said != "" {
		t.Error(said)
	}
}

func TestUsersAreKnownWhollyOrNotAtAll(t *testing.T) {
	all := map[string]string{
		"JwtIssuer": "https://login.example.com", "JwtAudience": "ashby-sync", "JwksUrl": "https://login.example.com/.well-known/jwks.json",
	}
	if said := refused(t, all); said != "" {
		t.Error(said)
	}
	for name := range all {
		two, one := maps.Clone(all), map[string]string{name: all[name]}
		delete(two, name)
		for _, some := range []map[string]string{one, two} {
			if said := refused(t, some); !strings.Contains(said, "UsersAreKnownWhollyOrNotAtAll: write all of JwtIssuer, JwtAudience and JwksUrl") {
				t.Errorf("%v: said %q", some, said)
			}
		}
	}
}

func TestWrongValuesAreRefusedWithASentence(t *testing.T) {
	for parameter, values := range map[string][]string{
		"Stage":               {"", "Prod", "a", "with-dash"},
		"Architecture":        {"arm", "amd64"},
		"LogLevel":            {"INFO", "trace"},
		"LogRetentionDays":    {"0", "31", "a month"},
		"AshbyBaseUrl":        {"", "api.ashbyhq.com", "https://api.ashbyhq.com/"},
		"AshbyCallsPerMinute": {"0", "1001", "fast"},
		"AshbySettleSeconds":  {"29", "301", "2m"},
		"PublicUrl":           {"sync.example.com", "https://sync.example.com/"},
		"AllowedOrigins":      {"*", "https://app.example.com/", "https://a.example, https://b.example", "https://a.example,", "app.example.com"},
		"SupportUrl":          {"help"},
		"AlarmTopicArn":       {"alarms", "arn:aws:sqs:us-east-1:123456789012:alarms"},
	} {
		for _, value := range values {
			if said := refused(t, map[string]string{parameter: value}); !strings.Contains(said, parameter+": write ") {
				t.Errorf("%s=%s: said %q", parameter, value, said)
			}
		}
	}
	if said := refused(t, map[string]string{"AllowedOrigins": "https://a.example,http://localhost:3000", "JwtIsuer": "https://x.example"}); !strings.Contains(said, "no parameter JwtIsuer") || strings.Contains(said, "AllowedOrigins") {
		t.Errorf("said %q", said)
	}
}
