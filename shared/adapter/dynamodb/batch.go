package dynamodb

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// What one batch call takes. Rows being what they are, 25 stay below the 16 MB
// of a call.
const (
	maxGets = 100
	maxPuts = 25
)

// BatchGet reads the rows that exist.
func (t *rows) BatchGet(ctx context.Context, wanted []table.Key) ([]table.Item, error) {
	pending := make([]attributes, 0, len(wanted))
	for _, key := range wanted {
		if err := key.Validate(); err != nil {
			return nil, err
		}
	}
	for _, key := range table.Distinct(wanted) {
		pending = append(pending, encodeKey(key))
	}
	now := t.now()
	var items []table.Item
	err := drain(ctx, pending, maxGets, func(some []attributes) ([]attributes, error) {
		out, err := call(ctx, reads, bulkTimeout, t.client.BatchGetItem, &sdk.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{t.name: {Keys: some, ConsistentRead: aws.Bool(true)}},
		}, neverRefused)
		if err != nil {
			return nil, err
		}
		for _, row := range out.Responses[t.name] {
			item, err := decode(row)
			if err != nil {
				return nil, broken(err)
			}
			if item.Live(now) {
				items = append(items, item)
			}
		}
		return out.UnprocessedKeys[t.name].Keys, nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// BatchPut puts rows without condition.
func (t *rows) BatchPut(ctx context.Context, items []table.Item) error {
	for _, item := range items {
		if err := item.Validate(); err != nil {
			return err
		}
	}
	items = table.LastOfEach(items)
	pending := make([]types.WriteRequest, len(items))
	for i, item := range items {
		pending[i] = types.WriteRequest{PutRequest: &types.PutRequest{Item: encode(item)}}
	}
	put := 0
	err := drain(ctx, pending, maxPuts, func(some []types.WriteRequest) ([]types.WriteRequest, error) {
		out, err := call(ctx, writes, bulkTimeout, t.client.BatchWriteItem, &sdk.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{t.name: some},
		}, neverRefused)
		if err != nil {
			return nil, err
		}
		left := out.UnprocessedItems[t.name]
		put += len(some) - len(left)
		return left, nil
	})
	if put > 0 && fault.Is(err, fault.Unavailable) {
		return fault.New(fault.Ambiguous, "store_partly", "only some of the rows were stored").Because(err)
	}
	return err
}

var errUnprocessed = errors.New("rows were left unprocessed")

// drain sends everything in batches, and again what a batch left unprocessed,
// until that makes no progress any more.
func drain[T any](ctx context.Context, pending []T, size int, send func([]T) (left []T, err error)) error {
	for batch := range slices.Chunk(pending, size) {
		for try := 0; len(batch) > 0; {
			left, err := send(batch)
			if err != nil {
				return err
			}
			if try++; len(left) < len(batch) {
				try = 0
			}
			if len(left) > 0 && (try == tries || !pause(ctx, try)) {
				return unavailable("store_throttled", errUnprocessed)
			}
			batch = left
		}
	}
	return nil
}
