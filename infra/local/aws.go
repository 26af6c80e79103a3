package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/sourcewhale/ashby-sync/infra/events"
	"github.com/sourcewhale/ashby-sync/infra/local/front"
	"github.com/sourcewhale/ashby-sync/infra/local/issuer"
	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
	"github.com/sourcewhale/ashby-sync/infra/local/stack"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// containers is the name by which a container of Docker's reaches this machine.
const containers = "host.docker.internal"

// Ports of what sam local is given.
const (
	awsPort  = 4566 // LocalStack's, and its like's
	keysPort = 4567 // of the issuer's keys
	apiPort  = 3000 // of sam local start-api
)

// localAWS serves what `sam local` needs around the functions: AWS-compatible
// endpoints at one address with the template's tables, queues and secrets, a
// simulated Ashby, and keys to sign users in. It writes env.json for sam.
func localAWS(ctx context.Context, getenv func(string) string, out io.Writer) (err error) {
	c, err := configure(getenv)
	if err != nil {
		return err
	}
	if err := stack.EnsureDir(c.stateDir); err != nil {
		return err
	}
	var ends closers
	defer func() { err = errors.Join(err, ends.close()) }()
	sim, err := simulator.Ensure(ctx, c.stateDir, c.ashbyPort)
	if err != nil {
		return err
	}
	ends = append(ends, func() error { stopSimulator(ctx, sim); return nil })
	o, err := openCloud(ctx, c, at(c.ashbyPort), at(keysPort), fmt.Sprintf("http://127.0.0.1:%d", apiPort))
	if err != nil {
		return err
	}
	ends = append(ends, func() error { o.endpoints.Stop(); return nil })
	if err := samplesVerify(ctx, o); err != nil {
		return err
	}
	address := getenv("AWS_ENDPOINT_URL")
	if address == "" { // ours are several; sam is given one address
		h, err := front.New(lookup(o.endpoints.Env()))
		if err != nil {
			return err
		}
		if err := serve(ctx, &ends, awsPort, h); err != nil {
			return err
		}
		address = fmt.Sprintf("http://127.0.0.1:%d", awsPort)
	}
	keys := http.NewServeMux()
	keys.Handle("GET "+issuer.Path, o.issuer)
	if err := serve(ctx, &ends, keysPort, keys); err != nil {
		return err
	}
	where, err := url.Parse(address)
	if err != nil {
		return err
	}
	bridged, err := front.Bridge(ctx, port(where), keysPort, c.ashbyPort)
	if err != nil {
		return err
	}
	if err := o.describe(c, address, port(where), sim.URL); err != nil {
		return err
	}
	greetAWS(out, c.stateDir, address, bridged)
	<-ctx.Done()
	return nil
}

// at is an address of this machine as containers know it.
func at(port int) string { return fmt.Sprintf("http://%s:%d", containers, port) }

func port(u *url.URL) int {
	var n int
	if _, err := fmt.Sscan(u.Port(), &n); err != nil {
		return 80
	}
	return n
}

// samplesVerify gives the intake secret the master that the samples under
// infra/events are signed with, so that `sam local invoke -e` takes them.
func samplesVerify(ctx context.Context, o *cloud) error {
	master, err := events.Files.ReadFile("keyring.json")
	if err != nil {
		return err
	}
	_, err = o.account.Secrets.PutSecretValue(ctx, &awssecrets.PutSecretValueInput{
		SecretId: aws.String(o.template.Ref("IntakeSecret")), SecretString: aws.String(string(master)),
	})
	return err
}

func serve(ctx context.Context, ends *closers, port int, h http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return fmt.Errorf("port %d is taken (is `make local-aws` or LocalStack running already? ENDPOINT=http://localhost:%d uses what is there): %w",
			port, port, err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // until Close
	*ends = append(*ends, server.Close)
	return nil
}

// describe writes env.json for sam, and run.json for people and `make` commands.
func (o *cloud) describe(c config, address string, awsPort int, ashby string) error {
	environments, err := o.account.Environments(o.template)
	if err != nil {
		return err
	}
	for _, env := range environments {
		for name, value := range env {
			switch {
			case !strings.HasPrefix(name, "AWS_ENDPOINT_URL") && strings.HasPrefix(name, "AWS_"):
				delete(env, name) // sam passes its own region and credentials on
			case strings.HasPrefix(name, "AWS_ENDPOINT_URL_"):
				env[name] = "" // one address serves all
			case name == "AWS_ENDPOINT_URL":
				env[name] = at(awsPort)
			case strings.HasSuffix(name, "_QUEUE_URL"), strings.HasSuffix(name, "_DLQ_URL"):
				env[name] = moved(value, awsPort)
			}
		}
	}
	if err := writeJSON(filepath.Join(c.stateDir, "env.json"), environments); err != nil {
		return err
	}
	ring, err := events.Keyring()
	if err != nil {
		return err
	}
	f, err := describe(of(ring, fmt.Sprintf("http://127.0.0.1:%d", apiPort), o.token), ashby, ashbytest.LocalKey)
	if err != nil {
		return err
	}
	f.AWS = address
	return f.write(c.stateDir)
}

// moved is a queue's URL at the address that containers know.
func moved(queue string, port int) string {
	u, err := url.Parse(queue)
	if err != nil {
		return queue
	}
	u.Host = fmt.Sprintf("%s:%d", containers, port)
	return u.String()
}

func greetAWS(out io.Writer, dir, address string, bridged bool) {
	_, _ = fmt.Fprintf(out, `AWS-compatible endpoints, a simulated Ashby and an issuer of tokens are up; the template's tables, queues and secrets are made.

  endpoint  %s
  for sam   %s/env.json
  for you   %s/run.json   (tokens, webhook secret, Ashby key)

In a second terminal:

  sam build
  sam local start-api --env-vars %[2]s/env.json --add-host host.docker.internal:host-gateway
  sam local invoke IntakeFunction -e infra/events/invoke/sourcewhale_candidateCreated.json --env-vars %[2]s/env.json --add-host host.docker.internal:host-gateway
  go run ./infra/local take events | sam local invoke RecordFunction -e - --env-vars %[2]s/env.json --add-host host.docker.internal:host-gateway

Ctrl-C stops it; nothing is kept.
`, address, dir, dir)
	if !bridged {
		_, _ = fmt.Fprintf(out, "\nThere is no Docker bridge (docker0) here: containers reach these ports only if something else lets them.\n")
	}
}
