package dynamodb_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// reply is what a scripted DynamoDB does with one request.
type reply func(r *http.Request) (*http.Response, error)

// script is a DynamoDB that follows a plan; its last reply stays.
type script struct {
	replies []reply
	seen    []string // operation and body of every request
}

func (s *script) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	s.seen = append(s.seen, op+" "+string(body))
	return s.replies[min(len(s.seen), len(s.replies))-1](r)
}

// scripted gives a table in front of a script.
func scripted(t *testing.T, replies ...reply) (table.Table, *script) {
	t.Helper()
	return scriptedAs(t, credentials.NewStaticCredentialsProvider("test", "test", ""), replies...)
}

func scriptedAs(t *testing.T, who aws.CredentialsProvider, replies ...reply) (table.Table, *script) {
	t.Helper()
	s := &script{replies: replies}
	client := dynamodb.Client(aws.Config{
		Region: "us-east-1", Credentials: who, HTTPClient: s, BaseEndpoint: aws.String("http://dynamodb.invalid"),
	})
	return dynamodb.NewTable(client, "rows", time.Now), s
}

// answer is a whole answer.
func answer(status int, body string) reply {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		}, nil
	}
}

// refusal is one of DynamoDB's exceptions.
func refusal(status int, code, message string) reply {
	return answer(status, fmt.Sprintf(`{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":%q}`, code, message))
}

// cancellation cancels a transaction for these reasons.
func cancellation(reasons ...string) reply {
	return answer(400, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+
		`"Message":"Transaction cancelled","CancellationReasons":[`+strings.Join(reasons, ",")+`]}`)
}

// Cancellation reasons.
const (
	noReason  = `{"Code":"None"}`
	conflicts = `{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}`
	throttles = `{"Code":"ThrottlingError","Message":"slow down"}`
	condition = `{"Code":"ConditionalCheckFailed","Message":"The conditional request failed",` +
		`"Item":{"pk":{"S":"p"},"sk":{"S":"s"},"doc":{"S":"{}"},"tok":{"S":"theirs"}}}`
)

// broken fails without an answer.
func broken(err error) reply { return func(*http.Request) (*http.Response, error) { return nil, err } }

// silence answers nothing until the caller gives up.
func silence(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

var (
	aKey = table.Key{Partition: "p", Sort: "s"}
	aRow = table.Item{Key: aKey, Doc: []byte(`{"a":"<ü>"}`), Token: "ours"}
)
