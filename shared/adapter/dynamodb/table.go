package dynamodb

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// rows is one DynamoDB table.
type rows struct {
	client *sdk.Client
	name   string
	now    func() time.Time
}

// NewTable gives the table of that name. The clock decides which rows have expired.
func NewTable(client *sdk.Client, name string, now func() time.Time) table.Table {
	return &rows{client: client, name: name, now: now}
}

// Get reads a row.
func (t *rows) Get(ctx context.Context, key table.Key) (table.Item, bool, error) {
	if err := key.Validate(); err != nil {
		return table.Item{}, false, err
	}
	out, err := call(ctx, reads, itemTimeout, t.client.GetItem, &sdk.GetItemInput{
		TableName: &t.name, Key: encodeKey(key), ConsistentRead: aws.Bool(true),
	}, neverRefused)
	if err != nil || len(out.Item) == 0 {
		return table.Item{}, false, err
	}
	item, err := decode(out.Item)
	if err != nil {
		return table.Item{}, false, broken(err)
	}
	if !item.Live(t.now()) {
		return table.Item{}, false, nil
	}
	return item, true, nil
}

// broken is our bug: the table holds what we did not write.
func broken(err error) error {
	return fault.New(fault.Internal, "store_broken", "something went wrong on our side").Because(err)
}
