package push

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Budgets keep what is spent of keys, where all drains of a team find it. Errors
// are faults; a Conflict of SaveBudget means that another drain spends by now.
type Budgets interface {
	Budget(ctx context.Context, team string) (budget.State, delivery.Revision, error)
	SaveBudget(ctx context.Context, team string, s budget.State, read delivery.Revision) (delivery.Revision, error)
	// Reserve reads what people in the settings spend beside.
	Reserve(ctx context.Context, team string) (budget.Reserve, delivery.Revision, error)
	// EverybodyPaused says until when no team may call; PauseEverybody makes it so.
	EverybodyPaused(ctx context.Context) (time.Time, error)
	PauseEverybody(ctx context.Context, until time.Time) error
}

// tendEvery is how often what others spend is read, and what this drain spends is
// written down.
const tendEvery = 2 * time.Second

// pacer lets the calls of one drain begin, at the pace that the team's key allows
// and in as many at a time. It takes up where the last drain ended. Where it cannot
// tell what was spent, nothing is.
//
// A call is paid before it begins: the row holds all calls that were made and some
// more that this drain may still make, its allowance. So whoever writes the row next
// knows of them, be it a drain that runs beside this one or one that follows a crash.
type pacer struct {
	store  Budgets
	limits budget.Limits
	now    func() time.Time
	team   string

	mu       sync.Mutex
	state    budget.State
	waiting  [2][]*struct{ byte } // those who wait for leave, urgent ones first
	wants    struct{ rate, flight bool }
	people   int   // calls of people in the settings, in the last minute
	paid     int   // calls that the row holds and that did not begin yet
	news     bool  // something of the state is not in the row
	throttle int   // answers that asked to slow down
	failed   error // the row could not be written: nothing begins any more

	pen      chan struct{}     // holds one element; who takes it writes the row
	revision delivery.Revision // of the row that this drain read or wrote; of who has the pen
	tended   time.Time
}

// openPacer reads what was learnt and spent of a team's key. An error: nothing may
// be spent.
func openPacer(ctx context.Context, store Budgets, l budget.Limits, team string, now func() time.Time) (*pacer, error) {
	state, revision, err := store.Budget(ctx, team)
	if err != nil {
		return nil, err
	}
	p := &pacer{store: store, limits: l, now: now, team: team, state: budget.Begin(state, l, now()), revision: revision, pen: make(chan struct{}, 1)}
	p.pen <- struct{}{}
	return p, p.others(ctx)
}

// others reads what holds beside this drain's own spending.
func (p *pacer) others(ctx context.Context) error {
	until, err := p.store.EverybodyPaused(ctx)
	if err != nil {
		return err
	}
	reserve, _, err := p.store.Reserve(ctx, p.team)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tended = p.now()
	p.people = reserve.Used(p.tended)
	p.state.Pause(until)
	return nil
}

// tend reads what others spend and writes down what was spent here, now and then.
func (p *pacer) tend(ctx context.Context) error {
	if p.now().Sub(p.tended) < tendEvery {
		return nil
	}
	if err := p.others(ctx); err != nil {
		return err
	}
	return p.save(ctx, true)
}

// save writes down what was learnt and spent here, if anything was, and pays for the
// calls to come where this drain goes on. What was paid and is not needed is given
// back by that.
func (p *pacer) save(ctx context.Context, on bool) error {
	p.mu.Lock()
	news := p.news || p.failed != nil || !on && p.paid > 0
	p.mu.Unlock()
	if !news {
		return nil
	}
	ahead := 0
	if on {
		ahead = p.limits.Ahead
	}
	return p.pay(ctx, func() (int, bool) { return ahead, true })
}

// pay writes the row with so many calls to come, if that is called for when nobody
// else writes it. Calls that begin meanwhile are of those that are paid already.
func (p *pacer) pay(ctx context.Context, ahead func() (n int, needed bool)) error {
	<-p.pen
	defer func() { p.pen <- struct{}{} }()
	p.mu.Lock()
	n, needed := ahead()
	if p.failed != nil || !needed {
		defer p.mu.Unlock()
		return p.failed
	}
	state := p.state.Ahead(p.limits, p.now(), n)
	kept := min(p.paid, n) // may begin while the row is written, whether it is or not
	p.paid, p.news = kept, false
	p.mu.Unlock()
	revision, err := p.store.SaveBudget(ctx, p.team, state, p.revision)
	if fault.Is(err, fault.Conflict) {
		p.handOver(ctx, state.Paused)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failed, p.paid = err, 0
		return err
	}
	p.revision = revision
	p.paid += n - kept
	return nil
}

