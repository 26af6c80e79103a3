package delivery

import "time"

// Claim is the right to make the one candidate of an identity key: an address, a
// profile or a number. It is taken with the intent of the create, in one write, so
// that it stands exactly as long as somebody may be making that candidate; the
// outcome of the create either gives it up or turns it into "made".
type Claim struct {
	Key       string // as plan.IdentityKeys gives it
	Person    string
	Event     string // whose create it is
	Token     string // of the attempt
	At        time.Time
	Candidate string // what the create made; empty: not known yet
}

// StoredClaim is a claim as read.
type StoredClaim struct {
	Claim
	Revision Revision
}

// ClaimChange is a claim's part of a change.
type ClaimChange struct {
	From StoredClaim // the zero revision: there was none
	To   *Claim      // nil: it is given up
}

// MostClaims bounds how many keys one create claims.
const MostClaims = 10

// Claiming reports whether the record holds claims: its create may be under way, or
// nobody knows yet what became of it. One that was not sent claims its keys anew,
// or whoever waits for it, and it for them, would wait for ever.
func (r Record) Claiming(create string) bool {
	s, begun := r.Step(create)
	return len(r.Claims) > 0 && begun && (s.Status == Intent || s.Status == Uncertain)
}

// EndClaims gives what becomes of the claims that stand on the record's identity keys,
// now that it is known what became of its create: made, or given up.
func (r Record) EndClaims(create string, stand []StoredClaim) []ClaimChange {
	created, _ := r.Step(create)
	var changes []ClaimChange
	for _, c := range stand {
		if c.Event != r.Event {
			continue
		}
		change := ClaimChange{From: c}
		if created.Status == Done {
			made := c.Claim
			made.Candidate = created.RemoteID
			change.To = &made
		}
		changes = append(changes, change)
	}
	return changes
}

// Candidate is what is known of an Ashby candidate beside Ashby's own record.
type Candidate struct {
	ID       string
	Gone     bool
	Into     string   // of a merge: the candidate that stays
	People   []string // who are linked to it
	Closed   *Closing // nil: nobody writes to it who would have to say so
	Revision Revision
}

// LongestFlight is how long after its announcement a write may be applied, at most, and
// so after the last moment at which its call could begin, however long a deployment
// lets such writes settle: for where nobody can be asked any more, and for when people
// may say what became of it.
const LongestFlight = 11 * time.Minute

// Closing says that a write to a candidate that several people share is under way,
// or that nobody knows what became of it: nobody else writes there until it is
// settled, or until nothing of it can be on its way any more.
type Closing struct {
	Person string
	Event  string
	Step   string
	Token  string // of the attempt
	Until  time.Time
}

// Others gives the people of the candidate but for one.
func (c Candidate) Others(but string) []string {
	var out []string
	for _, id := range c.People {
		if id != but {
			out = append(out, id)
		}
	}
	return out
}
