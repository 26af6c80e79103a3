package sim

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// written is one value that was put into a field of a candidate.
type written struct {
	candidate, value string
	at               time.Time // when Ashby applied it
	of               time.Time // when the value came up in SourceWhale
	by               *human
}

// values judges the companies and roles in Ashby: nothing older than what was
// there, nothing over what is protected, and the newest of what was asked for.
func (j *judge) values() {
	for _, title := range []string{"Company", "Title"} {
		writes := j.writes(j.t.fields[title])
		j.newer(title, writes)
		j.trampled(title, writes)
		j.bidden(title, writes)
		for _, h := range j.t.people {
			j.newest(title, h, writes)
			j.pushed(title, h, writes)
		}
	}
	j.protected()
}

// writes lists what was written to a field, in the order in which it was applied.
func (j *judge) writes(field string) []written {
	var out []written
	for _, c := range j.calls {
		if !c.Applied || c.Endpoint != "customField.setValues" && c.Endpoint != "candidate.create" {
			continue
		}
		var b struct {
			Values []struct {
				FieldID    string
				FieldValue any
			}
		}
		j.must(json.Unmarshal(c.Request, &b))
		for _, v := range b.Values {
			text, _ := v.FieldValue.(string)
			if v.FieldID != field {
				continue
			}
			w := written{candidate: c.Candidate, value: text, at: *c.AppliedAt}
			for _, h := range j.t.people {
				if of, ok := h.versions[text]; ok {
					w.of, w.by = of, h
				}
			}
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b written) int { return a.at.Compare(b.at) })
	return out
}

// newer wants the values that one person brings to a candidate to get newer.
func (j *judge) newer(title string, writes []written) {
	for i, a := range writes {
		for _, b := range writes[i+1:] {
			if a.by.anew(b.at) {
				continue
			}
			if a.candidate == b.candidate && a.by == b.by && b.of.Before(a.of) {
				j.breach(Reordered, "no value older than what was there", "%s %q over %q", title, b.value, a.value)
			}
		}
	}
}

// anew reports whether a person had, or may have, been forgotten by then: who is
// begins anew.
func (h *human) anew(at time.Time) bool {
	return h != nil && h.forgetting && (h.forgotten.IsZero() || at.After(h.forgotten))
}

// wished reports whether somebody had asked for all that is mapped by then: that
// goes over a correction.
func (w written) wished() bool {
	return w.by != nil && slices.ContainsFunc(w.by.wishes, func(it *wish) bool { return !it.from.After(w.at) })
}

// trampled wants a recruiter's correction left alone by what was there before it.
func (j *judge) trampled(title string, writes []written) {
	for _, e := range j.t.edits {
		if e.field != j.t.fields[title] {
			continue
		}
		before := map[string]bool{}
		for _, w := range writes {
			if w.candidate != e.candidate {
				continue
			}
			if w.at.Before(e.at) {
				before[w.value] = before[w.value] || j.wentOn(w, e.at)
			} else if before[w.value] && !w.by.anew(w.at) && !w.wished() {
				j.breach(Reordered, "a recruiter's correction is left alone", "%s: %q again over %q", title, w.value, e.value)
			}
		}
	}
}

// wentOn reports whether the service knew that a value was written before a recruiter
// typed over it: it went on with the same candidate. Else it looks as if the value had
// never arrived.
func (j *judge) wentOn(w written, before time.Time) bool {
	return slices.ContainsFunc(j.calls, func(c ashbytest.Call) bool {
		return c.Candidate == w.candidate && c.At.After(w.at) && c.At.Before(before) && !strings.Contains(string(c.Request), strconv.Quote(w.value))
	})
}

// plain reports whether nothing happened to a person's candidate but what we did.
func (j *judge) plain(h *human) bool {
	return !h.lost && !h.merged && !h.forgetting && !h.ambiguous && !j.unseen(h) && h.shares == nil && !j.someoneSharing(h, func(*human) bool { return true })
}

