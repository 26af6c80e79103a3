package connect

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	patience = 18 * time.Second // for all that is asked of Ashby about a key; an answer takes 25 s at most
	inFlight = 1                // calls at a time: people have one of a team's key
	maxKey   = 256              // bytes; Ashby's are 64
)

// parseKey trims what was pasted and refuses what no key looks like.
func parseKey(pasted secret.Value) (secret.Value, error) {
	key := strings.TrimSpace(pasted.Reveal())
	refuse := func(code, message string) error {
		return fault.New(fault.Invalid, "invalid_request", "the key cannot be used").With(fault.Detail{Path: "key", Code: code, Message: message})
	}
	switch {
	case key == "":
		return secret.Value{}, refuse("required", "paste an API key of your Ashby organisation")
	case len(key) > maxKey, strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }):
		return secret.Value{}, refuse("not_a_key", "this is not an Ashby API key: a key is one word of letters and digits")
	}
	return secret.NewValue(key), nil
}

// findings are what Ashby let us learn about a key.
type findings struct {
	info    KeyInfo
	missing []connection.Permission
	fields  []field.Field

	private, confidential connection.Grant
}

func (f findings) lacks(p connection.Permission) bool { return slices.Contains(f.missing, p) }

// examine learns whether a key is alive and what it may do. A refusal is
// KeyRefused "key_refused"; no answer is Unavailable or Throttled and says nothing
// about the key.
func examine(ctx context.Context, ashby Ashby) (findings, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var f findings
	info, err := ashby.KeyInfo(ctx)
	unclear := fault.Is(err, fault.KeyRefused)
	switch {
	case fault.Is(err, fault.PermissionMissing):
		f.missing = append(f.missing, connection.APIKeysRead)
	case unclear:
		// A 403 without a reason: the key, or only this permission? A second call tells.
		if aliveErr := ashby.Try(ctx, connection.CandidatesRead); aliveErr != nil && !fault.Is(aliveErr, fault.PermissionMissing) {
			return findings{}, answer(aliveErr)
		}
		f.missing = append(f.missing, connection.APIKeysRead)
	case err != nil:
		return findings{}, answer(err)
	}
	f.info = info
	if f, err = probe(ctx, ashby, f); err != nil {
		return f, answer(err)
	}
	return switches(ctx, ashby, f), nil
}

// switches finds out about the switches of a key, as far as anything shows them.
// They are no reason not to take it.
func switches(ctx context.Context, ashby Ashby, f findings) findings {
	f.private, f.confidential = connection.Unknown, connection.Unknown
	switch {
	case slices.ContainsFunc(f.fields, func(f field.Field) bool { return f.Private }):
		f.private = connection.Granted
	case !f.lacks(connection.CandidatesWrite):
		f.private = ashby.SeesPrivate(ctx)
	}
	if !f.lacks(connection.CandidatesRead) {
		f.confidential = ashby.SeesConfidential(ctx)
	}
	return f
}

// probe tries out the permissions, some at a time: all reads by reading, and those
// writes that the scopes do not name.
func probe(ctx context.Context, ashby Ashby, f findings) (findings, error) {
	tried := []connection.Permission{connection.CandidatesRead, connection.OrganizationRead}
	for _, write := range []connection.Permission{connection.CandidatesWrite, connection.APIKeysWrite, connection.HiringMetadataWrite} {
		if !connection.Lists(f.info.Scopes, write) {
			tried = append(tried, write)
		}
	}
	lacking := make([]bool, len(tried))
	noFields := false
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	group.Go(func() (err error) {
		f.fields, err = ashby.CandidateFields(ctx)
		noFields, err = lacks(err)
		return err
	})
	for i, p := range tried {
		group.Go(func() (err error) {
			lacking[i], err = lacks(ashby.Try(ctx, p))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return findings{}, err
	}
	if noFields {
		f.missing = append(f.missing, connection.HiringMetadataRead)
	}
	for i, p := range tried {
		if lacking[i] {
			f.missing = append(f.missing, p)
		}
	}
	return f, nil
}

// lacks reads the answer to a probe of a key that is alive: a refusal without a
// reason can then only mean the permission.
func lacks(err error) (bool, error) {
	switch {
	case fault.Is(err, fault.PermissionMissing), fault.Is(err, fault.KeyRefused):
		return true, nil
	}
	return false, err
}

// answer is what an admin is told of a failed check.
func answer(err error) error {
	switch f := fault.Of(err); {
	case err == nil:
		return nil
	case f.Kind() == fault.KeyRefused:
		return fault.New(fault.KeyRefused, "key_refused",
			"Ashby does not accept this key: it is wrong or was deactivated").Because(err)
	case f.Kind() == fault.Throttled:
		return fault.New(fault.Throttled, "rate_limited",
			"Ashby asks us to slow down and has not judged the key; try again in a moment").Because(err).After(f.RetryAfter())
	case f.Kind() == fault.Unavailable, f.Kind() == fault.Ambiguous:
		return fault.New(fault.Unavailable, "ashby_unreachable",
			"Ashby cannot be reached or is slow, so the key was neither accepted nor refused; try again").Because(err)
	}
	return err
}
