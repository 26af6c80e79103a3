// Command console is the Lambda behind the page that a visitor of the service's address sees.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/sourcewhale/ashby-sync/functions/console/consolehttp"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/metrics"
)

func main() {
	log := metrics.Embed(logging.New(os.Stdout, os.Getenv("LOG_LEVEL")), os.Getenv("STAGE"), "console")
	handler, err := consolehttp.New(log)
	if err != nil {
		log.Error("console cannot start", logging.Error(err))
		os.Exit(1)
	}
	lambda.Start(apigw.Handler(handler))
}