// handOver tells the drain that spends beside this one until when Ashby wants to be
// left alone: what was asked of one concerns both. That one finds the row changed.
// Where this fails, Ashby tells it itself.
func (p *pacer) handOver(ctx context.Context, until time.Time) {
	for range handOvers {
		state, revision, err := p.store.Budget(ctx, p.team)
		if err != nil || !until.After(p.now()) || !until.After(state.Paused) {
			return
		}
		state.Pause(until)
		if _, err = p.store.SaveBudget(ctx, p.team, state, revision); !fault.Is(err, fault.Conflict) {
			return
		}
	}
}

// handOvers is how often a row that others write too is tried.
const handOvers = 5

// affords gives a call that is paid; it pays for more where there is none. False: it
// cannot. It is called, and comes back, with the state locked.
func (p *pacer) affords(ctx context.Context) bool {
	for p.paid == 0 && p.failed == nil && ctx.Err() == nil {
		p.mu.Unlock()
		_ = p.pay(context.WithoutCancel(ctx), func() (int, bool) { return p.limits.Ahead, p.paid == 0 }) // failed has it
		p.mu.Lock()
	}
	return p.failed == nil && p.paid > 0
}

// urgency is the context's mark of work that others of the team wait behind.
type urgency struct{}

func urgently(ctx context.Context, live bool) context.Context {
	return context.WithValue(ctx, urgency{}, live)
}

// take waits for leave to begin one call; false when there is none by then, or
// nobody can write down that it was spent. Urgent work goes before other.
func (p *pacer) take(ctx context.Context, by time.Time) bool {
	live, _ := ctx.Value(urgency{}).(bool)
	place := 1
	if live {
		place = 0
	}
	me := &struct{ byte }{}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[place] = append(p.waiting[place], me)
	defer func() {
		p.waiting[place] = slices.DeleteFunc(p.waiting[place], func(w *struct{ byte }) bool { return w == me })
	}()
	for {
		now := p.now()
		before := slices.Index(p.waiting[place], me)
		if !live {
			before += len(p.waiting[0])
		}
		wait := p.state.Wait(p.limits, now, before, p.people)
		switch {
		case ctx.Err() != nil, now.Add(wait).After(by):
			return false
		case wait == 0 && p.paid == 0:
			if !p.affords(ctx) {
				return false
			}
			continue // that took its time
		case wait == 0:
			p.state.Spend(p.limits, now)
			p.state.Grow(p.limits, now, p.wants.rate, p.wants.flight)
			p.paid--
			p.news = true
			return true
		}
		p.wants.rate = true
		turn := time.Duration(2*before+place) * time.Microsecond // of those whose moment is the same
		p.mu.Unlock()
		slept := sleep(ctx, wait+turn)
		p.mu.Lock()
		if !slept {
			return false
		}
	}
}

// slow notes an answer that asked to slow down; wait is how long, zero: it was not
// said. It gives until when nothing begins.
func (p *pacer) slow(wait time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.news = true
	p.throttle++
	return p.state.Throttle(p.now(), wait)
}

// broken gives why what is spent cannot be written down any more.
func (p *pacer) broken() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// throttled counts the answers that asked to slow down.
func (p *pacer) throttled() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.throttle
}

// atOnce is how many calls may be on their way, which is how many people are worked
// on: each has one. crowded says that there are more who wait for a place.
func (p *pacer) atOnce() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state.AtOnce()
}

func (p *pacer) crowded(is bool, flying int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wants.flight = is
	p.state.Flying = min(flying, p.state.AtOnce())
}

// calm says that nobody waits, so that a pace that was enough is not raised.
func (p *pacer) calm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wants.rate = len(p.waiting[0])+len(p.waiting[1]) > 0
}

// pausedUntil is until when nothing begins.
func (p *pacer) pausedUntil() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state.Paused
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// codePartner is the code of a limit on all traffic of this integration: it
// concerns every team.
const codePartner = "rate_limited_partner"

// slowDown keeps to what Ashby asks for, for every team where it says so, and gives
// for how long.
func (d *drain) slowDown(ctx context.Context, f *fault.Error) (time.Duration, error) {
	until := d.pacer.slow(f.RetryAfter())
	var err error
	if f.Code() == codePartner {
		err = d.Budgets.PauseEverybody(ctx, until)
	}
	return until.Sub(d.Now()), err
}
