package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

const (
	dialTimeout = 2 * time.Second // the SDK's own is 30 s
	attempts    = 3
	mostCalls   = 1000 // a minute: what Ashby allows a key
)

// settings is the environment, read once.
type settings struct {
	region, configTable, timelineTable string
	workQueue, deadQueue               string
	secretPrefix, ashbyURL             string
	rate                               int
	tableURL, queueURL, secretsURL     string // of emulators; empty in AWS
	credentials                        aws.Credentials
}

func read(getenv func(string) string) (settings, error) {
	r := env.Read(getenv)
	anywhere := r.OptionalURL("AWS_ENDPOINT_URL")
	s := settings{
		region:        r.Required("AWS_REGION"),
		configTable:   r.Required("CONFIG_TABLE"),
		timelineTable: r.Required("TIMELINE_TABLE"),
		workQueue:     r.URL("WORK_QUEUE_URL", ""),
		deadQueue:     r.URL("WORK_DLQ_URL", ""),
		secretPrefix:  r.Required("TEAM_SECRET_PREFIX"),
		ashbyURL:      r.URL("ASHBY_BASE_URL", ""),
		rate:          r.Int("ASHBY_CALLS_PER_MINUTE", pushhandler.DefaultRate, 1, mostCalls),
		tableURL:      r.URLOr("AWS_ENDPOINT_URL_DYNAMODB", anywhere),
		queueURL:      r.URLOr("AWS_ENDPOINT_URL_SQS", anywhere),
		secretsURL:    r.URLOr("AWS_ENDPOINT_URL_SECRETS_MANAGER", anywhere),
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
func wire(ctx context.Context, getenv func(string) string, log *slog.Logger) (batch.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	// A deployment in AWS sets no endpoints; only beside emulators may Ashby be plain HTTP.
	client, err := ashby.New(ashby.Config{BaseURL: s.ashbyURL, AllowHTTP: s.tableURL != "", Log: log})
	if err != nil {
		return nil, err
	}
	// The first TLS handshake costs more than a call; it is made while the first ring is on its way.
	go func() { _ = client.Warm(ctx) }() // the first call says what is wrong, if anything is

	web := awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout })
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return s.credentials, nil })
	rows := dynamodb.Client(aws.Config{
		Region: s.region, Credentials: credentials, HTTPClient: awshttp.NewBuildableClient(), BaseEndpoint: optional(s.tableURL),
	})
	queues := awssqs.New(awssqs.Options{
		Region: s.region, Credentials: credentials, HTTPClient: web, BaseEndpoint: optional(s.queueURL), RetryMaxAttempts: attempts,
	})
	return pushhandler.New(pushhandler.Parts{
		Config:   dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline: dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Secrets: secretsmanager.New(awssecrets.New(awssecrets.Options{
			Region: s.region, Credentials: credentials, HTTPClient: web, BaseEndpoint: optional(s.secretsURL), RetryMaxAttempts: attempts,
		})),
		SecretPrefix: s.secretPrefix,
		Work:         sqs.New(queues, s.workQueue),
		Dead:         sqs.New(queues, s.deadQueue),
		Ashby:        client, Rate: s.rate, Token: rand.Text, Now: time.Now, Log: log,
	}), nil
}

func optional(url string) *string {
	if url == "" {
		return nil
	}
	return &url
}
