package plan

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// scope says which variables an event may write.
type scope uint8

const (
	allMapped   scope = iota
	changedOnly       // a manual edit: what differs from the last snapshot, or is named
	givenOnly         // no variable: the given values that were not pushed yet
)

// incoming is what the variables of a mapping entry come to for its field.
type incoming struct {
	text      string   // for people and for scalar fields
	list      []string // for sets
	place     place
	converts  bool
	stale     bool
	unchanged bool
}

func (v incoming) blank() bool { return v.text == "" && len(v.list) == 0 }

// incoming reads an entry's variables from the person's snapshot.
func (p *planner) incoming(e mapping.Entry, s scope) incoming {
	v := p.valueOf(e)
	v.stale = p.stale(e) || s == changedOnly && slices.ContainsFunc(e.From, p.overtaken)
	v.unchanged = !p.owes(e.To) && s == changedOnly && !p.changedFor(e, v)
	if s == changedOnly && !v.unchanged && p.cleared(e) {
		v.text, v.list, v.place = "", nil, place{} // what is left of it is no new value
	}
	return v
}

// owes reports whether an earlier plan of the event left a field to be written.
func (p *planner) owes(id string) bool { return p.Redo != nil && slices.Contains(p.Redo.Fields, id) }

func (p *planner) valueOf(e mapping.Entry) incoming {
	switch network, isLink := field.Network(e.To); {
	case e.To == field.Name:
		name := p.fullName()
		return incoming{text: name, converts: true}
	case e.To == field.Location:
		l := p.place()
		return incoming{text: l.String(), place: l, converts: true}
	case e.To == field.AlternateEmails:
		given, list := p.emailsOf(e)
		if len(list) == 0 {
			return incoming{text: strings.Join(given, ", ")}
		}
		return incoming{text: strings.Join(list, ", "), list: list, converts: true}
	case isLink:
		return p.profile(e, network)
	default:
		text := p.text(e)
		if isBuiltIn(e.To) {
			text = oneLine(text)
		}
		return incoming{text: text, converts: p.convertsBuiltIn(e.To, text)}
	}
}

func (p *planner) convertsBuiltIn(id, text string) bool {
	switch id {
	case field.Email:
		_, ok := mapping.EmailAddress(text)
		return ok
	case field.Phone:
		n := len(strings.TrimPrefix(mapping.Digits(text), "+"))
		return n >= 5 && n <= 17
	}
	return true
}

// fullName is first and last name, else the name.
func (p *planner) fullName() string {
	return nameIn(p.snapshot)
}

func nameIn(s contact.Snapshot) string {
	name := oneLine(s.Text(contact.FirstName) + " " + s.Text(contact.LastName))
	if name == "" {
		name = oneLine(s.Text(contact.Name))
	}
	return name
}

// nameToCreate falls back to the email address's local part.
func (p *planner) nameToCreate() string {
	if name := p.fullName(); name != "" {
		return name
	}
	if emails := p.emails(); len(emails) > 0 {
		local, _, _ := strings.Cut(emails[0], "@")
		return local
	}
	return ""
}

func (p *planner) text(e mapping.Entry) string {
	if len(e.From) == 1 && contact.KindOf(e.From[0]) == contact.List {
		return takeText(p.snapshot.Items(e.From[0]), e.Take)
	}
	var parts []string
	for _, v := range e.From {
		if t := p.snapshot.Text(v); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " ")
}

func takeText(items []string, t mapping.Take) string {
	switch {
	case len(items) == 0:
		return ""
	case t == mapping.First:
		return items[0]
	case t == mapping.Rest:
		return strings.Join(items[1:], ", ")
	}
	return strings.Join(items, ", ")
}

// emailsOf gives what the entry takes of a list, and which of that are addresses.
func (p *planner) emailsOf(e mapping.Entry) (items, addresses []string) {
	for _, v := range e.From {
		items = append(items, p.snapshot.Items(v)...)
	}
	switch {
	case len(items) == 0:
		return nil, nil
	case e.Take == mapping.First:
		items = items[:1]
	case e.Take == mapping.Rest:
		items = items[1:]
	}
	for _, i := range items {
		if a, ok := mapping.EmailAddress(i); ok {
			addresses = append(addresses, a)
		}
	}
	return items, addresses[:min(len(addresses), mostEmails)]
}

// profile gives the first public profile of the network among the URLs. Where
// there are URLs, but none that Ashby would take, the value does not convert only
// if one was meant for this network; which one was, nobody can tell, so it is blank.
func (p *planner) profile(e mapping.Entry, network string) incoming {
	for _, v := range e.From {
		for _, raw := range p.snapshot.Items(v) {
			if known, ok := mapping.Recognise(raw); ok && known.Network == network {
				return incoming{text: known.URL, converts: true}
			}
		}
	}
	return incoming{}
}
