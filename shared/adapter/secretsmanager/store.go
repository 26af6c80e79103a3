package secretsmanager

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	callTimeout = 5 * time.Second        // one call with the SDK's own retries
	putTries    = 5                      // while a deletion of the same name is still under way
	putBackoff  = 200 * time.Millisecond // before the second try; doubles
)

// Store is the secrets of one account and region. It is safe for concurrent use.
type Store struct {
	client  *secretsmanager.Client
	timeout time.Duration // of one call
	backoff time.Duration // between tries to put while the name is being deleted
	log     *slog.Logger
}

var _ secret.Store = (*Store)(nil)

// New makes a store. Nothing is called yet. Each read is a line of the log, so
// that somebody who empties the safe is noticed.
func New(client *secretsmanager.Client, log *slog.Logger) *Store {
	return &Store{client: client, timeout: callTimeout, backoff: putBackoff, log: log}
}

// Get reads a version, or the current one when version is empty.
func (s *Store) Get(ctx context.Context, name, version string) (secret.Value, string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	in := &secretsmanager.GetSecretValueInput{SecretId: &name}
	if version != "" {
		in.VersionId = &version
	}
	s.log.LogAttrs(ctx, slog.LevelInfo, "secret read", slog.String("secret", name))
	out, err := s.client.GetSecretValue(ctx, in)
	if err != nil {
		return secret.Value{}, "", refused(err)
	}
	return secret.NewValue(aws.ToString(out.SecretString)), aws.ToString(out.VersionId), nil
}

// Put stores a version in the secret, or makes the secret with it. Where the
// name is still being deleted, it tries again for a few seconds.
func (s *Store) Put(ctx context.Context, name, version string, value secret.Value) error {
	var err error
	for try := range putTries {
		if try > 0 && !pause(ctx, s.backoff<<(try-1)) {
			break
		}
		if err = s.put(ctx, name, version, value); !condemned(err) {
			break
		}
	}
	switch {
	case err == nil:
		return nil
	case condemned(err):
		return fault.New(fault.Unavailable, "secret_being_deleted", "the secret is still being deleted").Because(err)
	}
	return refused(err)
}

// put takes the turn that fits what is there; whoever makes the secret between
// our two calls leaves us the first turn again.
func (s *Store) put(ctx context.Context, name, version string, value secret.Value) error {
	err := s.putVersion(ctx, name, version, value)
	if !missing(err) {
		return err
	}
	err = s.create(ctx, name, version, value)
	if _, taken := errors.AsType[*types.ResourceExistsException](err); taken {
		return s.putVersion(ctx, name, version, value)
	}
	return err
}

func (s *Store) putVersion(ctx context.Context, name, version string, value secret.Value) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	_, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &name, ClientRequestToken: &version, SecretString: aws.String(value.Reveal()),
	})
	return err
}

func (s *Store) create(ctx context.Context, name, version string, value secret.Value) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	_, err := s.client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: &name, ClientRequestToken: &version, SecretString: aws.String(value.Reveal()),
	})
	return err
}

// Delete removes the secret without the recovery window, so that nothing of a
// disconnected team's key remains and its name is free.
func (s *Store) Delete(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	_, err := s.client.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{
		SecretId: &name, ForceDeleteWithoutRecovery: aws.Bool(true),
	})
	if err != nil && !missing(err) {
		return refused(err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
