package acceptance_test

import (
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// TestTheDeployedServiceKeepsItsPromises runs a part of the cases against the
// bootstrap files, deployed as template.yaml says over AWS's wire.
func TestTheDeployedServiceKeepsItsPromises(t *testing.T) {
	t.Parallel()
	a, err := deployment.Connect(os.Getenv)
	switch {
	case err == nil:
	case os.Getenv("WIRE") == "required":
		t.Fatalf("%v: run make test", err)
	default:
		t.Skipf("%v: run make test", err)
	}
	tell(t, deployed(t, a), func(c story) bool { return true })
}

// deployed brings the template up beside a simulated Ashby, with its queues flowing
// and its schedule ticking.
func deployed(t *testing.T, a deployment.Account) *service {
	t.Helper()
	s := &service{ashby: ashbytest.New(ashbytest.Config{}), http: &http.Client{Timeout: 30 * time.Second}}
	t.Cleanup(func() { _ = s.ashby.Close() })
	tokens, err := issuer.Open(filepath.Join(t.TempDir(), "issuer.pem"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s.sign = func(team, user, role string, admin bool) (string, error) {
		return tokens.Token(team, user, role, admin, time.Hour)
	}
	ashby, routes := httptest.NewServer(s.ashby), http.NewServeMux()
	t.Cleanup(ashby.Close)
	routes.Handle("GET "+issuer.Path, tokens)
	api := httptest.NewServer(routes)
	t.Cleanup(api.Close)
	s.url = api.URL
	template, err := deployment.ReadTemplate("../../template.yaml", map[string]string{
		"Stage": "a" + strings.ToLower(rand.Text()[:10]), "AshbyBaseUrl": ashby.URL, "PublicUrl": api.URL, "AllowedOrigins": api.URL, "AshbySettleSeconds": "1",
		"JwtIssuer": issuer.Name, "JwtAudience": issuer.Audience, "JwksUrl": api.URL + issuer.Path,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Make(t.Context(), template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Remove(context.WithoutCancel(t.Context()), template) })
	start(t, template, a, routes)
	return s
}

// start hosts every function until the test and its cases end.
func start(t *testing.T, template *deployment.Template, a deployment.Account, routes *http.ServeMux) {
	t.Helper()
	for _, folder := range []string{"../../functions", "../../shared"} {
		watch(t, folder)
	}
	bootstraps := t.TempDir()
	if err := deployment.Build(t.Context(), "../..", bootstraps); err != nil {
		t.Fatal(err)
	}
	running, err := deployment.Start(t.Context(), template, a, bootstraps, routes, nil, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	flowed, swept := make(chan error, 1), make(chan struct{})
	go func() { flowed <- running.Flow(ctx) }()
	go func() {
		defer close(swept)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_ = running.Sweep(ctx) // what hurts shows in the cases
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		<-swept
		if err := <-flowed; err != nil {
			t.Error(err)
		}
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
}

// watch looks at every file, so that go test does not answer from its cache after
// one has changed: it knows what this process looked at, not what the build did.
func watch(t *testing.T, folder string) {
	t.Helper()
	if err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		_, err = os.Stat(path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
