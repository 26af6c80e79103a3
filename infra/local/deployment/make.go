package deployment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secretstypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"go.yaml.in/yaml/v4"

	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
)

// Make makes every table, queue and secret of the template that is not there yet,
// by calls that every AWS-compatible endpoint knows, and lets references to them be
// evaluated. Names follow from the stage and the logical ids.
func (a Account) Make(ctx context.Context, t *Template) error {
	for id := range t.resources("AWS::DynamoDB::Table") {
		name := nameOf(t.Ref("Stage"), id)
		if err := dynamodb.Create(ctx, a.Tables, name); err != nil {
			return err
		}
		t.refs[id] = name
	}
	all := t.resources("AWS::SQS::Queue")
	for _, redrives := range []bool{false, true} { // those without dead letters first
		for id, properties := range all {
			if redrive := t.at(properties, "RedrivePolicy"); (redrive != nil) == redrives {
				if err := a.makeQueue(ctx, t, id, properties, redrive); err != nil {
					return err
				}
			}
		}
	}
	for id, properties := range t.resources("AWS::SecretsManager::Secret") {
		if err := a.makeSecret(ctx, t, id, properties); err != nil {
			return err
		}
	}
	return t.Err()
}

// Tables gives the template's tables by their logical ids, in order.
func (t *Template) Tables() []string {
	return slices.Sorted(maps.Keys(t.resources("AWS::DynamoDB::Table")))
}

// queueAttributes are the properties that an endpoint needs to behave as the queue.
var queueAttributes = []string{"FifoQueue", "DeduplicationScope", "FifoThroughputLimit", "VisibilityTimeout", "MessageRetentionPeriod"}

func (a Account) makeQueue(ctx context.Context, t *Template, id string, properties, redrive *yaml.Node) error {
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
			return err
		}
		attributes["RedrivePolicy"] = string(policy)
	}
	name := t.value(t.at(properties, "QueueName"))
	made, err := a.Queues.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		return fmt.Errorf("make queue %s: %w", name, err)
	}
	t.refs[id] = aws.ToString(made.QueueUrl)
	held, err := a.Attributes(ctx, t.refs[id])
	if err != nil {
		return err
	}
	t.arns[id+".Arn"] = held["QueueArn"]
	return nil
}

// makeSecret makes a secret as Secrets Manager generates it; one that is there
// stays as it is.
func (a Account) makeSecret(ctx context.Context, t *Template, id string, properties *yaml.Node) error {
	name := nameOf(t.Ref("Stage"), id)
	if there, err := a.Secrets.DescribeSecret(ctx, &awssecrets.DescribeSecretInput{SecretId: &name}); err == nil {
		t.refs[id] = aws.ToString(there.ARN)
		return nil
	} else if _, none := errors.AsType[*secretstypes.ResourceNotFoundException](err); !none {
		return fmt.Errorf("look for secret %s: %w", name, err)
	}
	rule := t.at(properties, "GenerateSecretString")
	plain, err := strconv.ParseBool(t.value(t.at(rule, "ExcludePunctuation")))
	if err != nil {
		return fmt.Errorf("secret %s: %w", id, err)
	}
	generated, err := a.Secrets.GetRandomPassword(ctx, &awssecrets.GetRandomPasswordInput{
		PasswordLength: aws.Int64(int64(t.number(t.at(rule, "PasswordLength")))), ExcludePunctuation: &plain,
	})
	if err != nil {
		return fmt.Errorf("generate secret %s: %w", id, err)
	}
	document := map[string]any{}
	if err := json.Unmarshal([]byte(t.value(t.at(rule, "SecretStringTemplate"))), &document); err != nil {
		return fmt.Errorf("secret %s: %w", id, err)
	}
	document[t.value(t.at(rule, "GenerateStringKey"))] = aws.ToString(generated.RandomPassword)
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	made, err := a.Secrets.CreateSecret(ctx, &awssecrets.CreateSecretInput{Name: &name, SecretString: aws.String(string(text))})
	if err != nil {
		return fmt.Errorf("make secret %s: %w", name, err)
	}
	t.refs[id] = aws.ToString(made.ARN)
	return nil
}

// Remove takes away what Make made.
func (a Account) Remove(ctx context.Context, t *Template) error {
	var errs []error
	for id := range t.resources("AWS::DynamoDB::Table") {
		_, err := a.Tables.DeleteTable(ctx, &awsdynamodb.DeleteTableInput{TableName: aws.String(t.refs[id])})
		errs = append(errs, err)
	}
	for id := range t.resources("AWS::SQS::Queue") {
		_, err := a.Queues.DeleteQueue(ctx, &awssqs.DeleteQueueInput{QueueUrl: aws.String(t.refs[id])})
		errs = append(errs, err)
	}
	for id := range t.resources("AWS::SecretsManager::Secret") {
		_, err := a.Secrets.DeleteSecret(ctx, &awssecrets.DeleteSecretInput{
			SecretId: aws.String(t.refs[id]), ForceDeleteWithoutRecovery: aws.Bool(true),
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
