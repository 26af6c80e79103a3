// Package timeline keeps what happens to people: who they are, their events in
// order, where each event stands, and what is due to be done.
//
// Its rows, in the table of the same name. `#` never occurs in ids. Documents
// are the domain's own structs as JSON; testdata pins their bytes.
//
//	what             partition            sort                       lives
//	person           team#p#person        row                        for ever
//	last hook        team#p#person        hook                       for ever
//	timeline entry   team#p#person        t#order                    400 days; points at an event, and may say that it is over
//	ledger           team#e#event         led                        400 days; create-only, then by token *
//	payload          team#e#event         body                       100 days; write-once *
//	explanation      team#e#event         plan#name                  400 days; the one that the ledger names counts
//	due work         team#due#{0..3}      class#due#person#event     until done; empty; of a job: its id as event
//	team with work   due#{0..15}          team                       until idle
//	candidate        team#cand#id         row                        for ever
//	its last person  team#cand#id         last                       for ever; a hint for searches
//	its people       team#cand#id         p#person                   as long as linked
//	identity claim   team#claim#kind:key  claim                      until settled; 30 days once made
//	some candidates  team                 linked#{0..7}              for ever; of those that people are linked to
//	a key's budget   team                 bud                        for ever; what was learnt and spent of it
//	set aside of it  team                 int                        for ever; for the settings' own calls
//	everybody's      #all                 bud                        for ever; Ashby's limit on us as a partner
//	hook seen        team#hook            action id#action           30 days
//	inbox            team#w               cause#since#person#event   while it waits; 90 days once final; empty
//	recent activity  team#act             time#token                 30 days; up to 50 lines a row
//	job, what it names  team#jobs         job, job#named             30 days
//	forgotten        team#gone            p#hash, e#hash; key        400 days; the hashes' key for ever
//
// * While an event waits for a person, its ledger and payload do not expire; nor from
// its 60th day on while it is not done with (a paused or refused connection).
//
// The inbox is one partition, so that the causes that occur are found by skipping
// from one to the next, and a cause's events are a range of it, the longest known
// first. A row is put and taken away in the transaction that moves the record,
// which names it (delivery.Listing).
//
// Three rules keep work from being lost, whatever crashes between two writes:
// a team row stands before the due entries it announces, a due entry before the
// event it is for, and a due entry is moved in one transaction with the record
// that names its time. So there may be an entry too many, never one too few; an
// entry is good only while the record names the same time.
package timeline
