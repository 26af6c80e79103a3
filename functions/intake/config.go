package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

const (
	dialTimeout = 2 * time.Second // the SDK's own is 30 s
	warmTimeout = 3 * time.Second
	attempts    = 3
)

// config is the environment, read once.
type config struct {
	region, queueURL, secretName string
	sqsURL, secretsURL           string // of emulators; empty in AWS
	credentials                  aws.Credentials
}

func read(getenv func(string) string) (config, error) {
	r := env.Read(getenv)
	anywhere := r.OptionalURL("AWS_ENDPOINT_URL")
	c := config{
		region:     r.Required("AWS_REGION"),
		queueURL:   r.URL("EVENTS_QUEUE_URL", ""),
		secretName: r.Required("INTAKE_SECRET"),
		sqsURL:     r.URLOr("AWS_ENDPOINT_URL_SQS", anywhere),
		secretsURL: r.URLOr("AWS_ENDPOINT_URL_SECRETS_MANAGER", anywhere),
		// Lambda puts the role's credentials here and keeps a process no longer than they live.
		credentials: aws.Credentials{
			AccessKeyID: r.Required("AWS_ACCESS_KEY_ID"), SecretAccessKey: r.Required("AWS_SECRET_ACCESS_KEY"),
			SessionToken: r.Optional("AWS_SESSION_TOKEN", ""), Source: "environment",
		},
	}
	return c, r.Err()
}

// wire builds the function from its environment. Clients are built by hand: the
// SDK's configuration loader looks for files and profiles, which takes longer
// than the rest of the start.
func wire(ctx context.Context, getenv func(string) string, log *slog.Logger) (apigw.Func, error) {
	c, err := read(getenv)
	if err != nil {
		return nil, err
	}
	client := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout })
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c.credentials, nil })
	secrets := secretsmanager.New(awssecrets.New(awssecrets.Options{
		Region: c.region, Credentials: credentials, HTTPClient: client, BaseEndpoint: optional(c.secretsURL), RetryMaxAttempts: attempts,
	}))
	queue := sqs.New(awssqs.New(awssqs.Options{
		Region: c.region, Credentials: credentials, HTTPClient: client, BaseEndpoint: optional(c.sqsURL), RetryMaxAttempts: attempts,
	}), c.queueURL)
	handler, warm := intakehttp.New(intakehttp.Parts{Secrets: secrets, Keyring: c.secretName, Events: queue, Now: time.Now, Log: log})

	// The first TLS handshakes cost more than a request; they are made while the first event is on its way.
	go func() {
		ctx, cancel := context.WithTimeout(ctx, warmTimeout)
		defer cancel()
		warm(ctx)
	}()
	go greet(ctx, client, c.queueURL)
	return apigw.Handler(handler), nil
}

// greet opens a connection to the host of the URL and leaves it in the pool. What
// the host answers does not matter.
func greet(ctx context.Context, client aws.HTTPClient, url string) {
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return
	}
	response, err := client.Do(request)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 4<<10))
	_ = response.Body.Close()
}

func optional(url string) *string {
	if url == "" {
		return nil
	}
	return &url
}
