package timeline

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// A step of which nobody knows the outcome holds back all of its person, however old
// its event is, and what is open goes in the person's order. So whoever looks at a
// person must see all of that, and yet not read the records of thousands of events
// that are done with. Behind the latest ones the timeline's entry says that its event
// is (Past), in the transaction in which the record says that the entry does; what is
// put back to work takes the word back in the transaction that does so (listing).
// Somebody with few events has no such entry, and costs nothing more.

// entry is an event's place on a timeline.
type entry struct {
	event string
	row   table.Item
}

// behind reports whether the entry says that its event is done with.
func (e entry) behind() bool {
	var doc entryDoc
	return read(e.row, &doc) == nil && doc.Past
}

func eventsOf(entries []entry) []string {
	events := make([]string, len(entries))
	for i, e := range entries {
		events[i] = e.event
	}
	return events
}

// inSight leaves out, of the entries behind the latest, those that are done with.
func inSight(entries []entry) []entry {
	older := max(0, len(entries)-recent)
	seen := make([]entry, 0, recent)
	for _, e := range entries[:older] {
		if !e.behind() {
			seen = append(seen, e)
		}
	}
	return append(seen, entries[older:]...)
}

const (
	// behindAtOnce is how many events are put behind in one transaction: two rows each.
	behindAtOnce = table.MaxTransactItems / 2
	// behindRounds bounds what one look spends on somebody whose long history was never
	// looked through.
	behindRounds = 8
)

// putBehind says of events behind the latest that they are done with, if there are
// enough of them to make a transaction. Their records get another revision. It only
// saves reads: what does not succeed the next look does.
func (s *Store) putBehind(ctx context.Context, team string, entries []entry, records []delivery.Stored) {
	older := entries[:max(0, len(entries)-recent)]
	if len(older) < behindAtOnce {
		return
	}
	at := make(map[string]int, len(records))
	for i, r := range records {
		at[r.Event] = i
	}
	var done []int
	for _, e := range older {
		if i, ok := at[e.event]; ok && records[i].Over() && !e.behind() {
			done = append(done, i)
		}
	}
	rounds := 0
	for chunk := range slices.Chunk(done, behindAtOnce) {
		if rounds++; len(chunk) < behindAtOnce || rounds > behindRounds || s.putPast(ctx, team, chunk, records) != nil {
			return
		}
	}
}

// putPast writes entries and records of events that are done with, all or none.
func (s *Store) putPast(ctx context.Context, team string, chunk []int, records []delivery.Stored) error {
	token := s.token()
	var writes []table.Write
	for _, i := range chunk {
		r := records[i].Record
		r.Past = true
		ledger, err := item(ledgerKey(team, r.Event), r, token, s.ledgerExpiry(r))
		if err != nil {
			return err
		}
		row, err := entryItem(team, r, token, s.ledgerExpiry(r))
		if err != nil {
			return err
		}
		writes = append(writes, table.Write{Item: ledger, If: over(records[i].Revision)}, table.Write{Item: row})
	}
	if err := table.Transact(ctx, s.t, writes); err != nil {
		return err
	}
	for _, i := range chunk {
		records[i].Past, records[i].Revision = true, delivery.Revision(token)
	}
	return nil
}
