// Package deploytest brings template.yaml up for a test: its bootstrap files over AWS's wire, beside a simulated Ashby and an issuer of tokens, with an eye on what they do to AWS.
package deploytest

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
	"github.com/sourcewhale/ashby-sync/infra/local/endpoints"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// Config is what a test wants otherwise.
type Config struct {
	Logs io.Writer // of the functions and of what runs them; nil: nowhere
	// Settle is the settle time in seconds, perhaps less than a deployment may have; 0:
	// the template's.
	Settle string
	// Between stands between a function and AWS; nil: nothing does.
	Between func(function string, aws http.Handler) http.Handler
}

// Deployed is the template, running. Messages do not flow before Flow.
type Deployed struct {
	*deployment.Service

	URL       string // of the API
	Ashby     *ashbytest.Ashby
	Issuer    *issuer.Issuer
	IssuerKey string // the file that it signs with
	Watch     *Watch
}

// Connect gives the account that the environment leads to. Without one the test is
// skipped, or failed where WIRE says that there must be one.
func Connect(t *testing.T) deployment.Account {
	t.Helper()
	a, err := deployment.Connect(os.Getenv)
	if err == nil {
		return a
	}
	if os.Getenv("WIRE") == "required" {
		t.Fatalf("%v: run make test", err)
	}
	t.Skipf("%v: run make test", err)
	return a
}

// Up builds every function and deploys the template until the test and its subtests
// end, under a name that no other run has.
func Up(t *testing.T, c Config) *Deployed {
	t.Helper()
	account, root := Connect(t), root(t)
	if c.Logs == nil {
		c.Logs = io.Discard
	}
	d := &Deployed{Ashby: ashbytest.New(ashbytest.Config{}), IssuerKey: filepath.Join(t.TempDir(), "issuer.pem")}
	t.Cleanup(func() { _ = d.Ashby.Close() })
	var err error
	if d.Issuer, err = issuer.Open(d.IssuerKey, time.Now); err != nil {
		t.Fatal(err)
	}
	ashby, routes := httptest.NewServer(d.Ashby), http.NewServeMux()
	t.Cleanup(ashby.Close)
	routes.Handle("GET "+issuer.Path, d.Issuer)
	api := httptest.NewServer(routes)
	t.Cleanup(api.Close)
	d.URL = api.URL
	template := read(t, root, c, ashby.URL, api.URL)
	if err := account.Make(t.Context(), template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := account.Remove(context.WithoutCancel(t.Context()), template); err != nil {
			t.Log(err)
		}
	})
	d.Watch = watch(t, template, c.Between)
	d.host(t, root, template, account, routes, c.Logs)
	return d
}

func read(t *testing.T, root string, c Config, ashby, api string) *deployment.Template {
	t.Helper()
	parameters := map[string]string{
		"Stage": "t" + strings.ToLower(rand.Text()[:10]), "AshbyBaseUrl": ashby, "PublicUrl": api, "AllowedOrigins": api,
		"JwtIssuer": issuer.Name, "JwtAudience": issuer.Audience, "JwksUrl": api + issuer.Path,
	}
	if c.Settle != "" {
		parameters["AshbySettleSeconds"] = c.Settle
	}
	template, err := deployment.ReadTemplate(filepath.Join(root, "template.yaml"), parameters)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func (d *Deployed) host(t *testing.T, root string, template *deployment.Template, account deployment.Account, routes *http.ServeMux, logs io.Writer) {
	t.Helper()
	for _, folder := range []string{"functions", "shared"} {
		look(t, filepath.Join(root, folder))
	}
	bootstraps := t.TempDir()
	if err := deployment.Build(t.Context(), root, bootstraps); err != nil {
		t.Fatal(err)
	}
	var err error
	log := slog.New(slog.NewTextHandler(logs, nil))
	if d.Service, err = deployment.Start(t.Context(), template, account, bootstraps, routes, d.Watch.between, logs, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
}

// look looks at every file, so that go test does not answer from its cache after
// one has changed: it knows what this process looked at, not what the build did.
func look(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		_, err = os.Stat(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := endpoints.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
