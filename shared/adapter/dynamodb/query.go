package dynamodb

import (
	"context"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Query reads one page of a partition.
func (t *rows) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := r.Validate(); err != nil {
		return table.Page{}, err
	}
	found, next, err := t.page(ctx, r, nil)
	page := table.Page{Next: next}
	for _, row := range found {
		item, err := decode(row)
		if err != nil {
			return table.Page{}, broken(err)
		}
		page.Items = append(page.Items, item)
	}
	return page, err
}

// Count counts the live rows of a range by their keys.
func (t *rows) Count(ctx context.Context, r table.Range, most int) (n int, more bool, err error) {
	if err := r.Validate(); err != nil {
		return 0, false, err
	}
	most = min(max(most, 0), math.MaxInt32)
	for {
		r.Limit = most - n + 2 // one to know of more, one beyond the end
		found, next, err := t.page(ctx, r, aws.String(attrSort))
		if err != nil {
			return 0, false, err
		}
		n += len(found)
		if n > most {
			return most, true, nil
		}
		if next == "" {
			return n, false, nil
		}
		r.After = next
	}
}

// page reads the live rows of a page, of all attributes or those named.
func (t *rows) page(ctx context.Context, r table.Range, only *string) (found []attributes, next string, err error) {
	where, ok := span(r)
	if !ok {
		return nil, "", nil
	}
	where.values[":now"] = integer(t.now().UnixMilli())
	in := &sdk.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true), ProjectionExpression: only,
		KeyConditionExpression: &where.condition, FilterExpression: aws.String(isLive),
		ExpressionAttributeValues: where.values, ScanIndexForward: aws.Bool(!r.Descending),
	}
	if where.after != "" {
		in.ExclusiveStartKey = encodeKey(table.Key{Partition: r.Partition, Sort: where.after})
	}
	if r.Limit > 0 && r.Limit <= math.MaxInt32 {
		in.Limit = aws.Int32(int32(r.Limit))
	}
	out, err := call(ctx, reads, bulkTimeout, t.client.Query, in, neverRefused)
	if err != nil {
		return nil, "", err
	}
	found = out.Items
	if len(found) > 0 && sortOf(found[len(found)-1]) == r.To {
		found = found[:len(found)-1]
	}
	if next = sortOf(out.LastEvaluatedKey); next == r.To {
		next = ""
	}
	return found, next, nil
}

// sortOf reads a row's sort key; empty without one.
func sortOf(row attributes) string {
	if s, ok := row[attrSort].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// keys is a range as DynamoDB takes it.
type keys struct {
	condition string
	values    attributes
	after     string // start key, within the condition; empty: from the end where the range begins
}

// span translates a range; ok is false when nothing can be in it.
//
// DynamoDB takes one condition on the sort key, so a range with both bounds
// becomes BETWEEN, which includes the upper one. Ascending, that row comes last
// and the caller drops it; descending, it is the start key, which is left out
// anyway. A start key must lie within the condition, so a cursor beyond either
// bound is resolved here.
func span(r table.Range) (k keys, ok bool) {
	if r.To != "" && r.From >= r.To {
		return keys{}, false
	}
	k = keys{condition: "pk = :pk", values: attributes{":pk": text(r.Partition)}, after: r.After}
	switch {
	case r.From != "" && r.To != "":
		k.condition += " AND sk BETWEEN :from AND :to"
	case r.From != "":
		k.condition += " AND sk >= :from"
	case r.To != "":
		k.condition += " AND sk < :to"
	}
	if r.From != "" {
		k.values[":from"] = text(r.From)
	}
	if r.To != "" {
		k.values[":to"] = text(r.To)
	}
	if r.Descending {
		return k.down(r)
	}
	return k.up(r)
}

func (k keys) up(r table.Range) (keys, bool) {
	if r.After < r.From {
		k.after = ""
	}
	return k, r.To == "" || r.After < r.To
}

func (k keys) down(r table.Range) (keys, bool) {
	if r.To != "" && (r.After == "" || r.After >= r.To) {
		k.after = ""
		if r.From != "" {
			k.after = r.To
		}
	}
	return k, r.After == "" || r.After > r.From
}
