package connect

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

const (
	tried         = 3               // linked candidates that a new key must see one of
	sightPatience = 6 * time.Second // for all of them
)

// foreign reports whether a key may be of another organisation than the team's
// links: of a few candidates that people are linked to, it sees none. A key that
// may not read candidates cannot show it; then the pushes find out.
func (c *Connector) foreign(ctx context.Context, ashby Ashby, before, next connection.Connection) (bool, error) {
	if before.Fingerprint == next.Fingerprint {
		return before.Foreign, nil
	}
	candidates, err := c.Links.Linked(ctx, next.Team, next.Generation, tried)
	if err != nil || len(candidates) == 0 || next.Grant(connection.CandidatesRead) == connection.Missing {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, sightPatience)
	defer cancel()
	seen := make([]bool, len(candidates))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	for i, id := range candidates {
		group.Go(func() (err error) {
			seen[i], err = ashby.Sees(ctx, id)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return false, answer(err)
	}
	for _, one := range seen {
		if one {
			return false, nil
		}
	}
	return true, nil
}

// Answer settles whether the key in use belongs to the links that there are, and
// lets the work go on. With a fresh start no link counts any more, and people are
// matched anew.
//
// Errors: Conflict "nothing_asked" where that is no question, "stale" where
// somebody else was faster.
func (c *Connector) Answer(ctx context.Context, team, user string, a connection.Answer) (Report, error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Report{}, err
	}
	if !conn.Foreign {
		return Report{}, fault.New(fault.Conflict, "nothing_asked", "the key is not held as one of another organisation; there is nothing to answer")
	}
	now := c.Now().UTC()
	conn.Foreign, conn.Answered = false, connection.Answered{Answer: a, By: user, At: now}
	conn.KeySince = now
	if a == connection.StartFresh {
		conn.Generation++
		if err := c.wake(ctx, team, now); err != nil {
			return Report{}, err
		}
	}
	conn, added, err := c.keepAnswered(ctx, conn.Settled())
	if err != nil {
		return Report{}, err
	}
	c.Log.InfoContext(ctx, "organisation answered", slog.String("team", team), slog.String("user", user), slog.String("answer", string(a)))
	c.ring(ctx, team)
	m, err := c.Store.Mapping(ctx, team)
	if err != nil {
		return Report{}, err
	}
	out := report(conn, m)
	out.Mapped = added
	return out, nil
}

// keepAnswered stores an answered connection, together with what an activation would
// have mapped. The answer does not wait for that: without Ashby's fields company and
// role stay unmapped, and the report says so.
func (c *Connector) keepAnswered(ctx context.Context, conn connection.Connection) (connection.Connection, []Mapped, error) {
	var found findings
	key, err := c.key(ctx, conn)
	if err == nil {
		found.fields, err = c.Dial(key).CandidateFields(ctx)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "fields not read", slog.String("team", conn.Team), slog.String("error_code", fault.Of(err).Code()))
	}
	m, added, err := c.mapped(ctx, conn, found)
	if err != nil {
		return conn, nil, err
	}
	if m == nil {
		conn, err = c.Store.SaveConnection(ctx, conn)
		return conn, nil, err
	}
	conn, err = c.Store.Activate(ctx, conn, m)
	return conn, added, err
}

// wokenAtOnce is how many waiting people are put on the due list at a time.
const wokenAtOnce = 500

// wake has everybody looked at about whom something is asked: those questions were
// about candidates of the other organisation. It comes before the answer is kept,
// for until then nothing is looked at.
func (c *Connector) wake(ctx context.Context, team string, now time.Time) error {
	if err := c.Waiting.Touch(ctx, team); err != nil {
		return err
	}
	for _, code := range []delivery.Code{delivery.RecordDeleted, delivery.NeedsReview, delivery.LinkInconsistent} {
		for cursor := ""; ; {
			page, next, err := c.Waiting.Listed(ctx, team, delivery.Cause(code), cursor, wokenAtOnce)
			if err != nil {
				return err
			}
			var due []delivery.Work
			for _, l := range page {
				if w := delivery.LookAtPerson(l.Person, now); !slices.Contains(due, w) {
					due = append(due, w)
				}
			}
			if err := c.Waiting.AddDue(ctx, team, due); err != nil {
				return err
			}
			if cursor = next; next == "" {
				break
			}
		}
	}
	return nil
}
