package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// writes gathers what goes to one candidate.
type writes struct {
	name, email, phone, source string
	creditedTo                 string
	tags, projects             []string // ids to be added
	alternates                 []string
	location                   place
	links                      []candidate.Link // recognised, to be written
	replaced                   []string         // networks whose old links go
	custom                     []object
	results                    []FieldResult
	mayClear                   bool
	given                      map[string]time.Time // given values that need no further look, by field
}

// add takes a built-in field's verdict.
func (w *writes) add(r FieldResult, v incoming, x existing) {
	w.results = append(w.results, r)
	if r.Action == field.Skip {
		if r.Field == field.Email && r.Code == field.Protected && !x.covered {
			w.alternates = append(w.alternates, v.text) // a protected primary: the new one becomes an alternate
		}
		return
	}
	network, isLink := field.Network(r.Field)
	switch {
	case isLink:
		w.links = append(w.links, candidate.Link{Type: network, URL: v.text})
		if r.Action == field.Write {
			w.replaced = append(w.replaced, network)
		}
	case r.Field == field.Name:
		w.name = v.text
	case r.Field == field.Email:
		w.email = v.text
	case r.Field == field.AlternateEmails:
		w.alternates = append(w.alternates, v.list...)
	case r.Field == field.Phone:
		w.phone = v.text
	case r.Field == field.Location:
		w.location = v.place
	case r.Field == field.Source:
		w.source = v.text
	case r.Field == field.CreditedTo:
		w.creditedTo = v.text
	}
}

// touches reports whether anything would be written, or might be once the
// existing values are known.
func (w *writes) touches() bool {
	return w.mayClear || len(w.custom)+len(w.links)+len(w.alternates)+len(w.tags)+len(w.projects) > 0 ||
		w.name+w.email+w.phone+w.source+w.creditedTo != "" || w.location != (place{})
}

func (w *writes) link(network string) string {
	for _, l := range w.links {
		if l.Type == network {
			return l.URL
		}
	}
	return ""
}

// updateArgs gives the members of candidate.update, candidateId aside. A new
// primary email address takes the old one along as an alternate, because nobody
// knows whether Ashby keeps it by itself.
func (w *writes) updateArgs(c candidate.Candidate) []arg {
	args := withText(nil, "name", w.name)
	args = withText(args, "email", w.email)
	args = withText(args, "phoneNumber", w.phone)
	if all := w.allAlternates(c); len(all) > 0 {
		args = append(args, arg{"alternateEmail", all[0]})
	}
	if len(w.links) > 0 {
		args = append(args, arg{"socialLinks", linkObjects(w.mergedLinks(c))})
	}
	args = withText(args, "sourceId", w.source)
	args = withText(args, "creditedToUserId", w.creditedTo)
	if w.location != (place{}) {
		args = append(args, arg{"location", w.location.object()})
	}
	return args
}

// allAlternates gives the addresses to add, each once: Ashby takes one a call.
func (w *writes) allAlternates(c candidate.Candidate) []string {
	var out []string
	add := func(a string) {
		if a != "" && !strings.EqualFold(a, w.email) && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, a) }) {
			out = append(out, a)
		}
	}
	if w.email != "" {
		add(c.PrimaryEmail())
	}
	for _, a := range w.alternates {
		if !c.HasEmail(a) {
			add(a)
		}
	}
	return out
}

func (w *writes) laterAlternates(c candidate.Candidate) []string {
	if all := w.allAlternates(c); len(all) > 1 {
		return all[1:]
	}
	return nil
}

// mergedLinks gives the whole list that the update replaces: what is there, with
// the new links added and those of replaced networks gone.
func (w *writes) mergedLinks(c candidate.Candidate) []candidate.Link {
	var out []candidate.Link
	for _, l := range c.Links {
		if strings.TrimSpace(l.URL) != "" && !slices.Contains(w.replaced, l.Type) {
			out = append(out, l)
		}
	}
	return append(out, w.links...)
}

func linkObjects(links []candidate.Link) []object {
	out := make([]object, 0, len(links))
	for _, l := range links {
		out = append(out, object{{"type", l.Type}, {"url", l.URL}})
	}
	return out
}

// updateStep always says that nobody is to be notified: the default notifies.
func updateStep(id, candidateID string, args ...arg) Step {
	args = append(append([]arg{{"candidateId", candidateID}}, args...), arg{"sendNotifications", false})
	return Step{id, "candidate.update", body(args...)}
}
