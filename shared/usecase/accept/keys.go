package accept

import (
	"context"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	// keysTTL is how long keys are used before the store is asked again; so long a
	// revocation may take to hold.
	keysTTL = 5 * time.Minute
	// newerEvery keeps requests with wrong signatures from becoming as many reads
	// of the secret.
	newerEvery = 15 * time.Second
)

// Keys keeps the keyring: read through a cache, parsed once per version.
type Keys struct {
	store secret.Store
	cache *secret.Cache
	name  string
	now   func() time.Time

	asking sync.Mutex // held while going past the cache, so that others see what came of it
	asked  time.Time  // when that last was

	mu      sync.Mutex
	version string // of ring
	ring    webhook.Keyring
}

// NewKeys reads the keyring from the secret of that name.
func NewKeys(store secret.Store, name string, now func() time.Time) *Keys {
	return &Keys{store: store, cache: secret.Cached(store, keysTTL, now), name: name, now: now}
}

// Current gives the keyring and which version it is. While the store cannot be
// reached the last one known is served. The error is Unavailable, whatever the
// reason: the keys are ours to have, and the sender may try again.
func (k *Keys) Current(ctx context.Context) (webhook.Keyring, string, error) {
	value, version, err := k.cache.Get(ctx, k.name, "")
	if err != nil {
		return webhook.Keyring{}, "", unreadable(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.version != version || version == "" {
		ring, err := webhook.ParseKeyring(value.Reveal())
		if err != nil {
			return webhook.Keyring{}, "", unreadable(err)
		}
		k.ring, k.version = ring, version
	}
	return k.ring, version, nil
}

// Newer gives the keyring past the cache, if it is another version than the one
// that refused. It asks the store at most every 15 seconds; in between there is
// nothing newer. The error is Unavailable.
func (k *Keys) Newer(ctx context.Context, than string) (ring webhook.Keyring, ok bool, err error) {
	k.asking.Lock()
	defer k.asking.Unlock()
	if now := k.now(); k.asked.IsZero() || now.Sub(k.asked) >= newerEvery {
		k.asked = now
		_, version, err := k.store.Get(ctx, k.name, "")
		if err != nil {
			return webhook.Keyring{}, false, unreadable(err)
		}
		if version != than {
			k.cache.Forget(k.name)
		}
	}
	ring, version, err := k.Current(ctx)
	return ring, err == nil && version != than, err
}

func unreadable(err error) error {
	return fault.New(fault.Unavailable, "keys_unavailable", "signatures cannot be checked now; please send it again").Because(err)
}
