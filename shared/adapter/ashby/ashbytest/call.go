package ashbytest

import (
	"encoding/json"
	"slices"
	"time"
)

// Call is one API call in the call log. The log is kept in the journal and only
// ever grows: it can prove what happened after other processes were killed.
type Call struct {
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
	Org string    `json:"org,omitempty"`
	// Key is the key's last four characters, KeyID its id. Neither is set if no
	// valid key was sent.
	Key      string `json:"key,omitempty"`
	KeyID    string `json:"keyId,omitempty"`
	Endpoint string `json:"endpoint"`
	// Status of the answer, 0 if none was sent whole.
	Status int `json:"status"`
	// Success and Code are the envelope's, as decided: the caller may not have
	// seen them.
	Success bool   `json:"success"`
	Code    string `json:"code,omitempty"`
	// Fault is the kind that struck, if one did.
	Fault FaultKind `json:"fault,omitempty"`
	// Candidate is the id that the request names, or the one created.
	Candidate string `json:"candidate,omitempty"`
	// Result is the id of what was created: a candidate, note, email, tag ...
	Result string `json:"result,omitempty"`
	// Request is the body, if it is JSON.
	Request json.RawMessage `json:"request,omitempty"`
	// Applied says that a write took effect, AppliedAt when. Reads are never.
	Applied   bool       `json:"applied"`
	AppliedAt *time.Time `json:"appliedAt,omitempty"`
}

// CallFilter selects calls. Zero fields select everything.
type CallFilter struct {
	Endpoint  string
	Candidate string
	Org       string
	KeyID     string
	Status    int
	Applied   *bool
	After     int64 // only calls of a higher seq
	Limit     int   // the first so many
}

// Calls returns the call log, oldest first.
func (a *Ashby) Calls(f CallFilter) []Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	start, _ := slices.BinarySearchFunc(a.calls, f.After+1, func(c *Call, seq int64) int { return int(c.Seq - seq) })
	list := []Call{}
	for _, c := range a.calls[start:] {
		if !f.selects(c) {
			continue
		}
		list = append(list, *c)
		if f.Limit > 0 && len(list) == f.Limit {
			break
		}
	}
	return list
}

func (f CallFilter) selects(c *Call) bool {
	return (f.Endpoint == "" || f.Endpoint == c.Endpoint) &&
		(f.Candidate == "" || f.Candidate == c.Candidate) &&
		(f.Org == "" || f.Org == c.Org) &&
		(f.KeyID == "" || f.KeyID == c.KeyID) &&
		(f.Status == 0 || f.Status == c.Status) &&
		(f.Applied == nil || *f.Applied == c.Applied)
}

// Stats counts calls.
type Stats struct {
	Calls int `json:"calls"`
	// Endpoints counts calls by endpoint, Applied the writes that took effect,
	// Statuses by status, Codes failures by code, Faults by kind.
	Endpoints map[string]int    `json:"endpoints"`
	Applied   map[string]int    `json:"applied"`
	Statuses  map[int]int       `json:"statuses"`
	Codes     map[string]int    `json:"codes"`
	Faults    map[FaultKind]int `json:"faults"`
	// MaxInFlight is the most calls of one key served at a time. It is not
	// kept across a restart.
	MaxInFlight int `json:"maxInFlight"`
}

func newStats() Stats {
	return Stats{
		Endpoints: map[string]int{}, Applied: map[string]int{}, Statuses: map[int]int{},
		Codes: map[string]int{}, Faults: map[FaultKind]int{},
	}
}

// Stats returns a copy of the counters.
func (a *Ashby) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	stats := newStats()
	stats.MaxInFlight = a.busiest
	for _, c := range a.calls {
		stats.add(c)
	}
	return stats
}

func (s *Stats) add(c *Call) {
	s.Calls++
	s.Endpoints[c.Endpoint]++
	s.Statuses[c.Status]++
	if c.Applied {
		s.Applied[c.Endpoint]++
	}
	if c.Code != "" {
		s.Codes[c.Code]++
	}
	if c.Fault != "" {
		s.Faults[c.Fault]++
	}
}

// logged puts a call into the log, over an earlier entry of its seq.
func (a *Ashby) logged(c *Call) {
	i, found := slices.BinarySearchFunc(a.calls, c.Seq, func(c *Call, seq int64) int { return int(c.Seq - seq) })
	if found {
		a.calls[i] = c
		return
	}
	a.calls = slices.Insert(a.calls, i, c)
	a.callSeq = max(a.callSeq, c.Seq)
}
