package wire_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

const team = "acme"

// service is the template, deployed: bootstrap files behind the Runtime API, their
// routes and queues.
type service struct {
	*testing.T
	*deployment.Service

	ashby  *ashbytest.Ashby
	seeded ashbytest.Seeded
	issuer *issuer.Issuer
	url    string          // of the API
	secret webhook.Key     // of the team
	linked map[string]bool // candidates seen to be somebody's
	calls  calls           // that functions made to AWS
}

// deploy brings the template up beside a simulated Ashby. Messages do not flow
// before flow.
func deploy(t *testing.T) *service {
	t.Helper()
	a := connect(t)
	s := &service{T: t, ashby: ashbytest.New(ashbytest.Config{}), linked: map[string]bool{}}
	var err error
	if s.seeded, err = s.ashby.Seed(0); err != nil {
		t.Fatal(err)
	}
	if s.issuer, err = issuer.Open(filepath.Join(t.TempDir(), "issuer.pem"), time.Now); err != nil {
		t.Fatal(err)
	}
	ashby, routes := httptest.NewServer(s.ashby), http.NewServeMux()
	t.Cleanup(ashby.Close)
	routes.Handle("GET "+issuer.Path, s.issuer)
	api := httptest.NewServer(routes)
	t.Cleanup(api.Close)
	s.url = api.URL
	template, err := deployment.ReadTemplate("../../../template.yaml", map[string]string{
		"Stage": stage(), "AshbyBaseUrl": ashby.URL, "PublicUrl": api.URL, "AllowedOrigins": api.URL,
		"JwtIssuer": issuer.Name, "JwtAudience": issuer.Audience, "JwksUrl": api.URL + issuer.Path,
	})
	if err != nil {
		t.Fatal(err)
	}
	made(t, a, template)
	s.start(template, a, routes)
	ring, err := a.Keyring(t.Context(), template)
	if err != nil {
		t.Fatal(err)
	}
	s.secret = ring.TeamSecret(team, ring.Live(team)[0])
	return s
}

// start builds every function and hosts it.
func (s *service) start(template *deployment.Template, a deployment.Account, routes *http.ServeMux) {
	s.Helper()
	for _, folder := range []string{"../../../functions", "../../../shared"} {
		watch(s.T, folder)
	}
	bootstraps := s.TempDir()
	if err := deployment.Build(s.Context(), "../../..", bootstraps); err != nil {
		s.Fatal(err)
	}
	var err error
	log := slog.New(slog.NewTextHandler(s.Output(), nil))
	if s.Service, err = deployment.Start(s.Context(), template, a, bootstraps, routes, s.watch(template), s.Output(), log); err != nil {
		s.Fatal(err)
	}
	s.Broken = func(err error) { s.Error(err) } // no function may fail as a whole
	s.Cleanup(func() {
		if err := s.Close(); err != nil {
			s.Error(err)
		}
	})
}

// flow moves messages from a function's queue to it until the test ends.
func (s *service) flow(function string) {
	s.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.Flow(s.T.Context(), function) }()
	s.Cleanup(func() { // the test's context ends before its cleanups begin
		if err := <-ended; err != nil {
			s.Error(err)
		}
	})
}

// sweep is the schedule's tick.
func (s *service) sweep() {
	s.Helper()
	if err := s.Sweep(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// watch looks at every file, so that go test does not answer from its cache after
// one has changed: it knows what this process looked at, not what the build did.
func watch(t *testing.T, folder string) {
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
