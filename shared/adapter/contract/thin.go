package contract

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// thin reads a loosely known payload: a name may have several spellings, the
// contact may lie at the top or one level below, and what does not fit is passed
// over.
type thin []*node // objects to look into, the innermost first

// layersOf finds the objects of a thin payload.
func layersOf(root *node) thin {
	layers := thin{root}
	for range 2 { // {"data":{"candidate":{…}}} is the deepest known
		for _, key := range []string{"candidate", "contact", "data", "payload"} {
			if inner := layers[0].fields[key]; inner != nil && inner.kind == object {
				layers = slices.Insert(layers, 0, inner)
				break
			}
		}
	}
	return layers
}

// find gives the first value under one of the names; a null is no value.
func (t thin) find(names ...string) *node {
	for _, layer := range t {
		for _, name := range names {
			if n := layer.fields[name]; n != nil && n.kind != null && n.kind != tooDeep {
				return n
			}
		}
	}
	return nil
}

// text gives a string or number as text, trimmed; empty when there is none or it
// is longer than limit bytes.
func (t thin) text(limit int, names ...string) string {
	n := t.find(names...)
	if n == nil || (n.kind != text && n.kind != number) || len(n.text) > limit {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// time gives a time written as unix seconds (or milliseconds, which are told by
// their size), as number or text, or as RFC 3339; zero when there is none.
func (t thin) time(names ...string) time.Time {
	s := t.text(maxNumber, names...)
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at.UTC()
	}
	seconds, err := strconv.ParseFloat(s, 64)
	if err != nil || seconds <= 0 || seconds > 1e14 {
		return time.Time{}
	}
	if seconds >= 1e11 {
		seconds /= 1000
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// snapshot gathers every variable of the innermost object (those around it have
// words of their own, such as a source) that has a fitting value. email, phone
// and linkedinUrl stand for the first of emails, phones and socialLinks.
func (t thin) snapshot() contact.Snapshot {
	out := contact.Snapshot{}
	for _, key := range t[0].keys {
		if v, ok := thinValue(contact.KindOf(contact.Variable(key)), t[0].fields[key]); ok {
			out[contact.Variable(key)] = v
		}
	}
	for list, single := range map[contact.Variable][]string{
		contact.Emails: {"email"}, contact.Phones: {"phone"}, contact.SocialLinks: {"linkedinUrl", "linkedInUrl", "linkedin"},
	} {
		first := t[:1].text(maxURL, single...)
		if first == "" {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(out[list].List), func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), first) })
		out[list] = contact.Value{List: append([]string{first}, rest...)}
	}
	return out
}

// thinValue reads a variable's value; a null says nothing in a thin payload.
func thinValue(kind contact.Kind, n *node) (contact.Value, bool) {
	s := &sheet{}
	var v contact.Value
	switch {
	case kind == contact.Text && (n.kind == text || n.kind == number) && len(n.text) <= maxText:
		v.Text = n.text
	case kind == contact.List && n.kind == list:
		v.List = s.texts(n, "", maxURL)
	case kind == contact.List && n.kind == text && len(n.text) <= maxURL:
		v.List = []string{n.text}
	case kind == contact.Objects && n.kind == list:
		v = readObjects(s, n, "")
	default:
		return v, false
	}
	return v, len(s.mistakes) == 0
}
