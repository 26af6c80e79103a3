package dynamodb

import (
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Names of the attributes.
const (
	attrPartition = "pk"
	attrSort      = "sk"
	attrDoc       = "doc"
	attrToken     = "tok"
	attrMillis    = "expms"
	attrTTL       = "exp"
)

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func integer(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func encodeKey(key table.Key) attributes {
	return attributes{attrPartition: text(key.Partition), attrSort: text(key.Sort)}
}

func encode(item table.Item) attributes {
	row := encodeKey(item.Key)
	row[attrDoc] = text(string(item.Doc))
	row[attrToken] = text(item.Token)
	if millis := table.Millis(item.Expires); millis > 0 {
		row[attrMillis] = integer(millis)
		row[attrTTL] = integer(ttl(millis))
	}
	return row
}

// ttl rounds up to seconds, so that DynamoDB never deletes early.
func ttl(millis int64) int64 {
	return (millis + int64(time.Second/time.Millisecond) - 1) / int64(time.Second/time.Millisecond)
}

// errNotOurs means that the table holds what this package did not write.
var errNotOurs = errors.New("a stored row is not in our form")

func decode(row attributes) (table.Item, error) {
	partition, ok1 := row[attrPartition].(*types.AttributeValueMemberS)
	sort, ok2 := row[attrSort].(*types.AttributeValueMemberS)
	doc, ok3 := row[attrDoc].(*types.AttributeValueMemberS)
	token, ok4 := row[attrToken].(*types.AttributeValueMemberS)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return table.Item{}, errNotOurs
	}
	item := table.Item{
		Key: table.Key{Partition: partition.Value, Sort: sort.Value}, Doc: []byte(doc.Value), Token: token.Value,
	}
	if value, ok := row[attrMillis]; ok {
		number, ok := value.(*types.AttributeValueMemberN)
		if !ok {
			return table.Item{}, errNotOurs
		}
		millis, err := strconv.ParseInt(number.Value, 10, 64)
		if err != nil {
			return table.Item{}, errNotOurs
		}
		item.Expires = table.FromMillis(millis)
	}
	return item, nil
}
