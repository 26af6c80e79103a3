package ashbytest

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// kind is what a parameter must be.
type kind int

const (
	text      kind = iota
	nonBlank       // text with something in it
	id             // a UUID
	flag           // a boolean
	whole          // an integer
	timestamp      // an ISO date and time
	link           // an absolute http(s) URL
	email          // an address
	texts          // a list of strings
	objects        // a list of objects
	object         // an object
	anything       // whatever; null too
)

// param is one key of a request.
type param struct {
	name     string
	kind     kind
	required bool
	oneOf    []string // for text
}

// endpoint is one method of the API.
type endpoint struct {
	permission string
	// write says that it changes something; a read is never "applied".
	write bool
	// strict endpoints refuse keys they do not know, whatever the mode.
	strict bool
	// aboutCandidate says that its id, candidateId or objectId is a candidate's.
	aboutCandidate bool
	params         []param
	serve          func(*call) (any, *failure)
}

// check validates a body. An optional parameter that is null is removed: it
// counts as not sent.
func (e endpoint) check(body map[string]any, strict bool) *failure {
	if strict || e.strict {
		for name := range body {
			if !slices.ContainsFunc(e.params, func(p param) bool { return p.name == name }) {
				return invalid(name, "Unrecognized key: "+name)
			}
		}
	}
	for _, p := range e.params {
		value, sent := body[p.name]
		if value == nil && p.kind != anything {
			delete(body, p.name)
			sent = false
		}
		if !sent {
			if p.required {
				return invalid(p.name, "Missing required parameter: "+p.name)
			}
			continue
		}
		if !p.accepts(value) {
			return invalid(p.name, "Invalid value for "+p.name)
		}
	}
	return nil
}

func (p param) accepts(value any) bool {
	switch p.kind {
	case anything:
		return true
	case flag:
		_, ok := value.(bool)
		return ok
	case whole:
		n, ok := value.(float64)
		return ok && n == math.Trunc(n) && math.Abs(n) < 1<<53
	case object:
		_, ok := value.(map[string]any)
		return ok
	case texts, objects:
		return acceptsList(p.kind, value)
	}
	s, ok := value.(string)
	return ok && p.acceptsText(s)
}

func acceptsList(k kind, value any) bool {
	list, ok := value.([]any)
	if !ok {
		return false
	}
	for _, item := range list {
		switch item.(type) {
		case string:
			ok = k == texts
		case map[string]any:
			ok = k == objects
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func (p param) acceptsText(s string) bool {
	switch p.kind {
	case nonBlank:
		return strings.TrimSpace(s) != ""
	case id:
		return isUUID(s)
	case timestamp:
		_, ok := parseTime(s)
		return ok
	case link:
		return isURL(s)
	case email:
		return isEmail(s)
	}
	return len(p.oneOf) == 0 || slices.Contains(p.oneOf, s)
}

var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isUUID(s string) bool { return uuidPattern.MatchString(s) }

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(s, " \t\r\n") && !strings.Contains(domain, "@")
}

func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC().Truncate(time.Millisecond), err == nil
}

// stamp writes a time as Ashby does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// The getters read a parameter that check has let through.

func (c *call) text(name string) string { s, _ := c.body[name].(string); return s }

func (c *call) has(name string) bool { _, ok := c.body[name]; return ok }

func (c *call) flag(name string, otherwise bool) bool {
	if b, ok := c.body[name].(bool); ok {
		return b
	}
	return otherwise
}

// time reads a timestamp, or is now if it was not sent.
func (c *call) time(name string) time.Time {
	if t, ok := parseTime(c.text(name)); ok {
		return t
	}
	return c.now
}
