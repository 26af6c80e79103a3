package mapping

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

func TestDefaultPoliciesAppendToSetsAndWriteTheRest(t *testing.T) {
	m := Default()
	for id, want := range map[string]field.Policy{
		field.Name: field.Always, field.Email: field.Always, field.Location: field.Always, field.Source: field.Always,
		field.AlternateEmails: field.Append, field.Phone: field.Append, field.LinkTo("LinkedIn"): field.Append,
		"f-custom": field.Always,
	} {
		if got := m.Rule(id); got.Policy != want || got.Clear {
			t.Errorf("%s: %+v, want %s without clear", id, got, want)
		}
	}
}

func TestWithLeavesTheOriginalAlone(t *testing.T) {
	m := Default()
	n := len(m.Entries)
	_ = m.With(Entry{To: "x"})
	if len(m.Entries) != n {
		t.Error("the original grew")
	}
}
