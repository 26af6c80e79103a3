package dynamodb_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// flaky passes requests on and loses the answers of the first few writes, after
// DynamoDB has applied them.
type flaky struct {
	through sdk.HTTPClient
	lose    atomic.Int32
}

func (f *flaky) Do(r *http.Request) (*http.Response, error) {
	write := strings.Contains(r.Header.Get("X-Amz-Target"), "PutItem") || strings.Contains(r.Header.Get("X-Amz-Target"), "Transact")
	response, err := f.through.Do(r)
	if err != nil || !write || f.lose.Add(-1) < 0 {
		return response, err
	}
	return nil, errors.Join(errors.New("connection reset by peer"), response.Body.Close())
}

// losing gives a table whose next answers to writes get lost, with retries of
// the SDK as it comes, or without.
func losing(t *testing.T, sdkRetries bool) (table.Table, *flaky) {
	t.Helper()
	client := wire(t)
	name := fresh(t, client)
	network := &flaky{through: awshttp.NewBuildableClient()}
	options := client.Options()
	options.HTTPClient = network
	if sdkRetries {
		options.Retryer = nil // the default: three tries
	}
	return dynamodb.NewTable(sdk.New(options), name, time.Now), network
}

func TestAWriteWhoseAnswerWasLostIsAmbiguousAndSettledByItsToken(t *testing.T) {
	tab, network := losing(t, false)
	network.lose.Store(1)
	err := tab.Write(t.Context(), table.Write{Item: aRow, If: table.IfAbsent()})
	if !fault.Is(err, fault.Ambiguous) {
		t.Fatalf("got %v, want ambiguous", err)
	}
	for lost := range int32(3) {
		row := aRow
		row.Sort = fmt.Sprint("lost", lost)
		network.lose.Store(lost)
		if err := table.Put(t.Context(), tab, table.Write{Item: row, If: table.IfAbsent()}); err != nil {
			t.Errorf("put, %d answers lost: %v", lost, err)
		}
		second := row
		second.Token = "second"
		other := row
		other.Sort += "other"
		network.lose.Store(lost)
		if err := table.Transact(t.Context(), tab, []table.Write{
			{Item: second, If: table.IfToken(row.Token)}, {Item: other, If: table.IfAbsent()},
		}); err != nil {
			t.Errorf("transaction, %d answers lost: %v", lost, err)
		}
	}
}

// A client that somebody else configured may repeat a conditional put by itself
// and be refused by its own success.
func TestOwnSuccessIsRecognisedThoughTheSDKRepeatedTheWrite(t *testing.T) {
	tab, network := losing(t, true)
	network.lose.Store(1)
	if err := table.Put(t.Context(), tab, table.Write{Item: aRow, If: table.IfAbsent()}); err != nil {
		t.Errorf("put: %v", err)
	}
	if network.lose.Load() >= 0 {
		t.Error("the SDK did not repeat the write")
	}
	theirs := aRow
	theirs.Token = "theirs"
	err := table.Put(t.Context(), tab, table.Write{Item: theirs, If: table.IfAbsent()})
	refused, ok := table.AsRefused(err)
	if !ok || refused.Refusals[0].Old.Token != aRow.Token {
		t.Errorf("another's token: %v", err)
	}
}

func TestCreateLeavesATableThatIsThereAndHasItExpire(t *testing.T) {
	client := wire(t)
	name := fresh(t, client)
	tab := dynamodb.NewTable(client, name, time.Now)
	if err := tab.Write(t.Context(), table.Write{Item: aRow}); err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.Create(t.Context(), client, name); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := tab.Get(t.Context(), aKey); err != nil || !ok {
		t.Errorf("the row is gone: %v", err)
	}
	out, err := client.DescribeTimeToLive(t.Context(), &sdk.DescribeTimeToLiveInput{TableName: &name})
	if err != nil || out.TimeToLiveDescription == nil || *out.TimeToLiveDescription.AttributeName != "exp" {
		t.Errorf("got %+v, %v", out, err)
	}
}
