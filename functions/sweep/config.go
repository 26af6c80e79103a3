package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/sweep/sweephandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

const (
	dialTimeout = 2 * time.Second // the SDK's own is 30 s
	attempts    = 3
)

// settings is the environment, read once.
type settings struct {
	region, configTable, timelineTable string
	workQueue                          string
	tableURL, queueURL                 string // of emulators; empty in AWS
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
		tableURL:      r.URLOr("AWS_ENDPOINT_URL_DYNAMODB", anywhere),
		queueURL:      r.URLOr("AWS_ENDPOINT_URL_SQS", anywhere),
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
func wire(_ context.Context, getenv func(string) string, log *slog.Logger) (sweephandler.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return s.credentials, nil })
	rows := dynamodb.Client(aws.Config{
		Region: s.region, Credentials: credentials, HTTPClient: awshttp.NewBuildableClient(), BaseEndpoint: optional(s.tableURL),
	})
	queues := awssqs.New(awssqs.Options{
		Region: s.region, Credentials: credentials, BaseEndpoint: optional(s.queueURL), RetryMaxAttempts: attempts,
		HTTPClient: awshttp.NewBuildableClient().WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }),
	})
	return sweephandler.New(sweephandler.Parts{
		Config:   dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline: dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Work:     sqs.New(queues, s.workQueue),
		Token:    rand.Text, Now: time.Now, Log: log,
	}), nil
}

func optional(url string) *string {
	if url == "" {
		return nil
	}
	return &url
}
