package push

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// How often a key is looked at that nothing else is known of: with the sweep's
// minute, a key that is revoked shows within five minutes. One that is refused is
// looked at soon, and then less and less often.
const (
	probeEvery = 4 * time.Minute
	probeSoon  = 30 * time.Second
)

// The reasons for which a connection needs attention because of its key.
const (
	keyRefused = "key_refused"
	keyMissing = "key_missing"
)

// probing looks at the key if that is due, and says when to look again. It is the
// way back of a connection whose key was refused: where that works again, the drain
// goes on as if nothing had been. A team without a key is not looked at any more.
func (d *drain) probing(ctx context.Context) error {
	due, planned, err := d.Ledger.NextProbe(ctx, d.team)
	if err != nil {
		return err
	}
	switch now := d.Now(); {
	case d.connection.Fingerprint == "":
		if planned {
			return d.Ledger.PutProbe(ctx, d.team, time.Time{})
		}
		return nil
	case !planned:
		return d.Ledger.PutProbe(ctx, d.team, now.UTC().Add(probeEvery))
	case now.Before(due):
		return nil
	}
	wait := probeEvery
	if !d.heard.Load() {
		wait, err = d.probe(ctx)
	}
	if err == nil {
		err = d.regained(ctx)
	}
	if err != nil {
		return err
	}
	return d.Ledger.PutProbe(ctx, d.team, d.Now().UTC().Add(wait))
}

// probe asks Ashby whether the key is alive, and says when to ask again. No answer
// says nothing about it.
func (d *drain) probe(ctx context.Context) (again time.Duration, err error) {
	if d.account == nil {
		if err := d.unlock(ctx); err != nil {
			return 0, err
		}
		if d.account == nil {
			return probeEvery, nil // the key is gone, and the connection says so
		}
	}
	if !d.pacer.take(ctx, d.lastStart()) {
		return probeSoon, nil
	}
	d.counted()
	alive, err := d.account.Probe(ctx)
	switch {
	case fault.Is(err, fault.Throttled):
		return d.slowDown(ctx, fault.Of(err))
	case err != nil:
		return probeSoon, nil //nolint:nilerr // nothing was learnt; it is asked again
	case alive:
		return probeEvery, d.accepted(ctx)
	}
	d.stop(keyRefused)
	return d.refusedFor(), d.keyIsRefused(ctx, keyRefused)
}

// regained looks whether the key has by now what it lacked and work waits for. What
// is regained is no longer waited for, as after a check by a person.
func (d *drain) regained(ctx context.Context) error {
	for _, use := range connection.Uses() {
		if !use.Needed || d.account == nil || !slices.Contains(d.connection.Missing, use.Permission) {
			continue
		}
		if !d.pacer.take(ctx, d.lastStart()) {
			return nil
		}
		d.counted()
		err := d.account.Try(ctx, use.Permission)
		switch {
		case err == nil:
			at := d.Now().UTC()
			if err := d.Teams.MarkGranted(ctx, d.team, d.connection.Fingerprint, use.Permission, at); err != nil {
				return err
			}
			if err := d.Bell.Ring(ctx, d.team); err != nil {
				return err
			}
		case fault.Is(err, fault.Throttled):
			_, err = d.slowDown(ctx, fault.Of(err))
			return err
		}
	}
	return nil
}

// refusedFor is how long the key has been refused, as the time until the next look.
func (d *drain) refusedFor() time.Duration {
	if d.connection.Refusal == "" {
		return probeSoon
	}
	return min(max(d.Now().Sub(d.connection.RefusedAt), probeSoon), probeEvery)
}

// accepted closes the circuit again, if it was open.
func (d *drain) accepted(ctx context.Context) error {
	if d.connection.Refusal == "" {
		return nil
	}
	return d.Teams.MarkAccepted(ctx, d.team, d.connection.Fingerprint, d.Now().UTC())
}

// keyIsRefused opens the circuit: the whole team's work waits, as due as it is.
func (d *drain) keyIsRefused(ctx context.Context, reason string) error {
	turned, err := d.Teams.MarkRefused(ctx, d.team, d.connection.Fingerprint, reason, d.Now().UTC())
	if turned {
		d.Log.LogAttrs(ctx, slog.LevelWarn, "key refused", slog.String("team", d.team), slog.String("reason", reason))
	}
	if err != nil {
		return err
	}
	if d.connection.Refusal != "" {
		return nil
	}
	return d.Ledger.PutProbe(ctx, d.team, d.Now().UTC().Add(probeSoon))
}

// attentive is an account that notes that the key was heard: what Ashby answers, a
// probe need not ask.
type attentive struct {
	Account
	heard func()
}

// Read notes answers that no catalogue can have given.
func (a attentive) Read(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	answer, err := a.Account.Read(ctx, ask)
	if err == nil && (ask.Kind == plan.AskCandidate || ask.Kind == plan.AskEmail) {
		a.heard()
	}
	return answer, err
}

// Do notes a success.
func (a attentive) Do(ctx context.Context, method string, body []byte) (Reply, error) {
	reply, err := a.Account.Do(ctx, method, body)
	if err == nil {
		a.heard()
	}
	return reply, err
}

// AddedSince notes a success.
func (a attentive) AddedSince(ctx context.Context, t time.Time) ([]candidate.Candidate, error) {
	list, err := a.Account.AddedSince(ctx, t)
	if err == nil {
		a.heard()
	}
	return list, err
}

// List notes a success.
func (a attentive) List(ctx context.Context, asked candidate.Listing) (candidate.Page, error) {
	page, err := a.Account.List(ctx, asked)
	if err == nil {
		a.heard()
	}
	return page, err
}
