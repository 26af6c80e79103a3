// Command console is the Lambda behind the page on which a team sets up and watches its integration.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

func main() {
	log := metrics.Embed(logging.New(os.Stdout, os.Getenv("LOG_LEVEL")), os.Getenv("STAGE"), "console")
	handle, err := wire(os.Getenv, log)
	if err != nil {
		log.Error("console cannot start", logging.Error(err))
		os.Exit(1)
	}
	lambda.Start(handle)
}
