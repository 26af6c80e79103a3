package dynamodb_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

func TestEveryReadIsStronglyConsistent(t *testing.T) {
	tab, s := scripted(t, answer(200, `{}`))
	_, _, err1 := tab.Get(t.Context(), aKey)
	_, err2 := tab.BatchGet(t.Context(), []table.Key{aKey})
	_, err3 := tab.Query(t.Context(), table.Range{Partition: "p"})
	_, _, err4 := tab.Count(t.Context(), table.Range{Partition: "p"}, 3)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || len(s.seen) != 4 {
		t.Fatal(err1, err2, err3, err4, s.seen)
	}
	for _, request := range s.seen {
		if !strings.Contains(request, `"ConsistentRead":true`) {
			t.Error(request)
		}
	}
}

func TestARowIsStoredInTheDocumentedForm(t *testing.T) {
	tab, s := scripted(t, answer(200, `{}`))
	row := aRow
	row.Expires = time.UnixMilli(1_800_000_000_001)
	if err := tab.Write(t.Context(), table.Write{Item: row}); err != nil {
		t.Fatal(err)
	}
	op, body, _ := strings.Cut(s.seen[0], " ")
	var got struct {
		TableName string
		Item      map[string]map[string]string
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || op != "PutItem" || got.TableName != "rows" {
		t.Fatal(s.seen[0], err)
	}
	want := map[string]map[string]string{
		"pk": {"S": "p"}, "sk": {"S": "s"}, "doc": {"S": `{"a":"<ü>"}`}, "tok": {"S": "ours"},
		"expms": {"N": "1800000000001"},
		"exp":   {"N": "1800000001"}, // up: DynamoDB must not delete what is still there for us
	}
	if fmt.Sprint(got.Item) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got.Item, want)
	}
}

func TestEveryConditionAsksForTheRowThatStandsThere(t *testing.T) {
	tab, s := scripted(t, answer(200, `{}`))
	put := table.Write{Item: aRow, If: table.IfAbsent()}
	gone := table.Write{Item: table.Item{Key: table.Key{Partition: "p", Sort: "t"}}, Delete: true, If: table.IfToken("a")}
	check := table.Write{Item: table.Item{Key: table.Key{Partition: "p", Sort: "u"}}, Check: true, If: table.IfToken("a")}
	for _, err := range []error{
		tab.Write(t.Context(), put), tab.Write(t.Context(), gone), tab.Transact(t.Context(), []table.Write{put, gone, check}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, conditions := range []int{1, 1, 3} {
		if got := strings.Count(s.seen[i], `"ReturnValuesOnConditionCheckFailure":"ALL_OLD"`); got != conditions {
			t.Errorf("asked %d times, want %d: %s", got, conditions, s.seen[i])
		}
	}
}

func TestARowThatIsNotOursIsOurBugAndNoRefusal(t *testing.T) {
	const foreign = `{"pk":{"S":"p"},"sk":{"S":"s"},"other":{"S":"x"}}`
	for name, c := range map[string]struct {
		reply string
		code  int
		call  func(table.Table) error
	}{
		"Get": {`{"Item":` + foreign + `}`, 200, func(tab table.Table) error {
			_, _, err := tab.Get(t.Context(), aKey)
			return err
		}},
		"Query": {`{"Items":[` + foreign + `]}`, 200, func(tab table.Table) error {
			_, err := tab.Query(t.Context(), table.Range{Partition: "p"})
			return err
		}},
		"BatchGet": {`{"Responses":{"rows":[` + foreign + `]}}`, 200, func(tab table.Table) error {
			_, err := tab.BatchGet(t.Context(), []table.Key{aKey})
			return err
		}},
		"Write": {`{"__type":"ConditionalCheckFailedException","Item":` + foreign + `}`, 400, func(tab table.Table) error {
			return tab.Write(t.Context(), table.Write{Item: aRow, If: table.IfAbsent()})
		}},
	} {
		tab, _ := scripted(t, answer(c.code, c.reply))
		if err := c.call(tab); !fault.Is(err, fault.Internal) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// unprocessed answers a batch of two puts with one left over.
const unprocessed = `{"UnprocessedItems":{"rows":[{"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"S":"b"},` +
	`"doc":{"S":"{}"},"tok":{"S":"t"}}}}]}}`

func twoRows() []table.Item {
	return []table.Item{
		{Key: table.Key{Partition: "p", Sort: "a"}, Doc: []byte(`{}`), Token: "t"},
		{Key: table.Key{Partition: "p", Sort: "b"}, Doc: []byte(`{}`), Token: "t"},
	}
}

func TestABatchPutSendsAgainWhatWasLeftOverAndOnlyThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, s := scripted(t, answer(200, unprocessed), answer(200, `{}`))
		if err := tab.BatchPut(t.Context(), twoRows()); err != nil || len(s.seen) != 2 {
			t.Fatal(err, s.seen)
		}
		if strings.Contains(s.seen[1], `"sk":{"S":"a"}`) || !strings.Contains(s.seen[1], `"sk":{"S":"b"}`) {
			t.Error(s.seen[1])
		}
	})
}

func TestABatchPutThatStoredSomeIsAmbiguous(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, s := scripted(t, answer(200, unprocessed)) // and no progress from then on
		if err := tab.BatchPut(t.Context(), twoRows()); !fault.Is(err, fault.Ambiguous) || len(s.seen) > often+1 {
			t.Errorf("got %v after %d tries", err, len(s.seen))
		}
		tab, _ = scripted(t, answer(200, unprocessed), refusal(400, "AccessDeniedException", "no"))
		if err := tab.BatchPut(t.Context(), twoRows()); !fault.Is(err, fault.Ambiguous) {
			t.Errorf("got %v", err)
		}
	})
}

