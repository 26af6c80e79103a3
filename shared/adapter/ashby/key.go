package ashby

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// KeyInfo is what Ashby says about the key itself.
type KeyInfo struct {
	Title     string
	CreatedAt time.Time
	Scopes    []string // such as candidates:read; for people, Ashby does not list all there are
}

type keyWire struct {
	Title     string   `json:"title"`
	CreatedAt instant  `json:"createdAt"`
	Scopes    []string `json:"scopes"`
}

func (w keyWire) plain() KeyInfo { return KeyInfo{w.Title, time.Time(w.CreatedAt), w.Scopes} }

// KeyInfo reads what the key is (apiKey.info). It needs a permission of its own:
// PermissionMissing says that the key is alive.
func (a *Account) KeyInfo(ctx context.Context) (Answer[KeyInfo], error) {
	return call[keyWire](ctx, a, "apiKey.info", struct{}{})
}

// Probe settles what a 403 without a reason means (CodeForbidden): with the key
// alive it was a missing permission, else the key is refused. Every other
// trouble, such as Throttled and Unavailable, is an error and settles nothing.
func (a *Account) Probe(ctx context.Context) (alive bool, err error) {
	_, err = a.KeyInfo(ctx)
	switch {
	case err == nil, fault.Is(err, fault.PermissionMissing):
		return true, nil
	case fault.Is(err, fault.KeyRefused):
		return false, nil
	}
	return false, err
}
