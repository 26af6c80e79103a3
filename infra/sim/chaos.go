package sim

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// trouble is what goes wrong with one effect.
type trouble string

// What goes wrong. "Before" is: it does not happen; "after": it happens, and
// nobody hears of it.
const (
	none        trouble = ""
	dead        trouble = "dead" // the process is no more
	crashBefore trouble = "crash_before"
	crashAfter  trouble = "crash_after"
	freeze      trouble = "freeze" // the process stands still, then goes on

	storeRefused   trouble = "store_refused_before" // and says so
	storeLostWrite trouble = "store_lost_before"    // not applied, and nobody says which
	storeLost      trouble = "store_lost_after"     // applied, and nobody says which
	storeDown      trouble = "store_down"           // for hours
	secretsDown    trouble = "secrets_down"

	notSent     trouble = "not_sent_before"
	resetBefore trouble = "reset_before"
	resetAfter  trouble = "reset_after"
	lostBefore  trouble = "lost_before"
	lostAfter   trouble = "lost_after"
	lostLate    trouble = "late_after" // no answer, and applied up to 90 s later
	crashLate   trouble = "crash_late_after"
	edge503     trouble = "503_before" // comes in bursts
	broken500   trouble = "500_after"
	staleRead   trouble = "stale" // the answer is as it was a minute ago
	cutAnswer   trouble = "cut_after"
	garbage     trouble = "garbage_after"
	limited     trouble = "429_before"
	limitedAll  trouble = "429_partner_before"
	limitedMany trouble = "429_concurrent_before"
	ashbyDown   trouble = "ashby_down"

	hintLost   trouble = "hint_lost"   // for an hour
	hintFailed trouble = "hint_failed" // the queue does not take it
	givenTwice trouble = "delivered_twice"
	reordered  trouble = "delivered_out_of_order"
	skewed     trouble = "clock_skew"

	keyRevoked  trouble = "key_revoked"
	keyRotated  trouble = "key_rotated"
	unpermitted trouble = "permission_removed"
	merged      trouble = "candidate_merged"
	deleted     trouble = "candidate_deleted"
	resettled   trouble = "settings_changed"
	edited      trouble = "edited_in_ashby"

	forgot   trouble = "person_forgotten"
	redriven trouble = "event_redriven"
	heldUp   trouble = "person_held"
	answered trouble = "review_answered"
	paused   trouble = "connection_paused"
	cutOff   trouble = "connection_ended"
	pushed   trouble = "person_pushed"
	filledUp trouble = "person_backfilled"
	jobDone  trouble = "team_pushed"

	testified  trouble = "write_settled_by_hand"
	poisonous  trouble = "poison" // an event ends the process, each time
	unattended trouble = "nobody_checks"
)

// verdict on an effect.
type verdict struct {
	fault trouble
	late  time.Duration // of lostLate and crashLate; for which limited asks; of what staleRead misses
	heard chan struct{} // closed when a process that stands still hears of its write
}

var errDead = errors.New("the process is dead")

// Troubles by what they may befall.
var (
	ofStoreWrite = []trouble{crashBefore, crashAfter, storeRefused, storeLostWrite, storeLost, freeze}
	ofStoreRead  = []trouble{crashBefore, storeRefused, freeze}
	ofCall       = []trouble{
		crashBefore, crashAfter, crashLate, notSent, resetBefore, resetAfter, lostBefore, lostAfter, lostLate,
		edge503, broken500, cutAnswer, garbage, limited, limitedAll, limitedMany, freeze,
	}
	ofMessage = []trouble{crashBefore, crashAfter, hintFailed}
)

// rates are the chances of trouble for each kind of effect.
type rates struct{ storeWrite, storeRead, read, write, message float64 }

var usual = rates{storeWrite: 0.004, storeRead: 0.0005, read: 0.01, write: 0.04, message: 0.01}

// judgeEffect says what goes wrong with an effect that is about to happen.
func (w *World) judgeEffect(e *effect) verdict {
	v := verdict{fault: w.strike(e)}
	if v.fault == lostLate || v.fault == crashLate {
		v.late = 1 + time.Duration(w.rand.Int64N(int64(90*time.Second)))
	}
	if v.fault == freeze {
		still := time.Second + time.Duration(w.rand.Int64N(int64(25*time.Second)))
		v.heard, still = w.freeze(e, still)
		e.by.suffer(still)
		w.thaws = append(w.thaws, time.Now().Add(still))
	}
	w.vary(e, &v)
	if v.fault != none {
		w.saw(v.fault, e.kind.String(), e.name)
	}
	return v
}

// strike picks the trouble of an effect: what is out for everybody comes first.
func (w *World) strike(e *effect) trouble {
	now := time.Now()
	if w.poisoned(e) {
		return poisonous
	}
	switch e.kind {
	case storeRead, storeWrite:
		if w.out(storeDown, now) {
			return storeDown
		}
	case secretRead, secretWrite:
		if w.out(secretsDown, now) {
			return secretsDown
		}
	case ashbyRead, ashbyWrite:
		if w.out(ashbyDown, now) {
			return ashbyDown
		}
		if now.Before(w.burst) {
			return edge503
		}
	case message:
		if w.out(hintLost, now) {
			return hintLost
		}
	case givenUp: // asks nothing of anybody
	}
	if now.After(w.calm) {
		return none
	}
	switch e.kind {
	case storeWrite:
		return roll(w.rand, w.rates.storeWrite, ofStoreWrite)
	case storeRead:
		return roll(w.rand, w.rates.storeRead, ofStoreRead)
	case ashbyRead:
		return w.burstOf(roll(w.rand, w.rates.read, ofCall))
	case ashbyWrite:
		return w.burstOf(roll(w.rand, w.rates.write, ofCall))
	case message:
		return roll(w.rand, w.rates.message, ofMessage)
	case secretRead, secretWrite, givenUp:
	}
	return none
}

// burstOf makes a 503 the first of several.
func (w *World) burstOf(t trouble) trouble {
	if t == edge503 {
		w.burst = time.Now().Add(time.Duration(w.rand.IntN(4000)) * time.Millisecond)
	}
	return t
}

func roll(r *rand.Rand, chance float64, of []trouble) trouble {
	if r.Float64() >= chance {
		return none
	}
	return of[r.IntN(len(of))]
}

func (k kind) String() string {
	return [...]string{"store_read", "store_write", "ashby_read", "ashby_write", "message", "secret", "secret_write", "given_up"}[k]
}

func down() error {
	return fault.New(fault.Unavailable, "store_unavailable", "the store cannot be reached")
}

func unheard() error {
	return fault.New(fault.Ambiguous, "store_ambiguous", "the write may not have been stored")
}

// outage is a time in which something is out for everybody.
type outage struct {
	what     trouble
	from, to time.Time
}

func (w *World) out(what trouble, now time.Time) bool {
	for _, o := range w.outages {
		if o.what == what && !now.Before(o.from) && now.Before(o.to) {
			return true
		}
	}
	return false
}
