package sqs_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/queue/queuetest"
)

// knownOfMoto lists what moto 5.2 does not do as SQS does.
var knownOfMoto = queuetest.Known{
	"fifo: a deduplication id stays known after its message was deleted": "moto 5.2 compares with the messages it still holds, not with those of five minutes",
}

func TestSQSPassesTheSuite(t *testing.T) {
	client := wire(t)
	queuetest.Suite(t, func(t *testing.T, s queuetest.Setup) (q, dead queue.Queue) {
		if s.MaxReceives == 0 {
			return sqs.New(client, create(t, client, s.FIFO, nil)), nil
		}
		deadURL := create(t, client, s.FIFO, nil)
		url := create(t, client, s.FIFO, map[string]string{
			"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":"%d"}`, arn(t, client, deadURL), s.MaxReceives),
		})
		return sqs.New(client, url), sqs.New(client, deadURL)
	}, knownOfMoto)
}

// wire gives a client of the endpoint that the environment names.
func wire(t *testing.T) *awssqs.Client {
	t.Helper()
	endpoint := os.Getenv("AWS_ENDPOINT_URL_SQS")
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	if endpoint == "" {
		if os.Getenv("WIRE") == "required" {
			t.Fatal("no endpoint of SQS is named: run make test")
		}
		t.Skip("no endpoint of SQS is named: run make test")
	}
	return awssqs.New(awssqs.Options{
		BaseEndpoint: &endpoint, Region: os.Getenv("AWS_REGION"), HTTPClient: awshttp.NewBuildableClient(),
		Credentials: credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
	})
}

// create makes a queue of a fresh name that lives as long as the test.
func create(t *testing.T, client *awssqs.Client, fifo bool, attributes map[string]string) (url string) {
	t.Helper()
	name, all := "suite-"+rand.Text(), map[string]string{}
	if fifo {
		name += ".fifo"
		all["FifoQueue"] = strconv.FormatBool(true)
	}
	for k, v := range attributes {
		all[k] = v
	}
	out, err := client.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name, Attributes: all})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteQueue(context.WithoutCancel(t.Context()), &awssqs.DeleteQueueInput{QueueUrl: out.QueueUrl}); err != nil {
			t.Log(err)
		}
	})
	return aws.ToString(out.QueueUrl)
}

func arn(t *testing.T, client *awssqs.Client, url string) string {
	t.Helper()
	out, err := client.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{"QueueArn"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["QueueArn"]
}
