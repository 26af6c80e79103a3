package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/jwt"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

const (
	dialTimeout = 2 * time.Second // the SDK's own is 30 s
	attempts    = 3
)

// settings is the environment, read once. ALLOWED_ORIGINS is not among it: the
// gateway answers for CORS.
type settings struct {
	region, configTable, timelineTable, workQueue string
	secretPrefix, intakeSecret                    string
	ashbyURL, publicURL                           string
	jwt                                           jwt.Config
	tableURL, queueURL, secretsURL                string // of emulators; empty in AWS
	credentials                                   aws.Credentials
}

func read(getenv func(string) string) (settings, error) {
	r := env.Read(getenv)
	anywhere := r.OptionalURL("AWS_ENDPOINT_URL")
	s := settings{
		region:        r.Required("AWS_REGION"),
		configTable:   r.Required("CONFIG_TABLE"),
		timelineTable: r.Required("TIMELINE_TABLE"),
		workQueue:     r.URL("WORK_QUEUE_URL", ""),
		secretPrefix:  r.Required("TEAM_SECRET_PREFIX"),
		intakeSecret:  r.Required("INTAKE_SECRET"),
		ashbyURL:      r.URL("ASHBY_BASE_URL", ""),
		publicURL:     r.OptionalURL("PUBLIC_URL"),
		jwt: jwt.Config{
			JWKS: r.URL("JWKS_URL", ""), Issuer: r.Required("JWT_ISSUER"), Audience: r.Required("JWT_AUDIENCE"), Now: time.Now,
		},
		tableURL:   r.URLOr("AWS_ENDPOINT_URL_DYNAMODB", anywhere),
		queueURL:   r.URLOr("AWS_ENDPOINT_URL_SQS", anywhere),
		secretsURL: r.URLOr("AWS_ENDPOINT_URL_SECRETS_MANAGER", anywhere),
		// Lambda puts the role's credentials here and keeps a process no longer than they live.
		credentials: aws.Credentials{
			AccessKeyID: r.Required("AWS_ACCESS_KEY_ID"), SecretAccessKey: r.Required("AWS_SECRET_ACCESS_KEY"),
			SessionToken: r.Optional("AWS_SESSION_TOKEN", ""), Source: "environment",
		},
	}
	return s, r.Err()
}

// wire builds the function from its environment. Clients are built by hand: the
// SDK's configuration loader looks for files and profiles, which takes longer
// than the rest of the start.
func wire(_ context.Context, getenv func(string) string, log *slog.Logger) (apigw.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	verifier, verifierErr := jwt.New(s.jwt)
	// A deployment in AWS sets no endpoints; only beside emulators may Ashby be plain HTTP.
	client, clientErr := ashby.New(ashby.Config{BaseURL: s.ashbyURL, AllowHTTP: s.tableURL != "", Log: log})
	if err := errors.Join(verifierErr, clientErr, s.plain()); err != nil {
		return nil, err
	}
	web := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout })
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return s.credentials, nil })
	rows := dynamodb.Client(aws.Config{
		Region: s.region, Credentials: credentials, HTTPClient: awshttp.NewBuildableClient(), BaseEndpoint: optional(s.tableURL),
	})
	return apigw.Handler(settingshttp.New(settingshttp.Parts{ //nolint:contextcheck // requests bring contexts of their own
		Config:   dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline: dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Secrets: secretsmanager.New(awssecrets.New(awssecrets.Options{
			Region: s.region, Credentials: credentials, HTTPClient: web, BaseEndpoint: optional(s.secretsURL), RetryMaxAttempts: attempts,
		})),
		Work: sqs.New(awssqs.New(awssqs.Options{
			Region: s.region, Credentials: credentials, HTTPClient: web, BaseEndpoint: optional(s.queueURL), RetryMaxAttempts: attempts,
		}), s.workQueue),
		SecretPrefix: s.secretPrefix, Keyring: s.intakeSecret, Ashby: client, PublicURL: strings.TrimSpace(s.publicURL),
		Verify: verifier, Now: time.Now, Log: log,
	})), nil
}

// plain refuses keys that anybody on the way could swap; beside emulators nothing
// is worth that.
func (s settings) plain() error {
	if s.tableURL == "" && !strings.HasPrefix(s.jwt.JWKS, "https://") {
		return errors.New("JWKS_URL must be https")
	}
	return nil
}

func optional(url string) *string {
	if url == "" {
		return nil
	}
	return &url
}
