// Package cloud gives the configuration of a function's AWS clients, built by
// hand from its environment: the SDK's own loader looks for files and profiles,
// which takes longer than the rest of a start.
package cloud

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

// Service of AWS, by the name that its endpoint's variable ends with.
type Service string

// The services in use.
const (
	DynamoDB Service = "DYNAMODB"
	SQS      Service = "SQS"
	Secrets  Service = "SECRETS_MANAGER"
)

const (
	dialTimeout  = 2 * time.Second // the SDK's own is 30 s
	greetTimeout = 3 * time.Second
	attempts     = 3
)

// Environment is what a function's environment says about AWS.
type Environment struct {
	region      string
	credentials aws.Credentials
	endpoints   map[Service]string // of emulators; empty in AWS
	http        *awshttp.BuildableClient
}

// Read reads AWS_REGION, the credentials that Lambda puts there, and the
// endpoints of the services, where AWS_ENDPOINT_URL stands for all. The reader
// tells what is missing.
func Read(r *env.Reader, services ...Service) Environment {
	e := Environment{
		region: r.Required("AWS_REGION"),
		// Lambda keeps a process no longer than its role's credentials live.
		credentials: aws.Credentials{
			AccessKeyID: r.Required("AWS_ACCESS_KEY_ID"), SecretAccessKey: r.Required("AWS_SECRET_ACCESS_KEY"),
			SessionToken: r.Optional("AWS_SESSION_TOKEN", ""), Source: "environment",
		},
		endpoints: map[Service]string{},
		http:      awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }),
	}
	anywhere := r.OptionalURL("AWS_ENDPOINT_URL")
	for _, s := range services {
		e.endpoints[s] = r.URLOr("AWS_ENDPOINT_URL_"+string(s), anywhere)
	}
	return e
}

// Emulated reports whether any service is somewhere else than in AWS.
func (e Environment) Emulated() bool {
	for _, url := range e.endpoints {
		if url != "" {
			return true
		}
	}
	return false
}

// For gives the configuration of one service's client.
func (e Environment) For(s Service) aws.Config {
	c := aws.Config{
		Region: e.region, HTTPClient: e.http, RetryMaxAttempts: attempts,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return e.credentials, nil }),
	}
	if url := e.endpoints[s]; url != "" {
		c.BaseEndpoint = &url
	}
	return c
}

// Greet opens a connection to the host of the URL and leaves it in the pool: a
// first TLS handshake costs more than a request, and is made while the first
// event is on its way. What the host answers does not matter.
func (e Environment) Greet(ctx context.Context, url string) {
	ctx, cancel := context.WithTimeout(ctx, greetTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return
	}
	response, err := e.http.Do(request)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 4<<10))
	_ = response.Body.Close()
}
