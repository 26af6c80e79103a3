package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	createTimeout = time.Minute
	createPoll    = 100 * time.Millisecond
)

// Create makes a table as the template makes it on AWS, for local setup and
// tests, and waits until it can be used. A table that is there stays.
func Create(ctx context.Context, client *sdk.Client, name string) error {
	_, err := client.CreateTable(ctx, &sdk.CreateTableInput{
		TableName:   &name,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(attrPartition), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String(attrSort), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(attrPartition), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(attrSort), KeyType: types.KeyTypeRange},
		},
	})
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", name, err)
	}
	wait := sdk.NewTableExistsWaiter(client, func(o *sdk.TableExistsWaiterOptions) { o.MinDelay = createPoll })
	if err := wait.Wait(ctx, &sdk.DescribeTableInput{TableName: &name}, createTimeout); err != nil {
		return fmt.Errorf("wait for table %s: %w", name, err)
	}
	return expire(ctx, client, name)
}

// expire has DynamoDB delete expired rows, if it does not yet.
func expire(ctx context.Context, client *sdk.Client, name string) error {
	out, err := client.DescribeTimeToLive(ctx, &sdk.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("read expiry of table %s: %w", name, err)
	}
	if now := out.TimeToLiveDescription; now != nil && now.AttributeName != nil {
		return nil
	}
	if _, err := client.UpdateTimeToLive(ctx, &sdk.UpdateTimeToLiveInput{
		TableName:               &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(attrTTL), Enabled: aws.Bool(true)},
	}); err != nil {
		return fmt.Errorf("set expiry of table %s: %w", name, err)
	}
	return nil
}