// bidden wants of what came up by itself, such as by an enrichment, no more written
// than what goes along when somebody is put into Ashby or linked.
func (j *judge) bidden(title string, writes []written) {
	for i, b := range writes {
		if b.by == nil || b.by.forgetting || b.by.ambiguous || b.by.lost || b.wished() || j.asked(b) {
			continue
		}
		for _, a := range writes[:i] {
			if a.by == b.by && a.candidate == b.candidate && !j.unclearly(a) {
				j.breach(Reordered, "what came up by itself is not pushed", "%s %q after %q", title, b.value, a.value)
				break
			}
		}
	}
}

// asked reports whether a value is what somebody typed, or what was there at first.
func (j *judge) asked(w written) bool {
	for _, e := range w.by.events {
		for _, v := range []contact.Variable{contact.Company, contact.Role} {
			if e.Person.Snapshot[v].Text == w.value {
				return e.Type != event.ContactEdited || e.Origin == event.Manual || w.by.editedBefore(e, v, w.value)
			}
		}
	}
	return true
}

// editedBefore reports whether a manual edit bears a value too and came before the
// event with which the value came up: to the service it is new with that edit then,
// and an edit writes all that differs from what was known before it.
func (h *human) editedBefore(first *accepted, v contact.Variable, value string) bool {
	return slices.ContainsFunc(h.events, func(e *accepted) bool {
		return e.Type == event.ContactEdited && e.Origin == event.Manual && !e.AcceptedAt.IsZero() && e.Person.Snapshot[v].Text == value &&
			(first.acked.IsZero() || !first.acked.Before(e.came()))
	})
}

// unclearly reports whether it was not known at once that a value was written: what
// is written then may be written anew.
func (j *judge) unclearly(w written) bool {
	return slices.ContainsFunc(j.closures, func(c closure) bool { return strings.Contains(c.body, w.value) })
}

// newest wants the newest manual edit of somebody who is put into Ashby at once.
func (j *judge) newest(title string, h *human, writes []written) {
	if !strings.HasPrefix(j.t.profile.name, "on add") || len(j.t.history) > 1 || !j.plain(h) || j.t.profile.protected && title == "Company" {
		return
	}
	variable := map[string]string{"Company": "company", "Title": "role"}[title]
	var want time.Time
	var text string
	for _, e := range h.events {
		if e.Type != event.ContactEdited || e.AcceptedAt.IsZero() || string(e.Person.Changed[0]) != variable {
			continue
		}
		want = time.Time{} // what came by itself is not pushed, and overtakes an older edit that comes late
		if e.Origin == event.Manual {
			text = e.Person.Snapshot[e.Person.Changed[0]].Text
			want = h.versions[text]
		}
	}
	if want.IsZero() {
		return
	}
	for _, w := range writes {
		if w.by == h && !w.of.Before(want) {
			return
		}
	}
	j.breach(Lost, "the newest of what was asked for is there", "%s of %s is not %q", title, h.id, text)
}

// protected wants companies of old left alone where the team protects them.
func (j *judge) protected() {
	if !j.t.profile.protected {
		return
	}
	for _, h := range j.t.people {
		for _, id := range h.known {
			i := slices.IndexFunc(j.state.Candidates, func(c ashbytest.Candidate) bool { return c.ID == id })
			if h.protected == "" || h.ambiguous || i < 0 || j.editedByRecruiter(id) {
				continue
			}
			if has := j.state.Candidates[i].Fields; !slices.ContainsFunc(has, func(v ashbytest.Value) bool { return v.Value == h.protected }) {
				j.breach(Reordered, "protected values are untouched", "%s has %v, not %q", id, has, h.protected)
			}
		}
	}
}

func (j *judge) editedByRecruiter(candidate string) bool {
	return slices.ContainsFunc(j.t.edits, func(e recruiting) bool { return e.candidate == candidate })
}
