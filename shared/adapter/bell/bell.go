// Package bell rings teams over the queue of work: a ring says no more than that
// a team has something to do.
package bell

import (
	"context"
	"encoding/json"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
)

// Bell rings over one queue.
type Bell struct {
	queue queue.Sender
	token func() string
}

// ring is a message on the wire.
type ring struct {
	Team string `json:"team"`
}

// New makes a bell. The token source gives a fresh, unique token for every ring,
// so that none is taken for a repeat of another.
func New(q queue.Sender, token func() string) Bell { return Bell{q, token} }

// Ring tells a team's drain that there is work. The team is the message's group:
// its rings are heard one after another. Errors are the queue's.
func (b Bell) Ring(ctx context.Context, team string) error {
	body, err := json.Marshal(ring{team})
	if err != nil {
		return fault.New(fault.Internal, "ring_unwritable", "a ring cannot be written").Because(err)
	}
	return b.queue.Send(ctx, queue.Message{Body: string(body), Group: team, Dedup: b.token()})
}

// Team reads a ring. One that names no team is Invalid.
func Team(body string) (string, error) {
	var r ring
	if err := json.Unmarshal([]byte(body), &r); err != nil || r.Team == "" {
		return "", fault.New(fault.Invalid, "undecodable", "the message is no ring")
	}
	return r.Team, nil
}
