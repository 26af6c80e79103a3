package push

import (
	"context"
	"time"
)

// watchEvery is how long a drain may go on with a connection that was paused,
// disconnected or given another key meanwhile, and with terms that were saved anew.
const watchEvery = time.Second

// watch ends the drain when the connection is not the one that it began with, and
// otherwise takes up the terms as they are now. The work stays due; who changed the
// connection rings.
func (d *drain) watch(ctx context.Context) error {
	if d.Now().Sub(d.watched) < watchEvery {
		return nil
	}
	d.watched = d.Now()
	now, err := d.Teams.Connection(ctx, d.team)
	if err != nil {
		return err
	}
	was := d.connection
	if !now.Active() || now.SecretVersion != was.SecretVersion || now.Fingerprint != was.Fingerprint || now.Generation != was.Generation {
		d.stop("connection_changed")
		return nil
	}
	return d.renewTerms(ctx)
}
