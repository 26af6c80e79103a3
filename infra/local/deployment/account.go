package deployment

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// Account is the AWS-compatible account that an environment leads to.
type Account struct {
	Env     []string // for a function: region, credentials, endpoints
	Tables  *awsdynamodb.Client
	Queues  *awssqs.Client
	Secrets *awssecrets.Client
}

// Connect makes clients of the endpoints in AWS_ENDPOINT_URL_DYNAMODB, _SQS and
// _SECRETS_MANAGER, or AWS_ENDPOINT_URL for all. It never talks to AWS itself: an
// endpoint that is not named is an error.
func Connect(getenv func(string) string) (Account, error) {
	var a Account
	var endpoints [3]*string
	for i, name := range []string{"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_SECRETS_MANAGER"} {
		url := getenv(name)
		if url == "" {
			url = getenv("AWS_ENDPOINT_URL")
		}
		if url == "" {
			return Account{}, fmt.Errorf("neither %s nor AWS_ENDPOINT_URL is set", name)
		}
		endpoints[i] = &url
		a.Env = append(a.Env, name+"="+url)
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		a.Env = append(a.Env, name+"="+getenv(name))
	}
	region, client := getenv("AWS_REGION"), awshttp.NewBuildableClient()
	static := credentials.NewStaticCredentialsProvider(getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN"))
	a.Tables = awsdynamodb.New(awsdynamodb.Options{BaseEndpoint: endpoints[0], Region: region, HTTPClient: client, Credentials: static})
	a.Queues = awssqs.New(awssqs.Options{BaseEndpoint: endpoints[1], Region: region, HTTPClient: client, Credentials: static})
	a.Secrets = awssecrets.New(awssecrets.Options{BaseEndpoint: endpoints[2], Region: region, HTTPClient: client, Credentials: static})
	return a, nil
}

// Attributes of a queue.
func (a Account) Attributes(ctx context.Context, url string) (map[string]string, error) {
	out, err := a.Queues.GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		return nil, fmt.Errorf("look at queue %s: %w", url, err)
	}
	return out.Attributes, nil
}

// QueueURL finds a queue by its name.
func (a Account) QueueURL(ctx context.Context, name string) (string, error) {
	out, err := a.Queues.GetQueueUrl(ctx, &awssqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", fmt.Errorf("find queue %s: %w", name, err)
	}
	return aws.ToString(out.QueueUrl), nil
}

// Keyring reads the master of all webhook secrets, as an operator would.
func (a Account) Keyring(ctx context.Context, t *Template) (webhook.Keyring, error) {
	out, err := a.Secrets.GetSecretValue(ctx, &awssecrets.GetSecretValueInput{SecretId: aws.String(t.Ref("IntakeSecret"))})
	if err != nil {
		return webhook.Keyring{}, fmt.Errorf("read the intake secret: %w", err)
	}
	return webhook.ParseKeyring(aws.ToString(out.SecretString))
}

// nameOf makes a fixed name of a logical id, as the template's own are: EventsQueue
// of stage local is local-events-queue.
func nameOf(stage, id string) string {
	var b strings.Builder
	b.WriteString(stage)
	for _, r := range id {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
