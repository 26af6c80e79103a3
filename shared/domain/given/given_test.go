package given_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func text(id, value string, minute int) given.Value {
	return given.Value{Field: id, Text: value, At: noon.Add(time.Duration(minute) * time.Minute)}
}

func TestWhichValueCounts(t *testing.T) {
	shown := []string{"tags", "source", "level"}
	for name, c := range map[string]struct {
		kept    given.Kept
		brought map[string]given.Value
		want    []given.Value
	}{
		"none":                       {given.Kept{}, nil, nil},
		"the campaign's":             {given.Kept{Campaign: []given.Value{text("source", "A", 0)}}, nil, []given.Value{text("source", "A", 0)}},
		"the person's, though older": {given.Kept{Campaign: []given.Value{text("source", "A", 5)}, Person: []given.Value{text("source", "B", 0)}}, nil, []given.Value{text("source", "B", 0)}},
		"the newer of the person's": {
			given.Kept{Person: []given.Value{text("source", "B", 0)}},
			map[string]given.Value{"source": text("source", "C", 1)},
			[]given.Value{text("source", "C", 1)},
		},
		"the person's taken back": {
			given.Kept{Campaign: []given.Value{text("source", "A", 0)}, Person: []given.Value{text("source", " ", 2)}},
			map[string]given.Value{"source": text("source", "C", 1)},
			[]given.Value{text("source", "A", 0)},
		},
		"of fields that are shown, in their order": {
			given.Kept{Person: []given.Value{text("tags", "x", 0), text("hidden", "h", 0), text("level", "l", 0)}},
			nil,
			[]given.Value{text("level", "l", 0), text("tags", "x", 0)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, given.Counting(c.kept, c.brought, shown)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOlderValueHidesNoNewerOne(t *testing.T) {
	known := given.Newer(nil, text("source", "B", 5))
	if got := given.Newer(known, text("source", "A", 0)); got["source"].Text != "B" {
		t.Errorf("got %v", got)
	}
	next := given.Newer(known, text("tags", "x", 0))
	if len(known) != 1 || len(next) != 2 {
		t.Errorf("known %v, next %v", known, next)
	}
}

func TestValuesOfAnEventAreByWhoGaveThemElseByWhoActed(t *testing.T) {
	e := event.Event{OccurredAt: noon, Actor: event.Actor{ID: "ann"}, Values: []event.Given{{Field: "tags", List: []string{"x"}, By: "ben"}, {Field: "source", Text: "A"}}}
	want := []given.Value{
		{Field: "tags", List: []string{"x"}, Author: "ben", At: noon}, {Field: "source", Text: "A", Author: "ann", At: noon},
	}
	if diff := cmp.Diff(want, given.Of(e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsBlank(t *testing.T) {
	for _, v := range []given.Value{{}, {Text: "  "}, {List: []string{}}, {List: []string{"", " "}}} {
		if !v.Blank() {
			t.Errorf("%+v is not blank", v)
		}
	}
	for _, v := range []given.Value{{Text: "false"}, {Text: "0"}, {List: []string{"", "x"}}} {
		if v.Blank() {
			t.Errorf("%+v is blank", v)
		}
	}
}
