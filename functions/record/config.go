package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/record/recordhandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/batch"
	"github.com/sourcewhale/ashby-sync/shared/runtime/cloud"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

// settings is the environment, read once.
type settings struct {
	aws                        cloud.Environment
	configTable, timelineTable string
	workQueue, deadQueue       string
	eventsQueue                string
}

func read(getenv func(string) string) (settings, error) {
	r := env.Read(getenv)
	s := settings{
		aws:           cloud.Read(r, cloud.DynamoDB, cloud.SQS),
		configTable:   r.Required("CONFIG_TABLE"),
		timelineTable: r.Required("TIMELINE_TABLE"),
		workQueue:     r.URL("WORK_QUEUE_URL", ""),
		eventsQueue:   r.URL("EVENTS_QUEUE_URL", ""),
		deadQueue:     r.URL("EVENTS_DLQ_URL", ""),
	}
	return s, r.Err()
}

// wire builds the function from its environment.
func wire(_ context.Context, getenv func(string) string, log *slog.Logger) (batch.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	rows := dynamodb.Client(s.aws.For(cloud.DynamoDB))
	queues := awssqs.NewFromConfig(s.aws.For(cloud.SQS))
	return recordhandler.New(recordhandler.Parts{
		Config:   dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline: dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Work:     sqs.New(queues, s.workQueue),
		Events:   sqs.New(queues, s.eventsQueue),
		Dead:     sqs.New(queues, s.deadQueue),
		Token:    rand.Text, Now: time.Now, Log: log,
	}), nil
}
