package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/poller"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// startLambda builds the functions and runs their bootstrap files as Lambda does:
// environment, routes and queues as the template says, tables, queues and secrets
// behind AWS-compatible endpoints. State lasts as long as the endpoints' does.
func startLambda(ctx context.Context, c config, ashby, _ string, logs io.Writer, log *slog.Logger) (_ service, err error) {
	var ends closers
	defer func() {
		if err != nil {
			err = errors.Join(err, ends.close())
		}
	}()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", c.apiPort))
	if err != nil {
		return service{}, err
	}
	url := "http://" + listener.Addr().String()
	ends = append(ends, func() error { _ = listener.Close(); return nil }) // the server closes it too
	aws, err := openCloud(ctx, c, ashby, url, url)
	if err != nil {
		return service{}, err
	}
	ends = append(ends, func() error { aws.endpoints.Stop(); return nil })
	ring, err := aws.account.Keyring(ctx, aws.template)
	if err != nil {
		return service{}, err
	}
	routes := http.NewServeMux()
	routes.Handle("GET "+issuer.Path, aws.issuer)
	functions, err := host(ctx, c, aws, routes, logs, log)
	if err != nil {
		return service{}, err
	}
	ends = append(ends, functions.Close, flow(ctx, functions, c.sweep, log))
	out := of(ring, url, aws.token)
	server := &http.Server{Handler: routes, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // until Shutdown
	out.stop = func(ctx context.Context) error { return errors.Join(server.Shutdown(ctx), ends.close()) }
	return out, nil
}

// of describes a service whose secrets are derived from a master.
func of(ring webhook.Keyring, url string, token func(team, user, role string, admin bool) (string, error)) service {
	generation := ring.Live(team)[0]
	return service{
		url: url, webhookSecret: ring.TeamSecret(team, generation), token: token,
		hook: url + "/v1/hooks/sourcewhale/" + ring.HookToken(team, webhook.SourceWhaleHook, generation),
	}
}

// host builds every function and runs it.
func host(ctx context.Context, c config, aws *cloud, routes *http.ServeMux, logs io.Writer, log *slog.Logger) (*deployment.Service, error) {
	bootstraps, err := filepath.Abs(filepath.Join(c.stateDir, "bootstraps"))
	if err != nil {
		return nil, err
	}
	if err := deployment.Build(ctx, aws.root, bootstraps); err != nil {
		return nil, err
	}
	return deployment.Start(ctx, aws.template, aws.account, bootstraps, routes, nil, logs, log)
}

// flow lets queues and schedule feed the functions, until it is ended.
func flow(ctx context.Context, s *deployment.Service, every time.Duration, log *slog.Logger) (end func() error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var loops sync.WaitGroup
	failed := make(chan error, 1)
	loops.Go(func() { failed <- s.Flow(ctx) })
	loops.Go(func() { poller.Sweep(ctx, every, s.Sweep, log) })
	return func() error {
		stop()
		loops.Wait()
		return <-failed
	}
}
