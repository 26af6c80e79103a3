package delivery

import "time"

// LookAtPerson is a due entry for no event: look again at all that waits of a
// person for a mandatory field.
func LookAtPerson(person string, due time.Time) Work {
	return Work{Class: Live, Due: due, Person: person}
}

// LookAtTeam is a due entry for nobody: look again at all that waits in the team
// for a mandatory field.
func LookAtTeam(due time.Time) Work { return LookAtPerson("", due) }

// SavedBy is how long after an entry was put for a change that is being made the
// change has surely been made, or never will be, and whoever planned by what was
// before is done.
const SavedBy = time.Minute
