package dynamodb

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// Expressions. An expired row that TTL has not deleted yet counts as none.
const (
	isLive   = "(attribute_not_exists(expms) OR expms > :now)"
	isAbsent = "(attribute_not_exists(pk) OR expms <= :now)"
	hasToken = "tok = :tok AND " + isLive
)

// express gives the condition as an expression and its values, nil for Always.
func express(c table.Condition, now time.Time) (*string, attributes) {
	if token, ok := c.Wanted(); ok {
		return aws.String(hasToken), attributes{":tok": text(token), ":now": integer(now.UnixMilli())}
	}
	if c.WantsAbsent() {
		return aws.String(isAbsent), attributes{":now": integer(now.UnixMilli())}
	}
	return nil, nil
}
