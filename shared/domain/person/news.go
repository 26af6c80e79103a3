package person

import (
	"maps"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/given"
)

// News reports whether more is known of a person than before, of what an event may
// have waited for: a variable, a given value, a link.
func News(before, now Person) bool {
	return !maps.EqualFunc(before.Known, now.Known, sameKnown) || !maps.EqualFunc(before.Values, now.Values, sameValue) ||
		before.Link.Kind != now.Link.Kind || before.Link.Candidate != now.Link.Candidate
}

func sameKnown(a, b Known) bool { return a.At.Equal(b.At) && a.Value.Equal(b.Value) }

func sameValue(a, b given.Value) bool {
	return a.At.Equal(b.At) && a.Text == b.Text && slices.Equal(a.List, b.List)
}
