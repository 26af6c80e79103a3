package cloud_test

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/cloud"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

func environment(set map[string]string) func(string) string {
	return func(name string) string { return set[name] }
}

var lambda = map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}

func with(more map[string]string) func(string) string {
	all := map[string]string{}
	for _, m := range []map[string]string{lambda, more} {
		for k, v := range m {
			all[k] = v
		}
	}
	return environment(all)
}

func TestMissingVariablesAreToldTogether(t *testing.T) {
	r := env.Read(environment(nil))
	cloud.Read(r, cloud.SQS)
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestInAWSNoEndpointIsSet(t *testing.T) {
	e := cloud.Read(env.Read(with(nil)), cloud.SQS, cloud.DynamoDB)
	if c := e.For(cloud.SQS); c.BaseEndpoint != nil || c.Region != "eu-west-1" || e.Emulated() {
		t.Errorf("endpoint %v, region %s, emulated %v", c.BaseEndpoint, c.Region, e.Emulated())
	}
	credentials, err := e.For(cloud.SQS).Credentials.Retrieve(t.Context())
	if err != nil || credentials.AccessKeyID != "a" || credentials.SecretAccessKey != "b" {
		t.Errorf("credentials of the environment are not used: %v", err)
	}
}

func TestAServicesOwnEndpointGoesBeforeTheOneForAll(t *testing.T) {
	e := cloud.Read(env.Read(with(map[string]string{
		"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9324",
	})), cloud.SQS, cloud.Secrets)
	if got := *e.For(cloud.SQS).BaseEndpoint; got != "http://127.0.0.1:9324" {
		t.Errorf("SQS at %s", got)
	}
	if got := *e.For(cloud.Secrets).BaseEndpoint; got != "http://127.0.0.1:4566" || !e.Emulated() {
		t.Errorf("secrets at %s", got)
	}
}
