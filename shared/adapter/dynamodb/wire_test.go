package dynamodb_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/port/table/tabletest"
)

// wire gives a client of the endpoint that the environment names.
func wire(t *testing.T) *sdk.Client {
	t.Helper()
	endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL"))
	if endpoint == "" {
		if os.Getenv("WIRE") == "required" {
			t.Fatal("no DynamoDB endpoint is given: run make test")
		}
		t.Skip("no DynamoDB endpoint is given: run make test, or set AWS_ENDPOINT_URL_DYNAMODB")
	}
	return dynamodb.Client(aws.Config{
		Region:       cmp.Or(os.Getenv("AWS_REGION"), "us-east-1"),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: &endpoint,
	})
}

var notInNames = regexp.MustCompile(`[^a-zA-Z0-9_.-]+`)

// fresh makes a table of a name of its own and drops it after the test.
func fresh(t *testing.T, client *sdk.Client) string {
	t.Helper()
	name := notInNames.ReplaceAllString(t.Name(), "-") + "-" + rand.Text()
	if err := dynamodb.Create(t.Context(), client, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &sdk.DeleteTableInput{TableName: &name}); err != nil {
			t.Errorf("drop table: %v", err)
		}
	})
	return name
}

// known is where emulators differ from DynamoDB, seen with this suite. dynoxide
// 1.2.1 passes all of it.
var known = map[string][]tabletest.KnownFailure{
	"ministack": {{
		Emulator: "MiniStack 1.4.21", Test: "a page ends near MaxPageBytes",
		Why: "its pages have no limit of 1 MB",
	}, {
		Emulator: "MiniStack 1.4.21", Test: "a transaction holds MaxTransactBytes and no more",
		Why: "it counts the bytes of the request instead of those of the rows",
	}},
	"moto": {{
		Emulator: "moto 5.2.5", Test: "the largest row is stored and a byte more is too large",
		Why: "it refuses rows of more than 405,000 bytes; DynamoDB takes 409,600",
	}},
}

// DYNAMODB_EMULATOR says which emulator stands behind the endpoint.
func TestTableKeepsTheContract(t *testing.T) {
	client := wire(t)
	tabletest.Suite(t, func(t *testing.T, now func() time.Time) table.Table {
		return dynamodb.NewTable(client, fresh(t, client), now)
	}, known[os.Getenv("DYNAMODB_EMULATOR")]...)
}
