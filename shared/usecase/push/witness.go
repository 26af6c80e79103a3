package push

import (
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// witnesses are, for each team, a candidate that is known to be in Ashby, and
// since when: a key that does not see it cannot show that another is absent.
type witnesses struct {
	mu    sync.Mutex
	known map[string]witness
}

type witness struct {
	candidate string
	since     time.Time
}

// mostWitnesses bounds the memory of a process that serves many teams.
const mostWitnesses = 4096

// add keeps the team's oldest link.
func (w *witnesses) add(team string, l person.Link) {
	if l.Kind == person.NotLinked || l.Gone {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if old, ok := w.known[team]; ok && !l.At.Before(old.since) {
		return
	}
	if w.known == nil || len(w.known) >= mostWitnesses {
		w.known = map[string]witness{}
	}
	w.known[team] = witness{l.Candidate, l.At}
}

// of gives a candidate that was known before then; empty when there is none.
func (w *witnesses) of(team string, before time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if k, ok := w.known[team]; ok && k.since.Before(before) {
		return k.candidate
	}
	return ""
}
