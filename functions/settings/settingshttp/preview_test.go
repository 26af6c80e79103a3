package settingshttp_test

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestAPreviewWithARefusedKeySaysThatItIsTheKey(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled = true })
	e := outreach("e1", "meeting_booked", "zoe", 1)
	previewed(r, member, e).want(t, 422, "key_refused")
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Disabled, k.Scopes = false, nil })
	previewed(r, member, e).want(t, 422, "missing_endpoint_permission")
}
