package ashbytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// inbound is a call as it came in, its body read.
type inbound struct {
	method string
	path   string
	header http.Header
	body   []byte
}

// ending is how an exchange ends on the wire.
type ending int

const (
	answered ending = iota
	reset           // the connection breaks without an answer
	lost            // nothing, until the caller gives up
	cut             // half of the answer, then a broken connection
)

// outcome is the end of an exchange; answer is nil if there is none to send.
type outcome struct {
	ending ending
	answer *answer
}

// call is one call being served.
type call struct {
	*Ashby
	in       inbound
	endpoint endpoint
	key      *Key
	org      *orgState
	body     map[string]any
	now      time.Time
	fault    *Fault // never nil; its Kind is "" if none struck
	log      *Call
	identity [32]byte // what ids and rolls of this call come from
	drawn    int      // ids drawn by this call
	puts     []put
	before   []Value // what setValue read, in race mode
}

// exchange serves one call: faults that come before everything, the key, the
// limits, the permission, the wait, the endpoint itself, the faults that come
// after. Once here a call is served to its end, whether or not the caller still
// waits, as on a real server.
func (a *Ashby) exchange(in inbound) outcome {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.closed:
		return outcome{ending: reset}
	default:
	}
	c := a.arrive(in)
	if out, stop := c.strikeFirst(); stop {
		return out
	}
	if f := c.admitted(); f != nil {
		return c.refuse(f)
	}
	if c.fault.Kind == LostLate {
		a.later(c.fault.DelayMs.Duration(), c.applyLate)
		return c.finish(outcome{ending: lost}, 0)
	}
	if !c.wait() {
		return c.finish(outcome{ending: reset}, 0)
	}
	return c.strikeLast(c.apply())
}

func (a *Ashby) arrive(in inbound) *call {
	a.callSeq++
	name := strings.TrimPrefix(in.path, "/")
	c := &call{Ashby: a, in: in, now: a.now(), fault: &Fault{}, endpoint: endpoints[name]}
	c.log = &Call{Seq: a.callSeq, At: c.now, Endpoint: name}
	if json.Valid(in.body) {
		c.log.Request = bytes.Clone(in.body)
	}
	// The log is in order of arrival, though entries are written at the end.
	a.logged(c.log)
	key, f := a.authenticate(in.header)
	if f == nil {
		c.key, c.org = key, a.store.orgs[key.Org]
		c.log.Org, c.log.Key, c.log.KeyID = key.Org, key.LastFour(), key.ID
	}
	c.identify()
	if f := c.strike(); f != nil {
		c.fault, c.log.Fault = f, f.Kind
	}
	return c
}

// identify tells calls apart by what they say, and repeats of one by their
// count. Rolls and ids come from it rather than from the order of arrival, so
// that calls which race each other do not spoil a seed's repeatability. After a
// restart identities are others, lest an id be given twice.
func (c *call) identify() {
	said := digest(c.cfg.Seed, "call", c.epoch, c.log.KeyID, c.log.Endpoint, string(c.in.body))
	c.repeats[said]++
	c.identity = digest(c.cfg.Seed, "identity", said, c.repeats[said])
}

// newID draws an id for something this call makes.
func (c *call) newID() string {
	c.drawn++
	return uuidFrom(digest(c.cfg.Seed, "made", c.identity, c.drawn))
}

// strikeFirst ends calls whose fault comes before the server looks at them.
func (c *call) strikeFirst() (outcome, bool) {
	switch c.fault.Kind {
	case ResetBefore:
		return c.finish(outcome{ending: reset}, 0), true
	case LostBefore:
		return c.finish(outcome{ending: lost}, 0), true
	case Unavailable:
		return c.finish(outcome{answer: edgeError()}, http.StatusServiceUnavailable), true
	case Broken:
		return c.refuse(internalError()), true
	}
	return outcome{}, false
}

func edgeError() *answer {
	return &answer{
		status: http.StatusServiceUnavailable,
		header: http.Header{"Content-Type": {"text/html"}},
		body:   []byte("<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503</h1></body></html>\n"),
	}
}

func internalError() *failure {
	return &failure{status: http.StatusInternalServerError, code: "internal_error", message: "An unexpected error occurred"}
}

// admitted runs every check that comes before the endpoint itself.
func (c *call) admitted() *failure {
	if c.key == nil {
		_, f := c.authenticate(c.in.header)
		return f
	}
	if c.fault.Kind == Throttled {
		f := rateLimited()
		f.retry, f.scope = c.fault.RetryAfterMs.Duration(), c.fault.Scope
		return f
	}
	if f := c.admit(c.key); f != nil {
		return f
	}
	if c.in.method != http.MethodPost {
		return &failure{status: http.StatusMethodNotAllowed, code: "method_not_allowed", message: "Every endpoint is a POST"}
	}
	if c.endpoint.serve == nil {
		return &failure{status: http.StatusNotFound, code: "endpoint_not_found", message: "No such endpoint"}
	}
	if f := c.permit(c.key, c.endpoint.permission); f != nil {
		return f
	}
	if f := c.decode(); f != nil {
		return f
	}
	if c.fault.Kind == Refused {
		return fail(c.fault.Code, "Refused on purpose")
	}
	return nil
}

