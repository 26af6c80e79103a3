package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/endpoints"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
)

// cloud is AWS-compatible endpoints with the template's tables, queues and secrets
// behind them, and who signs users in.
type cloud struct {
	root      string // of the project
	endpoints *endpoints.Running
	account   deployment.Account
	template  *deployment.Template
	issuer    *issuer.Issuer
}

// openCloud starts the endpoints that the environment does not name. The template
// is given the addresses by which its functions reach Ashby and the issuer's keys.
func openCloud(ctx context.Context, c config, ashby, keys, public string) (_ *cloud, err error) {
	o := &cloud{}
	if o.root, err = endpoints.Root("."); err != nil {
		return nil, err
	}
	if o.endpoints, err = endpoints.Start(ctx, o.root, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		return nil, err
	}
	if err := o.make(ctx, c, ashby, keys, public); err != nil {
		o.endpoints.Stop()
		return nil, err
	}
	return o, nil
}

func (o *cloud) make(ctx context.Context, c config, ashby, keys, public string) (err error) {
	if o.issuer, err = issuer.Open(filepath.Join(c.stateDir, "issuer.pem"), time.Now); err != nil {
		return err
	}
	if o.account, err = deployment.Connect(lookup(o.endpoints.Env())); err != nil {
		return err
	}
	o.template, err = deployment.ReadTemplate(filepath.Join(o.root, "template.yaml"), parameters(c, ashby, keys, public))
	if err != nil {
		return err
	}
	return o.account.Make(ctx, o.template)
}

// parameters of the template for a local run. What the run leaves open is the
// template's to say.
func parameters(c config, ashby, keys, public string) map[string]string {
	p := map[string]string{
		"Stage": "local", "AshbyBaseUrl": ashby, "PublicUrl": public, "AllowedOrigins": public,
		"AshbySettleSeconds": strconv.Itoa(int(min(c.settle, 5*time.Minute).Seconds())), // the template's most
		"JwtIssuer":          issuer.Name, "JwtAudience": issuer.Audience, "JwksUrl": keys + issuer.Path,
	}
	if c.rate > 0 {
		p["AshbyCallsPerMinute"] = strconv.Itoa(min(c.rate, 1000)) // the template's most
	}
	return p
}

// token signs a user in.
func (o *cloud) token(team, user, role string, admin bool) (string, error) {
	return o.issuer.Token(team, user, role, admin, issuer.Life)
}

// lookup reads KEY=value pairs as an environment; the last one of a name counts.
func lookup(env []string) func(string) string {
	values := map[string]string{}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

// closers are ends to be made in reverse order.
type closers []func() error

func (c closers) close() error {
	var errs []error
	for i := len(c) - 1; i >= 0; i-- {
		errs = append(errs, c[i]())
	}
	return errors.Join(errs...)
}
