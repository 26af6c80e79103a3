// Command loaded is a Lambda as the SDK's guide has it: LoadDefaultConfig, then
// the three clients that the service needs.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// clients are kept, so that the linker keeps them too.
type clients struct {
	tables  *dynamodb.Client
	queues  *sqs.Client
	secrets *secretsmanager.Client
}

func main() {
	c, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	held := clients{dynamodb.NewFromConfig(c), sqs.NewFromConfig(c), secretsmanager.NewFromConfig(c)}
	lambda.Start(func(ctx context.Context, ask bool) (string, error) {
		if !ask {
			return "hello", nil
		}
		_, one := held.tables.GetItem(ctx, &dynamodb.GetItemInput{})
		_, two := held.queues.SendMessage(ctx, &sqs.SendMessageInput{})
		_, err := held.secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{})
		if one != nil || two != nil {
			return "", one
		}
		return "", err
	})
}
