package issuer_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/shared/adapter/jwt"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *issuer.Issuer {
	t.Helper()
	i, err := issuer.Open(path, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestTheServiceBelievesTheIssuersTokensAcrossRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "issuer.pem")
	token, err := open(t, path).Token("acme", "u1", "viewer", true, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	again := httptest.NewServer(open(t, path))
	defer again.Close()
	now := noon
	v, err := jwt.New(jwt.Config{JWKS: again.URL + issuer.Path, Issuer: issuer.Name, Audience: issuer.Audience, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	who, err := v.Verify(t.Context(), token)
	if want := (caller.Caller{Team: "acme", User: "u1", Role: caller.Viewer, Admin: true}); err != nil || who != want {
		t.Errorf("got %+v, %v", who, err)
	}
	now = noon.Add(2 * time.Hour)
	if _, err := v.Verify(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after its time: %v", err)
	}
}

func TestOnlyTheOwnerMayReadTheKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestADamagedKeyIsSaidToBe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuer.pem")
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.Open(path, time.Now); err == nil {
		t.Error("a damaged key is taken")
	}
}