func TestABatchGetAsksAgainForWhatWasLeftOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		row := func(sort string) string {
			return fmt.Sprintf(`{"pk":{"S":"p"},"sk":{"S":%q},"doc":{"S":"{}"},"tok":{"S":"t"}}`, sort)
		}
		left := `"UnprocessedKeys":{"rows":{"Keys":[{"pk":{"S":"p"},"sk":{"S":"b"}}],"ConsistentRead":true}}`
		tab, s := scripted(t, answer(200, `{"Responses":{"rows":[`+row("a")+`]},`+left+`}`),
			answer(200, `{"Responses":{"rows":[`+row("b")+`]}}`))
		keys := []table.Key{{Partition: "p", Sort: "a"}, {Partition: "p", Sort: "b"}}
		if items, err := tab.BatchGet(t.Context(), keys); err != nil || len(items) != 2 || len(s.seen) != 2 {
			t.Errorf("got %v, %v after %d requests", items, err, len(s.seen))
		}
		tab, s = scripted(t, answer(200, `{`+left+`}`))
		if _, err := tab.BatchGet(t.Context(), keys); !fault.Is(err, fault.Unavailable) || len(s.seen) > often+1 {
			t.Errorf("got %v after %d requests", err, len(s.seen))
		}
	})
}

func TestACountReadsNoMoreThanItNeeds(t *testing.T) {
	tab, s := scripted(t,
		answer(200, `{"Items":[{"sk":{"S":"a"}},{"sk":{"S":"b"}}],"LastEvaluatedKey":{"pk":{"S":"p"},"sk":{"S":"c"}}}`),
		answer(200, `{"Items":[{"sk":{"S":"d"}},{"sk":{"S":"e"}}],"LastEvaluatedKey":{"pk":{"S":"p"},"sk":{"S":"e"}}}`))
	n, more, err := tab.Count(t.Context(), table.Range{Partition: "p"}, 3)
	if n != 3 || !more || err != nil || len(s.seen) != 2 {
		t.Fatalf("got %d, %v, %v after %d requests", n, more, err, len(s.seen))
	}
	for i, want := range []string{`"Limit":5`, `"Limit":3`} {
		if !strings.Contains(s.seen[i], want) || !strings.Contains(s.seen[i], `"ProjectionExpression":"sk"`) {
			t.Errorf("request %d: %s; want %s and only sort keys", i, s.seen[i], want)
		}
	}
}
