package deploytest

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Rows gives every row of every table by the table's logical id, as the text that it
// holds, and what was sent to queues under "queues".
func (d *Deployed) Rows(t *testing.T) map[string][][]byte {
	t.Helper()
	out := map[string][][]byte{"queues": d.Watch.Sent()}
	for _, table := range d.Tables() {
		out[table] = d.rows(t, d.Ref(table))
	}
	return out
}

func (d *Deployed) rows(t *testing.T, name string) [][]byte {
	t.Helper()
	var out [][]byte
	pages := dynamodb.NewScanPaginator(d.Account.Tables, &dynamodb.ScanInput{TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			out = append(out, textOf(item))
		}
	}
	return out
}

func textOf(item map[string]types.AttributeValue) []byte {
	var parts []string
	for name, value := range item {
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			parts = append(parts, name+": "+v.Value)
		case *types.AttributeValueMemberN:
			parts = append(parts, name+": "+v.Value)
		}
	}
	slices.Sort(parts)
	return []byte(strings.Join(parts, " | "))
}
