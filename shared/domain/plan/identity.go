package plan

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
)

// unprovable is no presence: nothing was found, but not everything could be
// looked through, so that "no" is not proven.
const unprovable Presence = "unprovable"

// mostEmails bounds how many addresses of a person are looked up and written: more
// than anybody has, fewer than would hold up a team. mostClaimed is how many of them
// keep others from creating the same candidate meanwhile.
const (
	mostEmails  = 20
	mostClaimed = 5
)

// presence says whether the person is in Ashby and which candidate it is; ok is
// false while answers are missing. A link answers without a read.
func (p *planner) presence() (Presence, candidate.Candidate, bool) {
	if l := p.after.Link; l.Kind != person.NotLinked {
		c := candidate.Candidate{ID: l.Candidate, ProfileURL: l.Profile}
		if l.Gone && !p.after.Review.Creates() {
			return Gone, c, true
		}
		if !l.Gone {
			return InAshby, c, true
		}
	}
	if r := p.after.Review; r.Answer == person.LinkTo {
		if read, known := p.facts[Ask{AskCandidate, r.Chosen}]; !known || len(read.Candidates) > 0 {
			return InAshby, candidate.Candidate{ID: r.Chosen}, true
		}
		p.after.Review = person.Review{} // the chosen one is no more: look, and ask, again
	}
	if p.after.Review.Creates() {
		return NotInAshby, candidate.Candidate{}, true
	}
	in, c, ok := p.look()
	if !ok || in == InAshby || in == Ambiguous {
		return in, c, ok
	}
	return p.byMade(in)
}

// look looks for the person in Ashby: by every address that they have, and by
// profile and number in our index. Who has no address is looked for by these in
// Ashby itself, as far as that goes.
func (p *planner) look() (Presence, candidate.Candidate, bool) {
	emails, keys := p.emails(), matchKeys(p.snapshot)
	if len(emails) == 0 {
		return p.byKeys(keys)
	}
	e, known := p.byEmail(emails)
	if len(keys) > 0 {
		known = p.byIndex(keys, &e) && known
	}
	if !known {
		return "", candidate.Candidate{}, false
	}
	in, c := p.judge(e)
	return in, c, true
}

// byIndex weighs the candidates that bear a profile or a number by our index. It
// may be behind: only what a fresh read confirms is evidence. That it is not
// complete does not matter to somebody who has an address.
func (p *planner) byIndex(keys []string, e *evidence) (known bool) {
	answer, known := p.ask(AskIndex, strings.Join(keys, " "))
	for _, key := range keys {
		bearers := p.alive(answer.Candidates, func(c candidate.Candidate) bool { return slices.Contains(mapping.Keys(c), key) })
		if len(bearers) != 1 || slices.ContainsFunc(e.clear, func(c candidate.Candidate) bool { return c.ID == bearers[0].ID }) {
			continue // nobody, shared, or the one that an address points at too
		}
		if mapping.IsPhoneKey(key) && !p.lastNameAgrees(bearers[0]) {
			continue
		}
		fresh, read := p.ask(AskCandidate, bearers[0].ID)
		known = known && read
		e.weigh(slices.DeleteFunc(slices.Clone(fresh.Candidates), func(c candidate.Candidate) bool { return !p.pointsAt(key, c) }))
	}
	return known
}

// byMade weighs the candidates that we made for one of the person's keys: a search
// may be behind. One that does not bear the key any more, because somebody took it
// off, says nothing.
func (p *planner) byMade(otherwise Presence) (Presence, candidate.Candidate, bool) {
	var e evidence
	known := true
	for _, m := range p.Made {
		answer, ok := p.ask(AskCandidate, m.Candidate)
		known = known && ok
		bearers := p.alive(answer.Candidates, func(c candidate.Candidate) bool { return p.pointsAt(m.Key, c) })
		e.weigh(bearers)
	}
	if !known {
		return "", candidate.Candidate{}, false
	}
	if in, c := p.judge(e); in != NotInAshby {
		return in, c, true
	}
	return otherwise, candidate.Candidate{}, true
}

// pointsAt reports whether a candidate bears an identity key of the person, and, of
// a number, whether the last name agrees.
func (p *planner) pointsAt(key string, c candidate.Candidate) bool {
	if mapping.IsPhoneKey(key) {
		return slices.Contains(mapping.Keys(c), key) && p.lastNameAgrees(c)
	}
	return c.HasEmail(key) || slices.Contains(mapping.Keys(c), key)
}

