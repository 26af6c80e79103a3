package contact

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestValueIsWrittenAsTheJSONItIs(t *testing.T) {
	for _, c := range []string{`"text"`, `""`, `["a","b"]`, `[]`, `[{"school":"MIT"}]`} {
		var v Value
		if err := json.Unmarshal([]byte(c), &v); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		if b, err := json.Marshal(v); err != nil || string(b) != c {
			t.Errorf("%s becomes %s (%v)", c, b, err)
		}
	}
	for _, c := range []string{`5`, `null`, `{}`, `true`} {
		var v Value
		if json.Unmarshal([]byte(c), &v) == nil {
			t.Errorf("%s is taken for a value: %+v", c, v)
		}
	}
}

func TestItemsDropBlanksAndRepeats(t *testing.T) {
	v := Value{List: []string{" a ", "", "A", "b"}}
	if got := v.Items(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%q", got)
	}
	if !(Value{List: []string{" "}}).Blank() || v.Blank() || !v.Equal(Value{List: []string{"a", "b"}}) {
		t.Error("blank or equal is wrong")
	}
}

func TestVariablesHaveTheirKinds(t *testing.T) {
	for v, want := range map[Variable]Kind{Name: Text, "customVariable4": Text, Emails: List, "skills": List, Education: Objects, "dominantRace": Unknown, "x": Unknown} {
		if KindOf(v) != want {
			t.Errorf("%s: %v, want %v", v, KindOf(v), want)
		}
	}
	if !Sensitive("gender") || !Sensitive("dominantRace") || Sensitive("name") {
		t.Error("sensitive variables are wrong")
	}
}
