package delivery

import "time"

// The probe of a team's key is due work that belongs to no person.
const (
	probePerson = "key"
	probeEvent  = "probe"
)

// ProbeAt gives the entry of the due list that asks for a look at the team's key.
func ProbeAt(due time.Time) Work {
	return Work{Class: Probe, Due: due, Person: probePerson, Event: probeEvent}
}
