package dynamodb

import (
	"slices"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

var conditions = map[string]func(sort, from, to string) bool{
	"pk = :pk":                              func(string, string, string) bool { return true },
	"pk = :pk AND sk BETWEEN :from AND :to": func(sort, from, to string) bool { return sort >= from && sort <= to },
	"pk = :pk AND sk >= :from":              func(sort, from, _ string) bool { return sort >= from },
	"pk = :pk AND sk < :to":                 func(sort, _, to string) bool { return sort < to },
}

// DynamoDB refuses a start key that lies outside the condition, which emulators
// do not; and BETWEEN with its bounds swapped.
func TestEveryRangeBecomesAConditionAndAStartKeyThatDynamoDBTakes(t *testing.T) {
	values := []string{"", "a", "b", "c", "d", "e"}
	for _, from := range values {
		for _, to := range values {
			for _, after := range values {
				for _, descending := range []bool{false, true} {
					r := table.Range{Partition: "p", From: from, To: to, After: after, Descending: descending}
					if got, want := selected(t, r, values[1:]), wanted(r, values[1:]); !slices.Equal(got, want) {
						t.Errorf("%+v selects %q, want %q", r, got, want)
					}
				}
			}
		}
	}
}

// selected does as DynamoDB would, and drops the upper bound as page does.
func selected(t *testing.T, r table.Range, sorts []string) (found []string) {
	t.Helper()
	k, ok := span(r)
	if !ok {
		return nil
	}
	value := func(name string) string { return sortOf(attributes{attrSort: k.values[name]}) }
	from, to := value(":from"), value(":to")
	within, ok := conditions[k.condition]
	switch {
	case !ok:
		t.Fatalf("%+v: condition %q", r, k.condition)
	case k.after != "" && !within(k.after, from, to):
		t.Errorf("%+v: start key %q lies outside %q", r, k.after, k.condition)
	case to != "" && from > to:
		t.Errorf("%+v: bounds are swapped", r)
	}
	for _, sort := range sorts {
		begun := k.after == "" || !r.Descending && sort > k.after || r.Descending && sort < k.after
		if within(sort, from, to) && begun && sort != r.To {
			found = append(found, sort)
		}
	}
	return found
}

func wanted(r table.Range, sorts []string) (found []string) {
	for _, sort := range sorts {
		if r.Has(sort) {
			found = append(found, sort)
		}
	}
	return found
}
