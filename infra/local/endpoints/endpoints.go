// Package endpoints runs AWS-compatible endpoints on this machine for a while:
// dynoxide for DynamoDB, moto for SQS and Secrets Manager, both on loopback and
// on ports of their own. They are installed once, under .tools/ in the project
// root, and hold their state in memory.
//
// A developer who has other endpoints names them in AWS_ENDPOINT_URL, or one by
// one in AWS_ENDPOINT_URL_DYNAMODB, _SQS and _SECRETS_MANAGER; then those are used
// and only what is not named is started.
package endpoints

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// Running is the set of endpoints that Start made ready.
type Running struct {
	env      []string
	children []*child
}

// Start makes the endpoints ready, installing what is missing in .tools/ of the
// project root; an empty root is looked for from the working directory upwards.
// The context bounds the start only. A missing prerequisite is an error that
// names the Debian package to install.
func Start(ctx context.Context, root string, log *slog.Logger) (*Running, error) {
	return start(ctx, root, os.Getenv, log)
}

func start(ctx context.Context, root string, getenv func(string) string, log *slog.Logger) (*Running, error) {
	if root == "" {
		var err error
		if root, err = Root("."); err != nil {
			return nil, err
		}
	}
	tools := filepath.Join(root, ".tools")
	wanted := missing(getenv)
	if err := prerequisites(ctx, tools, wanted); err != nil {
		return nil, err
	}
	children := make([]*child, len(wanted))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, t := range wanted {
		group.Go(func() (err error) {
			children[i], err = t.run(groupCtx, tools, log)
			return err
		})
	}
	err := group.Wait()
	r := &Running{children: children}
	if err != nil {
		r.Stop()
		return nil, err
	}
	r.env = environment(getenv, wanted, children)
	return r, nil
}

// Env lists the variables that lead a process to the endpoints, as KEY=value, to
// be appended to its environment. WIRE=required is among them: with it, suites
// that need an endpoint fail instead of skipping themselves.
func (r *Running) Env() []string { return append([]string(nil), r.env...) }

// Stop ends what Start started and waits for it. It may be called again.
func (r *Running) Stop() {
	for _, c := range r.children {
		if c != nil {
			c.stop()
		}
	}
}

// Root finds the project root: the nearest folder from dir upwards with a go.mod.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod here or above: run inside the project")
		}
		dir = parent
	}
}

// prerequisites looks for everything the installs will need before the first of
// them begins, so that all that is missing is named at once.
func prerequisites(ctx context.Context, tools string, wanted []tool) error {
	var missing []error
	for _, t := range wanted {
		if t.probe(ctx, filepath.Join(tools, t.name)) != nil {
			missing = append(missing, t.needs(ctx))
		}
	}
	return errors.Join(missing...)
}
