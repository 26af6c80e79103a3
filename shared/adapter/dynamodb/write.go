package dynamodb

import (
	"context"
	"errors"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Write does one put or delete.
func (t *rows) Write(ctx context.Context, w table.Write) error {
	if err := w.Validate(); err != nil {
		return err
	}
	now := t.now()
	g := express(w.If, now)
	refused := func(err error) (bool, error) { return refusedOne(err, now) }
	if w.Delete {
		_, err := call(ctx, writes, itemTimeout, t.client.DeleteItem, &sdk.DeleteItemInput{
			TableName: &t.name, Key: encodeKey(w.Item.Key), ConditionExpression: g.expression,
			ExpressionAttributeValues: g.values, ReturnValuesOnConditionCheckFailure: g.onFailure,
		}, refused)
		return err
	}
	_, err := call(ctx, writes, itemTimeout, t.client.PutItem, &sdk.PutItemInput{
		TableName: &t.name, Item: encode(w.Item), ConditionExpression: g.expression,
		ExpressionAttributeValues: g.values, ReturnValuesOnConditionCheckFailure: g.onFailure,
	}, refused)
	return err
}

// refusedOne tells the refusal of a single write.
func refusedOne(err error, now time.Time) (bool, error) {
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return false, nil
	}
	refusal, err := refusalOf(0, failed.Item, now)
	if err != nil {
		return true, broken(err)
	}
	return true, &table.Refused{Refusals: []table.Refusal{refusal}}
}

// refusalOf shows the row that stood in the way, unless it had expired at the
// time that the condition named.
func refusalOf(index int, row attributes, now time.Time) (table.Refusal, error) {
	refusal := table.Refusal{Index: index}
	if len(row) == 0 {
		return refusal, nil
	}
	old, err := decode(row)
	if err != nil {
		return refusal, err
	}
	if old.Live(now) {
		refusal.Found, refusal.Old = true, old
	}
	return refusal, nil
}
