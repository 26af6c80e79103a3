package acceptance_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// account is the team's organisation, seen from Ashby's side.
type account struct {
	world *world
	made  ashbytest.Seeded
	key   string
}

func (a *account) state() ashbytest.State {
	a.world.Helper()
	return a.world.service.ashby.Dump(a.made.Org)[0]
}

// people are the candidates that are there.
func (a *account) people() []ashbytest.Candidate {
	a.world.Helper()
	return slices.DeleteFunc(a.state().Candidates, ashbytest.Candidate.Gone)
}

// find gives the candidate with a person's address.
func (a *account) find(person string) (ashbytest.Candidate, bool) {
	a.world.Helper()
	for _, c := range a.people() {
		for _, e := range c.Emails {
			if strings.EqualFold(e.Value, person+"@example.com") {
				return c, true
			}
		}
	}
	return ashbytest.Candidate{}, false
}

// candidate is the one with a person's address, who must be there.
func (a *account) candidate(person string) ashbytest.Candidate {
	a.world.Helper()
	c, ok := a.find(person)
	if !ok {
		a.world.Fatalf("Ashby has nobody with the address of %s\n%s", person, a.world.told())
	}
	return c
}

// get is a candidate by id.
func (a *account) get(id string) ashbytest.Candidate {
	a.world.Helper()
	for _, c := range a.state().Candidates {
		if c.ID == id {
			return c
		}
	}
	a.world.Fatalf("Ashby has no candidate %s", id)
	return ashbytest.Candidate{}
}

// notes are a person's, the oldest first.
func (a *account) notes(person string) []ashbytest.Note {
	a.world.Helper()
	return a.notesOf(a.candidate(person).ID)
}

func (a *account) notesOf(candidate string) []ashbytest.Note {
	a.world.Helper()
	notes := a.state().Notes[candidate]
	slices.SortStableFunc(notes, func(x, y ashbytest.Note) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.Seq, y.Seq))
	})
	return notes
}

func (a *account) emails(person string) []ashbytest.Email {
	a.world.Helper()
	return a.state().Emails[a.candidate(person).ID]
}

// value is a custom field's, by its title.
func (a *account) value(person, title string) any {
	a.world.Helper()
	for _, v := range a.candidate(person).Fields {
		if v.Field == a.made.Fields[title] {
			return v.Value
		}
	}
	return nil
}

// addresses of a candidate, the primary one first.
func (a *account) addresses(c ashbytest.Candidate) []string { return contacts(c.Emails) }

func contacts(list []ashbytest.Contact) []string {
	var out []string
	for _, c := range list {
		if c.IsPrimary {
			out = append([]string{c.Value}, out...)
		} else {
			out = append(out, c.Value)
		}
	}
	return out
}

func (a *account) link(c ashbytest.Candidate, network string) string {
	for _, l := range c.Links {
		if l.Type == network {
			return l.URL
		}
	}
	return ""
}

// calls are the organisation's, of one method or of all.
func (a *account) calls(method string) []ashbytest.Call {
	a.world.Helper()
	return a.world.service.ashby.Calls(ashbytest.CallFilter{Org: a.made.Org, Endpoint: method})
}

// writes are the methods of the writes that took effect on candidates, in order.
func (a *account) writes() []string {
	a.world.Helper()
	var out []string
	for _, c := range a.calls("") {
		if c.Applied && ashby.Writes(c.Endpoint) && !strings.HasPrefix(c.Endpoint, "webhook.") && c.Endpoint != "customField.create" {
			out = append(out, c.Endpoint)
		}
	}
	return out
}

// wrote wants exactly these writes, in order.
func (a *account) wrote(methods ...string) {
	a.world.Helper()
	a.world.same("writes at Ashby", a.writes(), methods)
}

// add makes a candidate as a recruiter would, with a person's address.
func (a *account) add(person string, change ...func(*ashbytest.Candidate)) string {
	a.world.Helper()
	c := ashbytest.Candidate{
		Name: strings.ToUpper(person[:1]) + person[1:] + " Vale", Emails: []ashbytest.Contact{{Value: person + "@example.com", Type: "Personal", IsPrimary: true}},
	}
	for _, f := range change {
		f(&c)
	}
	id, err := a.world.service.ashby.AddCandidate(a.made.Org, c)
	if err != nil {
		a.world.Fatal(err)
	}
	return id
}

// edits changes a candidate as a recruiter would.
func (a *account) edits(id string, change func(*ashbytest.Candidate)) {
	a.world.Helper()
	if err := a.world.service.ashby.Edit(id, change); err != nil {
		a.world.Fatal(err)
	}
}

func (a *account) deletes(id string) {
	a.world.Helper()
	if err := a.world.service.ashby.Delete(id); err != nil {
		a.world.Fatal(err)
	}
}

// changes changes a custom field, by its title.
func (a *account) changes(title string, change func(*ashbytest.Field)) {
	a.world.Helper()
	if err := a.world.service.ashby.ChangeField(a.made.Fields[title], change); err != nil {
		a.world.Fatal(err)
	}
}

// keys makes another key of the organisation.
func (a *account) newKey(change func(*ashbytest.Key)) string {
	a.world.Helper()
	k := ashbytest.Key{Org: a.made.Org, Title: "Another", Private: true, Confidential: true}
	change(&k)
	made, err := a.world.service.ashby.AddKey(k)
	if err != nil {
		a.world.Fatal(err)
	}
	return made.Secret
}

// turns changes the team's key at Ashby.
func (a *account) turns(change func(*ashbytest.Key)) {
	a.world.Helper()
	if _, err := a.world.service.ashby.ChangeKey(a.key, change); err != nil {
		a.world.Fatal(err)
	}
}

// breaks puts a fault into force for the team's key alone.
func (a *account) breaks(f ashbytest.Fault) (mend func()) {
	a.world.Helper()
	a.breaksFor(a.key, &f)
	id, err := a.world.service.ashby.AddFault(f)
	if err != nil {
		a.world.Fatal(err)
	}
	return func() { a.world.service.ashby.ClearFaults(id) }
}

func (a *account) breaksFor(secret string, f *ashbytest.Fault) {
	a.world.Helper()
	for _, k := range a.state().Keys {
		if strings.HasSuffix(secret, k.Secret) {
			f.Key = k.ID
		}
	}
	if f.Key == "" {
		a.world.Fatal(fmt.Errorf("no key to break"))
	}
}
