package connect

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
)

// Diagnosis says feature by feature what works with the key, and which box to tick
// where it does not.
type Diagnosis struct {
	CheckedAt time.Time
	Features  []Treated
	Switches  []Switched
}

// Treated is a feature with what is known of the permission that it needs.
type Treated struct {
	connection.Feature
	Grant connection.Grant
}

// Switched is a switch of the key with what is known of it.
type Switched struct {
	connection.Switch
	Grant connection.Grant
}

// diagnosisLife is how long the last check is as good as a new one.
const diagnosisLife = time.Minute

// Diagnose asks Ashby what the key may do, unless that was just asked, and records
// it as Check does. Of a team without a key nothing is known. Errors: those of Check.
func (c *Connector) Diagnose(ctx context.Context, team string) (Diagnosis, error) {
	conn, err := c.Store.Connection(ctx, team)
	if err != nil {
		return Diagnosis{}, err
	}
	if conn.Fingerprint != "" && c.Now().Sub(conn.CheckedAt) >= diagnosisLife {
		checked, err := c.Check(ctx, team)
		if err != nil {
			return Diagnosis{}, err
		}
		conn = checked.Connection
	}
	d := Diagnosis{CheckedAt: conn.CheckedAt}
	for _, f := range connection.Features() {
		g := conn.Grant(f.Needs)
		if conn.Refusal != "" {
			g = connection.Unknown
		}
		d.Features = append(d.Features, Treated{f, g})
	}
	for _, s := range connection.Switches() {
		d.Switches = append(d.Switches, Switched{s, conn.Switched(s.Name)})
	}
	return d, nil
}
