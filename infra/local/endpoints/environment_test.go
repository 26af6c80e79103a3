package endpoints

import (
	"slices"
	"testing"
)

func lookup(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func names(tools []tool) []string {
	found := []string{}
	for _, t := range tools {
		found = append(found, t.name)
	}
	return found
}

func TestOnlyEndpointsThatAreNotNamedAreStarted(t *testing.T) {
	both := []string{dynoxide().name, moto().name}
	for _, c := range []struct {
		what string
		env  map[string]string
		want []string
	}{
		{"nothing named", nil, both},
		{"all in one variable", map[string]string{"AWS_ENDPOINT_URL": "http://x"}, []string{}},
		{"tables named", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "http://x"}, both[1:]},
		{"one of moto's two named", map[string]string{"AWS_ENDPOINT_URL_SQS": "http://x"}, both},
		{"both of moto's named", map[string]string{"AWS_ENDPOINT_URL_SQS": "http://x", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://y"}, both[:1]},
	} {
		if got := names(missing(lookup(c.env))); !slices.Equal(got, c.want) {
			t.Errorf("%s: starts %v, want %v", c.what, got, c.want)
		}
	}
}

func TestNamedEndpointsStayAndTheRestPointsAtWhatWasStarted(t *testing.T) {
	getenv := lookup(map[string]string{"AWS_ENDPOINT_URL_SQS": "http://theirs", "AWS_ACCESS_KEY_ID": "real"})
	started := missing(getenv)
	env := environment(getenv, started, []*child{{url: "http://tables"}, {url: "http://moto"}})
	for _, want := range []string{
		"AWS_ENDPOINT_URL_DYNAMODB=http://tables", "AWS_ENDPOINT_URL_SQS=http://theirs",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER=http://moto", "WIRE=required", "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_SESSION_TOKEN=",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %v", want, env)
		}
	}
}

func TestCredentialsAreKeptOnlyForEndpointsTheDeveloperChose(t *testing.T) {
	getenv := lookup(map[string]string{"AWS_ENDPOINT_URL": "http://theirs", "AWS_ACCESS_KEY_ID": "AKID", "AWS_REGION": "eu-west-1"})
	env := environment(getenv, nil, nil)
	for _, want := range []string{"AWS_ENDPOINT_URL_SQS=http://theirs", "AWS_ACCESS_KEY_ID=AKID", "AWS_REGION=eu-west-1"} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %v", want, env)
		}
	}
}
