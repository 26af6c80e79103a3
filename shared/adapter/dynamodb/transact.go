package dynamodb

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

const conditionFailed = "ConditionalCheckFailed" // in a cancellation reason

// Transact does all the writes or none. DynamoDB cancels a transaction for
// meeting another one, too; that passes and is tried again. The SDK gives every
// call a request token of its own, so a repeated transaction is judged afresh
// and, if it was applied before, refused by our own tokens.
func (t *rows) Transact(ctx context.Context, ws []table.Write) error {
	if err := table.ValidateTransaction(ws); err != nil || len(ws) == 0 {
		return err
	}
	now := t.now()
	in := &sdk.TransactWriteItemsInput{TransactItems: make([]types.TransactWriteItem, len(ws))}
	for i, w := range ws {
		in.TransactItems[i] = t.transactItem(w, now)
	}
	_, err := call(ctx, writes, bulkTimeout, t.client.TransactWriteItems, in, func(err error) (bool, error) {
		return cancelled(err, now)
	})
	return err
}

func (t *rows) transactItem(w table.Write, now time.Time) types.TransactWriteItem {
	g := express(w.If, now)
	switch {
	case w.Check:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: &t.name, Key: encodeKey(w.Item.Key), ConditionExpression: g.expression,
			ExpressionAttributeValues: g.values, ReturnValuesOnConditionCheckFailure: g.onFailure,
		}}
	case w.Delete:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &t.name, Key: encodeKey(w.Item.Key), ConditionExpression: g.expression,
			ExpressionAttributeValues: g.values, ReturnValuesOnConditionCheckFailure: g.onFailure,
		}}
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &t.name, Item: encode(w.Item), ConditionExpression: g.expression,
		ExpressionAttributeValues: g.values, ReturnValuesOnConditionCheckFailure: g.onFailure,
	}}
}

// cancelled tells the refusal of a transaction. One that was also cancelled for
// a passing reason is none yet: a condition not judged cannot be named.
func cancelled(err error, now time.Time) (bool, error) {
	failed, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return false, nil
	}
	refused := &table.Refused{}
	for i, reason := range failed.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code == conditionFailed:
			refusal, err := refusalOf(i, reason.Item, now)
			if err != nil {
				return true, broken(err)
			}
			refused.Refusals = append(refused.Refusals, refusal)
		case code != "" && code != "None":
			return false, nil
		}
	}
	return len(refused.Refusals) > 0, refused
}
