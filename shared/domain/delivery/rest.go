package delivery

import "time"

// RestLife is how long after its acceptance a withheld event may still be taken up.
const RestLife = 90 * 24 * time.Hour

// AsOf gives the record as it stands then: one that was withheld all its time has
// ended. No row is written for that, so nothing is due for the events that rest,
// which may be most of a team's (decision 20).
func (r Record) AsOf(now time.Time) Record {
	if r.State != Resting || r.AcceptedAt.IsZero() || now.Before(r.AcceptedAt.Add(RestLife)) {
		return r
	}
	r.State, r.Code, r.Changed, r.Due = Final, ExpiredWithheld, r.AcceptedAt.Add(RestLife), time.Time{}
	return r
}
