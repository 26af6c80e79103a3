package dynamodb

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Expressions. An expired row that TTL has not deleted yet counts as none.
const (
	isLive   = "(attribute_not_exists(expms) OR expms > :now)"
	isAbsent = "(attribute_not_exists(pk) OR expms <= :now)"
	hasToken = "tok = :tok AND " + isLive
)

// guard is a condition as DynamoDB takes it; empty for Always.
type guard struct {
	expression *string
	values     attributes
	onFailure  types.ReturnValuesOnConditionCheckFailure
}

func express(c table.Condition, now time.Time) guard {
	if c.Unconditional() {
		return guard{}
	}
	g := guard{
		expression: aws.String(isAbsent), values: attributes{":now": integer(now.UnixMilli())},
		onFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if token, ok := c.Wanted(); ok {
		g.expression, g.values[":tok"] = aws.String(hasToken), text(token)
	}
	return g
}
