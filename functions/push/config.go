package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/runtime/cloud"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

const (
	mostCalls   = 1000             // a minute: what Ashby allows a key
	leastSettle = 30 * time.Second // in AWS: looking sooner would take for lost what Ashby is still at
	mostSettle  = 5 * time.Minute  // well before an unknown outcome is overdue, which raises an alarm
)

// settings is the environment, read once.
type settings struct {
	aws                        cloud.Environment
	configTable, timelineTable string
	candidatesTable            string
	workQueue, deadQueue       string
	secretPrefix, ashbyURL     string
	rate                       int
	settle                     time.Duration
}

func read(getenv func(string) string) (settings, error) {
	r := env.Read(getenv)
	s := settings{
		aws:             cloud.Read(r, cloud.DynamoDB, cloud.SQS, cloud.Secrets),
		configTable:     r.Required("CONFIG_TABLE"),
		timelineTable:   r.Required("TIMELINE_TABLE"),
		candidatesTable: r.Required("CANDIDATES_TABLE"),
		workQueue:       r.URL("WORK_QUEUE_URL", ""),
		deadQueue:       r.URL("WORK_DLQ_URL", ""),
		secretPrefix:    r.Required("TEAM_SECRET_PREFIX"),
		ashbyURL:        r.URL("ASHBY_BASE_URL", ""),
		rate:            r.Int("ASHBY_CALLS_PER_MINUTE", 0, 0, mostCalls),
	}
	least := leastSettle
	if s.aws.Emulated() { // a simulated Ashby is not kept waiting for
		least = time.Second
	}
	s.settle = r.Duration("ASHBY_SETTLE", push.DefaultSettle, least, mostSettle)
	return s, r.Err()
}

// wire builds the function from its environment.
func wire(ctx context.Context, getenv func(string) string, log *slog.Logger) (batch.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	// Only beside emulators of AWS may Ashby be plain HTTP.
	client, err := ashby.New(ashby.Config{BaseURL: s.ashbyURL, AllowHTTP: s.aws.Emulated(), Log: log})
	if err != nil {
		return nil, err
	}
	// The first TLS handshake costs more than a call; it is made while the first ring is on its way.
	go func() { _ = client.Warm(ctx) }() // the first call says what is wrong, if anything is

	rows := dynamodb.Client(s.aws.For(cloud.DynamoDB))
	queues := awssqs.NewFromConfig(s.aws.For(cloud.SQS))
	return pushhandler.New(pushhandler.Parts{
		Config:       dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline:     dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Candidates:   dynamodb.NewTable(rows, s.candidatesTable, time.Now),
		Secrets:      secretsmanager.New(awssecrets.NewFromConfig(s.aws.For(cloud.Secrets)), log),
		SecretPrefix: s.secretPrefix,
		Work:         sqs.New(queues, s.workQueue),
		Dead:         sqs.New(queues, s.deadQueue),
		Ashby:        client, Rate: s.rate, Settle: s.settle, Token: rand.Text, Now: time.Now, Log: log,
	}), nil
}
