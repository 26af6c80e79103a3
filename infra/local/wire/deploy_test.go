package wire_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"go.yaml.in/yaml/v4"

	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// cloud is the account that the environment leads to.
type cloud struct {
	env     []string // for a function: region, credentials, endpoints
	tables  *awsdynamodb.Client
	queues  *awssqs.Client
	secrets *awssecrets.Client
}

// connect reads the environment that endpoints gives. Without it there is nothing
// to test against.
func connect(t *testing.T) cloud {
	t.Helper()
	anywhere := os.Getenv("AWS_ENDPOINT_URL")
	var endpoints [3]*string
	var c cloud
	for i, name := range []string{"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_SECRETS_MANAGER"} {
		url := os.Getenv(name)
		if url == "" {
			url = anywhere
		}
		if url == "" {
			if os.Getenv("WIRE") == "required" {
				t.Fatalf("%s is not set: run make test", name)
			}
			t.Skipf("%s is not set: run make test", name)
		}
		endpoints[i] = &url
		c.env = append(c.env, name+"="+url)
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		c.env = append(c.env, name+"="+os.Getenv(name))
	}
	region, client := os.Getenv("AWS_REGION"), awshttp.NewBuildableClient()
	static := credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN"))
	c.tables = awsdynamodb.New(awsdynamodb.Options{BaseEndpoint: endpoints[0], Region: region, HTTPClient: client, Credentials: static})
	c.queues = awssqs.New(awssqs.Options{BaseEndpoint: endpoints[1], Region: region, HTTPClient: client, Credentials: static})
	c.secrets = awssecrets.New(awssecrets.Options{BaseEndpoint: endpoints[2], Region: region, HTTPClient: client, Credentials: static})
	return c
}

// makeTables makes every table of the template, under a name as CloudFormation
// makes one up.
func (c cloud) makeTables(t *template) {
	t.Helper()
	for id := range t.resources("AWS::DynamoDB::Table") {
		name := t.refs["Stage"] + "-" + id + "-" + rand.Text()
		if err := dynamodb.Create(t.Context(), c.tables, name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := c.tables.DeleteTable(context.WithoutCancel(t.Context()), &awsdynamodb.DeleteTableInput{TableName: &name}); err != nil {
				t.Log(err)
			}
		})
		t.refs[id] = name
	}
}

// queueAttributes are the properties that an emulator needs to behave as the queue.
var queueAttributes = []string{"FifoQueue", "DeduplicationScope", "FifoThroughputLimit", "VisibilityTimeout", "MessageRetentionPeriod"}

// makeQueues makes every queue of the template, those without dead letters first.
func (c cloud) makeQueues(t *template) {
	t.Helper()
	all := t.resources("AWS::SQS::Queue")
	for _, redrives := range []bool{false, true} {
		for id, properties := range all {
			if redrive := t.at(properties, "RedrivePolicy"); (redrive != nil) == redrives {
				c.makeQueue(t, id, properties, redrive)
			}
		}
	}
}

func (c cloud) makeQueue(t *template, id string, properties, redrive *yaml.Node) {
	t.Helper()
	attributes := map[string]string{}
	for _, name := range queueAttributes {
		if value := t.value(t.at(properties, name)); value != "" {
			attributes[name] = value
		}
	}
	if redrive != nil {
		policy, err := json.Marshal(map[string]string{
			"deadLetterTargetArn": t.value(t.at(redrive, "deadLetterTargetArn")), "maxReceiveCount": t.value(t.at(redrive, "maxReceiveCount")),
		})
		if err != nil {
			t.Fatal(err)
		}
		attributes["RedrivePolicy"] = string(policy)
	}
	made, err := c.queues.CreateQueue(t.Context(), &awssqs.CreateQueueInput{
		QueueName: aws.String(t.value(t.at(properties, "QueueName"))), Attributes: attributes,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := c.queues.DeleteQueue(context.WithoutCancel(t.Context()), &awssqs.DeleteQueueInput{QueueUrl: made.QueueUrl}); err != nil {
			t.Log(err)
		}
	})
	t.refs[id] = aws.ToString(made.QueueUrl)
	t.arns[id+".Arn"] = c.attributes(t.T, t.refs[id])["QueueArn"]
}

func (c cloud) attributes(t *testing.T, url string) map[string]string {
	t.Helper()
	out, err := c.queues.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes
}

// empty reports whether a queue holds nothing, not even what somebody has in hand.
func (c cloud) empty(t *testing.T, url string) bool {
	t.Helper()
	held := c.attributes(t, url)
	for _, where := range []string{"", "NotVisible", "Delayed"} {
		if held["ApproximateNumberOfMessages"+where] != "0" {
			return false
		}
	}
	return true
}

// take takes what can be received from a queue off it.
func (c cloud) take(t *testing.T, url string) []string {
	t.Helper()
	q, bodies := sqs.New(c.queues, url), []string{}
	for {
		received, err := q.Receive(t.Context(), 10, 0, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(received) == 0 {
			return bodies
		}
		for _, d := range received {
			bodies = append(bodies, d.Body)
			if err := q.Delete(t.Context(), d.Receipt); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// makeSecrets makes every secret of the template as Secrets Manager generates it.
func (c cloud) makeSecrets(t *template) {
	t.Helper()
	for id, properties := range t.resources("AWS::SecretsManager::Secret") {
		rule := t.at(properties, "GenerateSecretString")
		plain, err := strconv.ParseBool(t.value(t.at(rule, "ExcludePunctuation")))
		if err != nil {
			t.Fatal(err)
		}
		generated, err := c.secrets.GetRandomPassword(t.Context(), &awssecrets.GetRandomPasswordInput{
			PasswordLength: aws.Int64(int64(t.number(t.at(rule, "PasswordLength")))), ExcludePunctuation: &plain,
		})
		if err != nil {
			t.Fatal(err)
		}
		document := map[string]any{}
		if err := json.Unmarshal([]byte(t.value(t.at(rule, "SecretStringTemplate"))), &document); err != nil {
			t.Fatal(err)
		}
		document[t.value(t.at(rule, "GenerateStringKey"))] = aws.ToString(generated.RandomPassword)
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		made, err := c.secrets.CreateSecret(t.Context(), &awssecrets.CreateSecretInput{
			Name: aws.String(t.refs["Stage"] + "-" + id), SecretString: aws.String(string(text)),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := c.secrets.DeleteSecret(context.WithoutCancel(t.Context()), &awssecrets.DeleteSecretInput{
				SecretId: made.ARN, ForceDeleteWithoutRecovery: aws.Bool(true),
			}); err != nil {
				t.Log(err)
			}
		})
		t.refs[id] = aws.ToString(made.ARN)
	}
}

// webhookSecret derives a team's secret from the master, as an operator would.
func (c cloud) webhookSecret(t *template, team string) webhook.Key {
	t.Helper()
	out, err := c.secrets.GetSecretValue(t.Context(), &awssecrets.GetSecretValueInput{SecretId: aws.String(t.refs["IntakeSecret"])})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := webhook.ParseKeyring(aws.ToString(out.SecretString))
	if err != nil {
		t.Fatal(err)
	}
	return ring.TeamSecret(team, ring.Live(team)[0])
}

// stage is a name that no other run has, within what the template allows.
func stage() string { return "w" + strings.ToLower(rand.Text()[:10]) }
