// Command settings is the Lambda behind the settings API.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

func main() {
	log := metrics.Embed(logging.New(os.Stdout, os.Getenv("LOG_LEVEL")), os.Getenv("STAGE"), "settings")
	handle, err := wire(context.Background(), os.Getenv, log)
	if err != nil {
		log.Error("settings cannot start", logging.Error(err))
		os.Exit(1)
	}
	lambda.Start(handle)
}