// decode reads the body and checks it against the endpoint's parameters.
func (c *call) decode() *failure {
	if asked := c.in.header.Get("Ashby-Version"); asked != "" && asked != version {
		return fail("api_version_not_supported", "This API version is not supported")
	}
	if kind, _, _ := strings.Cut(c.in.header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return invalid("", "Content-Type must be application/json")
	}
	if err := json.Unmarshal(c.in.body, &c.body); err != nil || c.body == nil {
		return invalid("", "Request payload is malformed")
	}
	for _, name := range []string{"candidateId", "objectId", "id"} {
		if id, ok := c.body[name].(string); ok && c.log.Candidate == "" && c.endpoint.aboutCandidate {
			c.log.Candidate = id
		}
	}
	return c.endpoint.check(c.body, c.modes.UnknownKeys == "reject")
}

// wait holds the call for as long as serving it takes. It lets go of the lock
// meanwhile, and is false if the Ashby was closed.
func (c *call) wait() bool {
	d := c.modes.Latency.Duration()
	if c.fault.Kind == Slow {
		d += c.fault.DelayMs.Duration()
	}
	if c.modes.Race > 0 && c.log.Endpoint == "customField.setValue" {
		c.readAhead()
		d += c.modes.Race.Duration()
	}
	id := c.key.ID
	c.flight[id]++
	c.busiest = max(c.busiest, c.flight[id])
	ok := true
	if d > 0 {
		c.mu.Unlock()
		ok = c.sleep(d)
		c.mu.Lock()
	}
	c.flight[id]--
	c.now = c.Ashby.now()
	return ok
}

// apply runs the endpoint and writes the journal, then logs the call.
func (c *call) apply() outcome {
	result, f := c.endpoint.serve(c)
	if c.endpoint.write && (f == nil || len(c.puts) > 0) {
		at := c.now
		c.log.Applied, c.log.AppliedAt = true, &at
	}
	if f != nil {
		return c.refuse(f)
	}
	c.log.Success = true
	var warnings []string
	if c.fault.Kind == Warned {
		warnings = []string{c.fault.Code}
	}
	return c.finish(outcome{answer: newAnswer(http.StatusOK, jsonContent, success(result, warnings))}, http.StatusOK)
}

// applyLate is a lost call that takes effect after all.
func (c *call) applyLate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.Ashby.now()
	late := *c.log
	c.log = &late
	c.logged(&late)
	c.apply()
}

// refuse ends the call with a failure.
func (c *call) refuse(f *failure) outcome {
	c.log.Code = f.code
	a := f.answer(c.shape(), requestID(c.identity, c.now))
	return c.finish(outcome{answer: a}, a.status)
}

func (c *call) shape() Shape {
	if c.modes.Shape != ShapeMixed {
		return c.modes.Shape
	}
	shapes := []Shape{ShapeBoth, ShapeObjects, ShapeStrings}
	return shapes[int(roll(c.cfg.Seed, "shape", c.identity)*float64(len(shapes)))]
}

// finish logs the call. What the journal cannot keep is not acknowledged.
func (c *call) finish(out outcome, status int) outcome {
	if silent(c.fault.Kind) {
		status = 0
	}
	c.log.Status = status
	if err := c.record(entry{Call: c.log, Puts: c.puts}); err != nil {
		return outcome{ending: reset}
	}
	return out
}

// silent says that a fault keeps the answer from arriving whole.
func silent(kind FaultKind) bool {
	switch kind {
	case ResetBefore, ResetAfter, LostBefore, LostAfter, LostLate, Cut:
		return true
	}
	return false
}

// strikeLast spoils the answer of a call that was served.
func (c *call) strikeLast(out outcome) outcome {
	switch c.fault.Kind {
	case ResetAfter:
		return outcome{ending: reset}
	case LostAfter:
		return outcome{ending: lost}
	case BrokenAfter:
		out.answer = internalError().answer(c.shape(), requestID(c.identity, c.now))
	case Cut:
		out.ending = cut
	case Garbage:
		out.answer.body = []byte("\x1f\x8b\x08 this is not JSON {")
	case Oversized:
		size := c.fault.Bytes
		if size == 0 {
			size = 16 << 20
		}
		out.answer.body = append(append([]byte(`{"success":true,"results":"`), bytes.Repeat([]byte("x"), size)...), `"}`...)
	}
	return out
}

// put stores a record as part of the call.
func (c *call) put(rec any) {
	p, err := c.store.apply(rec)
	if err != nil {
		panic(err) // a record without its organisation is a bug here
	}
	c.puts = append(c.puts, p)
}
