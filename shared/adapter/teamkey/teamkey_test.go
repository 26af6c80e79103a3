package teamkey_test

import (
	"context"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/teamkey"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// vault holds one version of one secret.
type vault struct {
	secret.Store
	name, version, value string
}

func (v vault) Get(_ context.Context, name, version string) (secret.Value, string, error) {
	if name != v.name || version != v.version {
		return secret.Value{}, "", fault.New(fault.NotFound, "secret_not_found", "")
	}
	return secret.NewValue(v.value), v.version, nil
}

func TestAKeyIsReadByItsTeamAndVersion(t *testing.T) {
	keys := teamkey.New(vault{name: "dev/team/acme/ashby-key", version: "v2", value: "k"}, "dev/team/")
	if got, err := keys.Key(t.Context(), "acme", "v2"); err != nil || got.Reveal() != "k" {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
	for _, other := range [][2]string{{"acme", "v1"}, {"globex", "v2"}} {
		if got, err := keys.Key(t.Context(), other[0], other[1]); !fault.Is(err, fault.NotFound) || !got.Empty() {
			t.Errorf("%v: got %v, want the store's not found", other, err)
		}
	}
}

func TestAKeyIsReadUnderTheNameItIsStoredUnder(t *testing.T) {
	if got := teamkey.New(nil, "team/").Name("t1"); got != "team/t1/ashby-key" {
		t.Errorf("name %q", got)
	}
}
