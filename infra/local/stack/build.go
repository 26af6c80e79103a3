package stack

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/functions/console/consolehttp"
	"github.com/sourcewhale/ashby-sync/functions/intake/intakehttp"
	"github.com/sourcewhale/ashby-sync/functions/push/pushhandler"
	"github.com/sourcewhale/ashby-sync/functions/record/recordhandler"
	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/functions/sweep/sweephandler"
	"github.com/sourcewhale/ashby-sync/infra/local/gateway"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/jwt"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqlite"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
)

// functions are the service's Lambdas, built over the file's adapters.
type functions struct {
	settings, intake, console http.Handler // behind the gateway
	mappings                  []poller.Mapping
	sweep                     sweephandler.Func
}

// build wires every function as its main does, but for the adapters. Batch sizes
// and times are the template's.
func build(c Config, db *sqlite.DB, q queues, url string) (functions, error) {
	config, timeline, candidates := db.Table("config"), db.Table("timeline"), db.Table("candidates")
	client, err := ashby.New(ashby.Config{BaseURL: c.Ashby, AllowHTTP: true, Log: c.Log})
	if err != nil {
		return functions{}, err
	}
	verifier, err := jwt.New(jwt.Config{JWKS: url + issuer.Path, Issuer: issuer.Name, Audience: issuer.Audience, Now: time.Now})
	if err != nil {
		return functions{}, err
	}
	page, err := consolehttp.New(consolehttp.Config{Local: c.Beside != nil}, c.Log)
	if err != nil {
		return functions{}, err
	}
	intake, _ := intakehttp.New(intakehttp.Parts{
		Secrets: db.Secrets(), Keyring: intakeSecret, Events: q.events, Now: time.Now, Log: c.Log,
	})
	f := functions{console: behind(page, c.Log), intake: behind(intake, c.Log)}
	f.settings = behind(settingshttp.New(settingshttp.Parts{
		Config: config, Timeline: timeline, Candidates: candidates, Secrets: db.Secrets(), SecretPrefix: teamPrefix, Keyring: intakeSecret,
		Work: q.work, Ashby: client, PublicURL: url, Verify: verifier, Now: time.Now, Log: c.Log,
	}), c.Log)
	token, now := rand.Text, time.Now
	f.mappings = []poller.Mapping{
		{
			Name: "events", Queue: q.events, Batch: 10, Workers: 2, Visibility: 3 * time.Minute, Timeout: 30 * time.Second,
			Function: poller.Function(recordhandler.New(recordhandler.Parts{
				Config: config, Timeline: timeline, Work: q.work, Events: q.events, Dead: q.eventsDead, Token: token, Now: now, Log: c.Log,
			})),
		},
		{
			Name: "work.fifo", Queue: q.work, Batch: 1, Workers: cmp.Or(c.Drains, 4), Visibility: time.Minute, Timeout: 30 * time.Second,
			Function: poller.Function(pushhandler.New(pushhandler.Parts{
				Config: config, Timeline: timeline, Candidates: candidates, Secrets: db.Secrets(), SecretPrefix: teamPrefix, Work: q.work, Dead: q.workDead,
				Ashby: client, Rate: c.Rate, Settle: c.Settle, Token: token, Now: now, Log: c.Log,
			})),
		},
	}
	f.sweep = sweephandler.New(sweephandler.Parts{Config: config, Timeline: timeline, Work: q.work, Token: token, Now: now, Log: c.Log})
	return f, nil
}

func behind(h http.Handler, log *slog.Logger) http.Handler {
	return gateway.Serve(gateway.Function(apigw.Handler(h)), log)
}

// routes are the template's, the dev issuer's keys, and what goes beside.
func (s *Stack) routes(f functions, c Config) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/events", f.intake)
	mux.Handle("POST /v1/hooks/", f.intake)
	mux.Handle("/v1/", f.settings)
	mux.Handle("GET "+issuer.Path, s.issuer)
	if c.Beside != nil {
		mux.Handle("/dev/", c.Beside(s))
	}
	mux.Handle("/", f.console)
	return mux
}
