package ashbytest

import (
	"fmt"
	"slices"
	"strings"
)

// FaultKind is what goes wrong.
type FaultKind string

// The faults. "Lost" means that the caller hears nothing until it gives up.
const (
	// ResetBefore breaks the connection; nothing is applied.
	ResetBefore FaultKind = "reset-before"
	// ResetAfter applies the call, then breaks the connection.
	ResetAfter FaultKind = "reset-after"
	// LostBefore never answers and applies nothing.
	LostBefore FaultKind = "lost-before"
	// LostAfter applies the call and never answers.
	LostAfter FaultKind = "lost-after"
	// LostLate never answers and applies the call DelayMs later.
	LostLate FaultKind = "lost-late"
	// Unavailable is a 503 with an HTML body from the edge.
	Unavailable FaultKind = "unavailable"
	// Broken is a 500 with an envelope; nothing is applied.
	Broken FaultKind = "broken"
	// BrokenAfter is a 500 after the call was applied.
	BrokenAfter FaultKind = "broken-after"
	// Cut applies the call and sends half of the answer.
	Cut FaultKind = "cut"
	// Garbage applies the call and answers 200 with something that is not JSON.
	Garbage FaultKind = "garbage"
	// Oversized applies the call and answers with Bytes of valid JSON.
	Oversized FaultKind = "oversized"
	// Slow adds DelayMs to the call.
	Slow FaultKind = "slow"
	// Throttled answers 429 whatever the limit; RetryAfterMs adds the header.
	Throttled FaultKind = "throttled"
	// Refused answers success:false with Code, such as sync_token_expired.
	Refused FaultKind = "refused"
	// Warned is a success that carries Code among its warnings.
	Warned FaultKind = "warned"
)

var faultKinds = []FaultKind{
	ResetBefore, ResetAfter, LostBefore, LostAfter, LostLate, Unavailable, Broken,
	BrokenAfter, Cut, Garbage, Oversized, Slow, Throttled, Refused, Warned,
}

// Fault is a rule: which calls it strikes, and with what.
type Fault struct {
	ID   string    `json:"id"`
	Kind FaultKind `json:"kind"`
	// Endpoints it can strike, such as "candidate.create" or "candidate.*"; all
	// if empty.
	Endpoints []string `json:"endpoints,omitempty"`
	// Writes limits it to endpoints that change something.
	Writes bool `json:"writes,omitempty"`
	// Key limits it to a key, by id.
	Key string `json:"key,omitempty"`
	// Skip lets so many matching calls pass first.
	Skip int `json:"skip,omitempty"`
	// Count is how many calls it strikes before it is spent; 0 is no end.
	Count int `json:"count,omitempty"`
	// Probability of striking a matching call; 0 means always. The roll comes
	// from the seed and from what the call says and how often it was said, not
	// from the order of arrival; Skip and Count go by that order.
	Probability float64 `json:"probability,omitempty"`
	// Burst makes each strike by the roll a run of so many: the matching calls
	// that come next are struck too.
	Burst int `json:"burst,omitempty"`
	// DelayMs of LostLate and Slow.
	DelayMs Millis `json:"delayMs,omitempty"`
	// RetryAfterMs of Throttled; no header if 0.
	RetryAfterMs Millis `json:"retryAfterMs,omitempty"`
	// Scope is X-RateLimit-Scope of Throttled.
	Scope string `json:"scope,omitempty"`
	// Code of Refused and Warned.
	Code string `json:"code,omitempty"`
	// Bytes of Oversized; 16 MiB if 0.
	Bytes int `json:"bytes,omitempty"`
	// Matched and Struck count what it has seen and done.
	Matched int `json:"matched"`
	Struck  int `json:"struck"`

	run int // calls still to strike of a burst
}

// faults are the rules in force, in the order of their making. They are not
// part of the saved state.
type faults struct {
	seq   int
	rules []*Fault
}

// AddFault puts a rule into force and returns its id.
func (a *Ashby) AddFault(f Fault) (string, error) {
	if err := f.check(); err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults.seq++
	f.ID, f.Matched, f.Struck = fmt.Sprintf("f%d", a.faults.seq), 0, 0
	a.faults.rules = append(a.faults.rules, &f)
	return f.ID, nil
}

// check refuses rules that could not work.
func (f *Fault) check() error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("fault kind %q is none of %q", f.Kind, faultKinds)
	}
	if (f.Kind == Refused || f.Kind == Warned) && f.Code == "" {
		return fmt.Errorf("fault %q needs a code", f.Kind)
	}
	if f.Probability < 0 || f.Probability > 1 || f.Count < 0 || f.Burst < 0 || f.Skip < 0 || f.DelayMs < 0 || f.Bytes < 0 {
		return fmt.Errorf("fault %q: a number out of range", f.Kind)
	}
	return nil
}

// ClearFaults takes rules out of force: the one with that id, or all if it is
// empty.
func (a *Ashby) ClearFaults(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults.rules = slices.DeleteFunc(a.faults.rules, func(f *Fault) bool { return id == "" || f.ID == id })
}

// Faults are the rules in force with what they did so far.
func (a *Ashby) Faults() []Fault {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []Fault{}
	for _, f := range a.faults.rules {
		list = append(list, *f)
	}
	return list
}

// strike picks the fault, if any, that the call meets: the first rule that
// matches and whose roll comes up. A call meets one fault at most.
func (c *call) strike() *Fault {
	for _, f := range c.faults.rules {
		if !f.matches(c.log.Endpoint, c.endpoint.write, c.key) || f.Count > 0 && f.Struck >= f.Count {
			continue
		}
		f.Matched++
		if f.Matched <= f.Skip {
			continue
		}
		switch {
		case f.run > 0:
			f.run--
		case f.Probability > 0 && roll(c.cfg.Seed, "fault", f.ID, c.identity) >= f.Probability:
			continue
		default:
			f.run = max(0, f.Burst-1)
		}
		f.Struck++
		struck := *f
		return &struck
	}
	return nil
}

func (f *Fault) matches(endpoint string, write bool, key *Key) bool {
	if f.Writes && !write || f.Key != "" && (key == nil || key.ID != f.Key) {
		return false
	}
	return len(f.Endpoints) == 0 || slices.ContainsFunc(f.Endpoints, func(pattern string) bool {
		prefix, wild := strings.CutSuffix(pattern, "*")
		return pattern == endpoint || wild && strings.HasPrefix(endpoint, prefix)
	})
}
