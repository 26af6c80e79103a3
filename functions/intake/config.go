package main

import (
	"context"
	"log/slog"
	"time"

	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/cloud"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

// config is the environment, read once.
type config struct {
	aws                  cloud.Environment
	queueURL, secretName string
}

func read(getenv func(string) string) (config, error) {
	r := env.Read(getenv)
	c := config{
		aws:        cloud.Read(r, cloud.SQS, cloud.Secrets),
		queueURL:   r.URL("EVENTS_QUEUE_URL", ""),
		secretName: r.Required("INTAKE_SECRET"),
	}
	return c, r.Err()
}

const warmTimeout = 3 * time.Second

// wire builds the function from its environment.
func wire(ctx context.Context, getenv func(string) string, log *slog.Logger) (apigw.Func, error) {
	c, err := read(getenv)
	if err != nil {
		return nil, err
	}
	handler, warm := intakehttp.New(intakehttp.Parts{
		Secrets: secretsmanager.New(awssecrets.NewFromConfig(c.aws.For(cloud.Secrets)), log), Keyring: c.secretName,
		Events: sqs.New(awssqs.NewFromConfig(c.aws.For(cloud.SQS)), c.queueURL), Now: time.Now, Log: log,
	})
	// The first TLS handshakes cost more than a request; they are made while the first event is on its way.
	go func() {
		ctx, cancel := context.WithTimeout(ctx, warmTimeout)
		defer cancel()
		warm(ctx)
	}()
	go c.aws.Greet(ctx, c.queueURL)
	return apigw.Handler(handler), nil
}
