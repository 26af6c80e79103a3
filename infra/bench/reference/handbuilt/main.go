// Command handbuilt is the Lambda with three clients whose configuration is made by
// hand from what Lambda puts into the environment.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
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
	from := aws.Credentials{
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN"), Source: "environment",
	}
	c := aws.Config{
		Region: os.Getenv("AWS_REGION"), HTTPClient: awshttp.NewBuildableClient(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return from, nil }),
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
