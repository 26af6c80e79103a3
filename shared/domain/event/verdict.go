package event

import "github.com/sourcewhale/ashby-sync/shared/domain/fault"

// Verdict is what reading one event of a request came to: the event, or every
// mistake in it.
type Verdict struct {
	ID       string // as given, if it is fit to be repeated; empty otherwise
	Event    Event  // zero when there are mistakes
	Mistakes []fault.Detail
}

// Accepted reports whether there is an event.
func (v Verdict) Accepted() bool { return len(v.Mistakes) == 0 }
