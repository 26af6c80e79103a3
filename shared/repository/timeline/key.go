package timeline

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// How many partitions the due work of a team, and the teams with work, are
// spread over.
const (
	dueShards  = 4 // of the class that has most
	teamShards = 16
)

// shardsOf says over how many partitions a class is spread. Every look at the due
// list asks each of them, mostly for nothing, so there are no more than what comes
// in needs: one takes a thousand writes a second, while Ashby takes a thousand calls
// a minute; but people are added many at once.
func shardsOf(class delivery.Class) uint32 {
	switch class {
	case delivery.Bulk:
		return dueShards
	case delivery.Live:
		return 2
	default:
		return 1 // a few entries
	}
}

// How long rows live.
const (
	day         = 24 * time.Hour
	ledgerLife  = 400 * day
	payloadLife = 100 * day
	hookLife    = 30 * day
	inboxLife   = 90 * day // of what is final; what waits stays
)

// The sort keys that stand alone.
const (
	rowSort    = "row"
	hookSort   = "hook"
	ledgerSort = "led"
	bodySort   = "body"
	planHead   = "plan#" // and the plan's name
	entryHead  = "t#"
	personHead = "p#"

	personInfix = "#p#" // between team and person in a partition
)

func personPartition(team, person string) string { return team + personInfix + person }
func eventPartition(team, event string) string   { return team + "#e#" + event }
func candidatePartition(team, id string) string  { return team + "#cand#" + id }

func personKey(team, person string) table.Key {
	return table.Key{Partition: personPartition(team, person), Sort: rowSort}
}

func ledgerKey(team, event string) table.Key {
	return table.Key{Partition: eventPartition(team, event), Sort: ledgerSort}
}

func bodyKey(team, event string) table.Key {
	return table.Key{Partition: eventPartition(team, event), Sort: bodySort}
}

func planKey(team, event, name string) table.Key {
	return table.Key{Partition: eventPartition(team, event), Sort: planHead + name}
}

func linkedKey(team, candidate, person string) table.Key {
	return table.Key{Partition: candidatePartition(team, candidate), Sort: personHead + person}
}

func inboxPartition(team string) string { return team + "#w" }

func inboxKey(team string, r delivery.Record) table.Key {
	l := r.Listed
	return table.Key{
		Partition: inboxPartition(team),
		Sort:      string(l.Cause) + "#" + delivery.Sortable(l.Since) + "#" + r.Person + "#" + r.Event,
	}
}

func teamKey(team string) table.Key {
	return table.Key{Partition: teamPartition(shardOf(team, teamShards)), Sort: team}
}

func teamPartition(shard int) string { return fmt.Sprintf("due#%d", shard) }

func duePartition(team string, shard int) string { return fmt.Sprintf("%s#due#%d", team, shard) }

func shardOf(id string, shards uint32) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % shards)
}

func dueKey(team string, w delivery.Work) table.Key {
	return table.Key{
		Partition: duePartition(team, shardOf(w.Person, shardsOf(w.Class))),
		Sort:      string(w.Class) + "#" + delivery.Sortable(w.Due) + "#" + w.Person + "#" + w.Event,
	}
}

// parseDue reads a due entry's sort key.
func parseDue(sort string) (delivery.Work, error) {
	parts := strings.Split(sort, "#")
	if len(parts) != 4 {
		return delivery.Work{}, fault.New(fault.Internal, "due_key", "a due entry has a key of another form")
	}
	due, err := delivery.ParseSortable(parts[1])
	if err != nil {
		return delivery.Work{}, fault.New(fault.Internal, "due_key", "a due entry has a time of another form").Because(err)
	}
	return delivery.Work{Class: delivery.Class(parts[0]), Due: due, Person: parts[2], Event: parts[3]}, nil
}
