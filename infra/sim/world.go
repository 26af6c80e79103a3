package sim

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// World is a few teams, what happens to them, and the service that serves them.
type World struct {
	Seed uint64
	rand *rand.Rand
	fate *rand.Rand // what troubles are like
	gate *gate
	wait func() // until nothing moves: synctest.Wait

	config, timeline *memory.Table
	copies           *memory.Table // of Ashby's candidates
	events, work     *memory.Queue
	dead             *memory.Queue // what could not be decoded
	sim              *ashbytest.Ashby
	ashby            http.RoundTripper
	secrets          map[string]kept
	keys             map[string]string // team by key

	rates   rates
	outages []outage
	burst   time.Time     // 503s until then
	calm    time.Time     // nothing goes wrong any more from then on
	longest time.Duration // after which everything must be done with

	teams    []*team
	busy     bool // everybody is added at once
	script   []action
	accepted []*accepted
	parcels  map[string][]*accepted // by the message that carries them
	// forgeries are second bodies under one id, by the message that carries them.
	forgeries map[string]*accepted
	start     time.Time
	sweep     time.Time // the next one's

	mu       sync.Mutex
	seen     map[Cell]int
	closures []closure
	delayed  []closure      // calls that were long on their way, reads too
	flying   map[string]int // writes on their way, by candidate
	overlaps []string
	thaws    []time.Time // when processes that stood still go on
	conduct  conduct
	trace    func(string, ...any)
	log      *slog.Logger

	pools     []*pool
	office    *desk
	later     []action // that came up while others were busy
	processes int
	running   int // invocations
}

// Cell is one thing that can go wrong with one kind of step.
type Cell struct{ Trouble, Kind, Step string }

// action is something that somebody does at a time.
type action struct {
	at   time.Time
	name string
	do   func()
}

// closure is a write of which nobody could know whether it was applied: its
// candidate is closed to other writes for the settle time.
type closure struct {
	team      string
	candidate string
	from      time.Time
	path      string
	body      string
	fault     trouble
}

// team of a world.
type team struct {
	id, org, key string
	keyID        string
	fields       map[string]string // Ashby's ids by title
	profile      profile
	history      []settings
	people       []*human
	deleted      map[string]bool // candidates that recruiters deleted
	edits        []recruiting
	rotated      time.Time // zero: the key stayed
	blinded      bool      // to a key that does not see everybody, for a while
	letters      bool      // emails go to Ashby as emails
	wavers       bool      // or not, for a while
	quiet        []quiet
	backfills    bool // what was withheld is written when somebody is put into Ashby late
}

// recruiting is what a recruiter typed over a field in Ashby.
type recruiting struct {
	candidate, field, value string
	at                      time.Time
}

// human is a contact in SourceWhale.
type human struct {
	id           string
	first        string
	last         string
	emails       []string
	shares       *human   // whose address this one has too
	changes      bool     // gets another address on the way
	known        []string // candidates in Ashby from the start
	ambiguous    bool
	confidential bool      // some keys do not see their candidate
	protected    string    // company in Ashby from the start
	lost         bool      // the candidate was deleted in Ashby
	merged       bool      // the candidate was merged into another
	heldEver     bool      // somebody held their work for a while
	answered     string    // about the ambiguity: link, create_new or never
	answering    bool      // somebody meant to answer
	forgetting   bool      // somebody asked to forget them
	forgotten    time.Time // zero: they were not, or not yet
	events       []*accepted
	wishes       []*wish
	versions     map[string]time.Time // of values, by text
}

// accepted is an event that intake answered for.
type accepted struct {
	event.Event
	team    *team
	human   *human
	first   time.Time   // given to record for the first time
	acked   time.Time   // record acknowledged it
	forged  time.Time   // another body under its id was given to record
	whole   bool        // an email with all the parts of one
	again   []time.Time // when it was accepted again
	retried time.Time   // somebody sent it again by hand
	poison  bool        // it ends every drain that reads what is in it
}

