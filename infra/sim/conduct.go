package sim

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// conduct is how the drains behave towards a key, by what Ashby answered: who is
// told to wait waits, a key that is refused is left alone, and no more is on its way
// at once than is known to be borne. It sees calls as they begin and answers as they
// come, at the edge of a process.
type conduct struct {
	told   []*demand
	flying map[*process]int
	broken []Breach
}

// demand is what an answer asks of those who use a key.
type demand struct {
	key     string // empty: of all keys
	by      *process
	at      time.Time
	until   time.Time
	refused bool // the key; otherwise to wait
	calls   int  // begun since by those who must know
}

const (
	// moment is how long it may take from the leave to make a call to the call: who
	// has leave when the answer to another call comes does not hear of it any more.
	moment = time.Millisecond
	// tick is how much too early is no matter to anybody.
	tick = 10 * time.Millisecond
	// word is how long it may take until all drains know what one was told.
	word = 5 * time.Second
	// leaveAlone is for how long a refused key is tried by one call at most.
	leaveAlone = 25 * time.Second
	// mostFlying is how many calls of a drain may be on their way at once.
	mostFlying = 12
	// unsaid is for how long nothing is sent when Ashby did not say how long.
	unsaid = 5 * time.Second
)

// drains reports whether the process is one whose conduct is judged: people at
// their desks may try a key whenever they like.
func (p *process) drains() bool { return strings.HasPrefix(p.name, "push") }

// begins notes that a call of a process begins, and judges it.
func (w *World) begins(p *process, key string) {
	if !p.drains() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c, now := &w.conduct, time.Now()
	if c.flying[p]++; c.flying[p] > mostFlying {
		c.breach("no more calls on their way than are allowed", "%d of %s", c.flying[p], p.name)
	}
	for _, d := range c.told {
		known, until := d.at.Add(moment), d.until.Add(-tick)
		if p != d.by {
			known, until = d.at.Add(word), until.Add(-2*mostSkew)
		}
		if d.key != "" && d.key != key || !now.After(known) || !now.Before(until) || d.by.suffered(d.at) || p.suffered(d.at) {
			continue
		}
		d.calls++
		switch {
		case !d.refused:
			c.breach("who is told to wait waits", "a call %s after it, of %s", now.Sub(d.at), p.name)
		case d.calls > 1:
			c.breach("a key that is refused is left alone", "call %d, %s after it, of %s", d.calls, now.Sub(d.at), p.name)
		}
	}
}

// ends notes what a call of a process came to.
func (w *World) ends(p *process, key string, res *http.Response) {
	if !p.drains() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c, now := &w.conduct, time.Now()
	c.flying[p]--
	if res == nil || res.StatusCode >= http.StatusInternalServerError {
		c.accepted(key) // it may have been: nobody knows, and the next call may try
		return
	}
	d := &demand{key: key, by: p, at: now}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		wait, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		d.until = now.Add(max(time.Duration(wait)*time.Second, unsaid))
		if res.Header.Get("X-RateLimit-Scope") == "integration-partner" {
			d.key = ""
		}
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden && strings.Contains(peek(res), "invalid_api_key"):
		d.refused, d.until = true, now.Add(leaveAlone)
	default:
		return
	}
	c.told = append(c.told, d)
}

// accepted forgets that a key was refused: it is no more.
func (c *conduct) accepted(key string) {
	for _, d := range c.told {
		if d.refused && d.key == key {
			d.until = d.at
		}
	}
}

func (c *conduct) breach(invariant, format string, args ...any) {
	c.broken = append(c.broken, Breach{OverLimit, invariant, fmt.Sprintf(format, args...)})
}

// peek reads an answer and leaves it to be read.
func peek(res *http.Response) string {
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return ""
	}
	return string(body)
}