func (p *planner) emails() []string { return emailsOf(p.snapshot) }

// IdentityKeys gives, sorted, all that tells who a contact is: addresses, profile,
// numbers. Two people who share one may be one candidate.
func IdentityKeys(s contact.Snapshot) []string {
	emails := emailsOf(s)
	keys := append(emails[:min(len(emails), mostClaimed)], matchKeys(s)...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func emailsOf(s contact.Snapshot) []string {
	var out []string
	for _, e := range s.Items(contact.Emails) {
		if e, ok := mapping.EmailAddress(e); ok {
			out = append(out, strings.ToLower(e))
		}
	}
	return out[:min(len(out), mostEmails)]
}

// byEmail weighs the candidates that bear the person's addresses. An address
// that several bear is no evidence for any one of them; but where nothing else
// decides, it forbids to create one more, so that a person has to look.
func (p *planner) byEmail(emails []string) (e evidence, known bool) {
	known = true
	for _, email := range emails {
		answer, ok := p.ask(AskEmail, email)
		known = known && ok
		e.weigh(p.alive(answer.Candidates, func(c candidate.Candidate) bool { return c.HasEmail(email) }))
	}
	return e, known
}

// byKeys looks for a person without an email address by LinkedIn profile and
// phone; one who has neither is still not created before all of Ashby was looked
// through. A phone alone is evidence only where the last name agrees.
func (p *planner) byKeys(keys []string) (Presence, candidate.Candidate, bool) {
	answer, ok := p.ask(AskKeys, strings.Join(keys, " "))
	if !ok {
		return "", candidate.Candidate{}, false
	}
	var e evidence
	for _, key := range keys {
		bearers := p.alive(answer.Candidates, func(c candidate.Candidate) bool { return slices.Contains(mapping.Keys(c), key) })
		if len(bearers) > 1 {
			continue // shared: no evidence
		}
		if mapping.IsPhoneKey(key) && !slices.ContainsFunc(bearers, p.lastNameAgrees) {
			continue
		}
		e.weigh(bearers)
	}
	if in, c := p.judge(e); in != NotInAshby || !answer.Incomplete {
		return in, c, true
	}
	return unprovable, candidate.Candidate{}, true
}

// alive gives the candidates that bear a value, but for those that a fresh read
// no longer found: a search may lag behind a deletion.
func (p *planner) alive(found []candidate.Candidate, bears func(candidate.Candidate) bool) []candidate.Candidate {
	var out []candidate.Candidate
	for _, c := range found {
		read, known := p.facts[Ask{AskCandidate, c.ID}]
		if bears(c) && !(known && len(read.Candidates) == 0) {
			out = append(out, c)
		}
	}
	return out
}

func matchKeys(s contact.Snapshot) []string {
	var keys []string
	for _, u := range slices.Concat(s.Items(contact.SocialLinks), s.Items(contact.Links)) {
		if k, ok := mapping.LinkedInKey(u); ok && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, n := range s.Items(contact.Phones) {
		if k, ok := mapping.PhoneKey(n); ok && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

func (p *planner) lastNameAgrees(c candidate.Candidate) bool {
	last := candidate.LastName(p.fullName())
	return last != "" && last == c.LastName()
}

// evidence sorts candidates into those that a value points at alone and those
// that share one.
type evidence struct{ clear, shared []candidate.Candidate }

func (e *evidence) weigh(bearers []candidate.Candidate) {
	if len(bearers) == 1 {
		e.clear = addOnce(e.clear, bearers[0])
		return
	}
	for _, c := range bearers {
		e.shared = addOnce(e.shared, c)
	}
}

func addOnce(list []candidate.Candidate, c candidate.Candidate) []candidate.Candidate {
	if slices.ContainsFunc(list, func(o candidate.Candidate) bool { return o.ID == c.ID }) {
		return list
	}
	return append(list, c)
}

// judge gives one clear candidate, several, or none.
func (p *planner) judge(e evidence) (Presence, candidate.Candidate) {
	switch {
	case len(e.clear) == 1:
		return InAshby, e.clear[0]
	case len(e.clear) == 0 && len(e.shared) == 0:
		return NotInAshby, candidate.Candidate{}
	}
	for _, c := range append(e.clear, e.shared...) {
		if !slices.Contains(p.evidence, c.ID) {
			p.evidence = append(p.evidence, c.ID)
		}
	}
	slices.Sort(p.evidence)
	return Ambiguous, candidate.Candidate{}
}
