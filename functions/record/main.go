// Command record is the Lambda that puts accepted events onto timelines.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

func main() {
	log := metrics.Embed(logging.New(os.Stdout, os.Getenv("LOG_LEVEL")), os.Getenv("STAGE"), "record")
	handle, err := wire(context.Background(), os.Getenv, log)
	if err != nil {
		log.Error("record cannot start", logging.Error(err))
		os.Exit(1)
	}
	lambda.Start(handle)
}