// New makes a world of a seed. It must run on simulated time.
func New(seed uint64, wait func(), trace func(string, ...any), log *slog.Logger) (*World, error) {
	w := &World{
		Seed: seed, rand: rand.New(rand.NewPCG(seed, 0x5eed)), //nolint:gosec // a world is to be the same again
		gate: newGate(), wait: wait, start: time.Now(), sweep: time.Now(),
		config: memory.NewTable(time.Now), timeline: memory.NewTable(time.Now), copies: memory.NewTable(time.Now), secrets: map[string]kept{}, keys: map[string]string{}, flying: map[string]int{}, forgeries: map[string]*accepted{},
		rates: usual, longest: longest, parcels: map[string][]*accepted{}, seen: map[Cell]int{}, trace: trace, log: log,
	}
	w.fate = w.apart("fate")
	w.conduct.flying = map[*process]int{}
	if log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	twice := func() bool {
		hit := time.Now().Before(w.calm) && w.rand.IntN(40) == 0
		if hit {
			w.saw(givenTwice, "", "")
		}
		return hit
	}
	pick := func(n int) int {
		if n < 2 || w.rand.IntN(4) != 0 {
			return 0
		}
		w.saw(reordered, "", "")
		return w.rand.IntN(n)
	}
	w.events = memory.NewQueue(time.Now, memory.QueueOptions{Twice: twice, Pick: pick})
	w.work = memory.NewQueue(time.Now, memory.QueueOptions{FIFO: true, Twice: twice, Pick: pick})
	w.dead = memory.NewQueue(time.Now, memory.QueueOptions{})
	w.sim = ashbytest.New(ashbytest.Config{Seed: seed})
	w.ashby = w.sim.Transport()
	if err := w.sim.SetModes(func(m *ashbytest.Modes) {
		m.Latency = ashbytest.Millis([]int{3, 37, 143}[w.rand.IntN(3)])
		m.Limit.Kind = []ashbytest.LimitKind{ashbytest.FixedWindow, ashbytest.SlidingLog, ashbytest.TokenBucket}[w.rand.IntN(3)]
		m.Limit.RetryAfter = w.rand.IntN(2) == 0
	}); err != nil {
		return nil, err
	}
	if err := w.populate(); err != nil {
		return nil, err
	}
	w.happen()
	w.correspond()
	w.turnOff()
	w.wishFor()
	w.testifyFor()
	if err := w.oddities(); err != nil {
		return nil, err
	}
	w.staff()
	return w, nil
}

// at plans an action behind those of its moment.
func (w *World) at(t time.Time, name string, do func()) {
	i, _ := slices.BinarySearchFunc(w.script, t, func(a action, t time.Time) int {
		if a.at.After(t) {
			return 1
		}
		return -1
	})
	w.script = slices.Insert(w.script, i, action{t, name, do})
}

// between is a moment of the world, by chance.
func (w *World) between(from, to time.Duration) time.Time {
	return w.start.Add(from + time.Duration(w.rand.Int64N(int64(to-from)+1)))
}

func (w *World) saw(t trouble, kind, step string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen[Cell{string(t), kind, step}]++
}

// configs is the configuration as an admin's request reaches it.
func (w *World) configs() *config.Store {
	return config.New(w.config, time.Now, w.adminToken)
}

func (w *World) ledger() *timeline.Store { return timeline.New(w.timeline, time.Now, w.adminToken) }

func (w *World) adminToken() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.processes++
	return fmt.Sprintf("admin-%d", w.processes)
}

// Close ends the world's Ashby.
func (w *World) Close() { _ = w.sim.Close() }

func (w *World) someoneShares(t *team, h *human) bool {
	return slices.ContainsFunc(t.people, func(o *human) bool { return o.shares == h })
}

// teamOf finds the team whose key a request bears, or bore.
func (w *World) teamOf(r *http.Request) string {
	key, _, _ := r.BasicAuth()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.keys[key]
}
