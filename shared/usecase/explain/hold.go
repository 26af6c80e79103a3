package explain

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// Wait says who ends a wait, and how.
type Wait struct {
	Owner  delivery.Owner
	Exit   delivery.Exit
	Hold   delivery.Hold // why a due event does not go; empty: its own code says what it waits for
	Behind string        // the event of the same person that it waits for; empty: none
}

// Entry is an event's record with what it waits for.
type Entry struct {
	Record delivery.Record
	Wait   *Wait // nil: it does not wait
}

// entries says of each record what it waits for. Most of that is not stored with
// an event, because it would have to be taken back for every one of a team at
// once: it is read off the connection, and off the person's other events, by the
// rules of the drain.
func (x *Explainer) entries(ctx context.Context, team, person string, records []delivery.Record) ([]Entry, error) {
	out := make([]Entry, len(records))
	var conn *connection.Connection
	var others []delivery.Stored
	for i, r := range records {
		out[i] = Entry{Record: r, Wait: ownWait(r)}
		if !carried(r) {
			continue
		}
		if conn == nil {
			c, err := x.Teams.Connection(ctx, team)
			if err != nil {
				return nil, err
			}
			if conn = &c; c.Active() {
				if _, others, err = x.Store.Load(ctx, team, person, nil); err != nil {
					return nil, err
				}
			}
		}
		if held := holdOf(*conn); held != "" {
			out[i].Wait = waitBy(held)
		} else if r.State == delivery.Pending {
			out[i].Wait = behind(r, others, x.Now())
		}
	}
	return out, nil
}

// ownWait gives what an event's own code says that it waits for.
func ownWait(r delivery.Record) *Wait {
	if owner, exit, ok := r.Wait(); ok {
		return &Wait{Owner: owner, Exit: exit}
	}
	return nil
}

// carried reports whether it is for the drain to go on with the event, which it
// does only for a team that is connected.
func carried(r delivery.Record) bool {
	return r.State == delivery.Pending ||
		r.State == delivery.Waiting && (r.Code == delivery.Settling || r.Code == delivery.Connection)
}

// holdOf says why nothing of a team goes to Ashby; empty when it does.
func holdOf(c connection.Connection) delivery.Hold {
	switch c.Status {
	case connection.NotConnected:
		return delivery.HoldUnconnected
	case connection.Disconnected:
		return delivery.HoldDisconnected
	case connection.Paused:
		return delivery.HoldPaused
	case connection.Attention:
		if _, _, known := delivery.HeldBy(delivery.Hold(c.Reason)); known {
			return delivery.Hold(c.Reason)
		}
		return delivery.HoldKeyRefused
	case connection.Connected, connection.Limited:
	}
	return ""
}

func waitBy(h delivery.Hold) *Wait {
	owner, exit, _ := delivery.HeldBy(h)
	return &Wait{Owner: owner, Exit: exit, Hold: h}
}

// behind finds what holds a pending event back among its person's events: a write
// of which nobody knows whether it was applied, wherever it stands, or else the
// first earlier event that is to be looked at again at a later time.
func behind(r delivery.Record, others []delivery.Stored, now time.Time) *Wait {
	for _, o := range others {
		if _, unknown := o.Unknown(); unknown && o.Event != r.Event {
			w := waitBy(delivery.HoldUnknownStep)
			w.Behind = o.Event
			return w
		}
	}
	for _, o := range others {
		if o.Order >= r.Order {
			break
		}
		if !stands(o.Record, now) {
			continue
		}
		w := waitBy(delivery.HoldEarlier)
		w.Behind = o.Event
		if own := ownWait(o.Record); own != nil {
			w.Owner, w.Exit = own.Owner, own.Exit
		}
		return w
	}
	return nil
}

// stands reports whether an event holds back those after it until it is due.
func stands(r delivery.Record, now time.Time) bool {
	switch r.State {
	case delivery.Pending:
		return r.Due.After(now) && (r.Retries > 0 || r.Tries > 0)
	case delivery.Waiting:
		return r.Due.After(now)
	case delivery.Resting, delivery.Final:
	}
	return false
}
