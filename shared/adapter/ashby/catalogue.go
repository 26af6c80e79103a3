package ashby

import (
	"context"
	"maps"
	"strings"
)

// Forget drops what is remembered under a key's fingerprint, so that the next
// reader asks Ashby again.
func (c *Catalogue) Forget(whose string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.kept, func(name string, _ kept) bool { return strings.HasPrefix(name, whose+" ") })
}

// EveryField lists custom fields of all kinds of objects, the archived ones
// among them (customField.list with includeArchived).
func (a *Account) EveryField(ctx context.Context, p Page) (Answer[[]Field], error) {
	return call[many[fieldWire, Field]](ctx, a, "customField.list", struct {
		Page
		Archived bool `json:"includeArchived"`
	}{p, true})
}
