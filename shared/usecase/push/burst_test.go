package push_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// gathered lets the time pass in which edits gather, and drains.
func (w *world) gathered() {
	w.t.Helper()
	time.Sleep(plan.Gather + time.Millisecond) // events of one request are accepted one after another
	w.drain()
}

// says is an edit by hand that gives variables values.
func says(id string, at time.Duration, values contact.Snapshot, changed ...contact.Variable) event.Event {
	e := sent(id, "p1", at)
	e.Type, e.Origin, e.Message = event.ContactEdited, event.Manual, nil
	e.Person.Snapshot, e.Person.Changed = values, changed
	return e
}

func at(company string) contact.Snapshot { return contact.Snapshot{contact.Company: {Text: company}} }

// employed puts p1 into Ashby, at a company, and forgets the calls so far.
func (w *world) employed(company string) {
	w.t.Helper()
	e := sent("e0", "p1", 0)
	e.Person.Snapshot[contact.Company] = contact.Value{Text: company}
	w.record(e)
	w.drain()
	w.is("e0", delivery.Created)
	w.seen = len(w.sim.Calls(ashbytest.CallFilter{}))
}

// since lists the endpoints called since then.
func (w *world) since() []string {
	var out []string
	for _, c := range w.sim.Calls(ashbytest.CallFilter{})[w.seen:] {
		out = append(out, c.Endpoint)
	}
	return out
}

// company gives what Ashby has as p1's company.
func (w *world) company() string {
	w.t.Helper()
	id := w.person("p1").Link.Candidate
	for _, c := range w.sim.Dump(w.made.Org)[0].Candidates {
		if c.ID == id {
			for _, v := range c.Fields {
				if v.Field == w.made.Fields["Company"] {
					return fmt.Sprint(v.Value)
				}
			}
		}
	}
	return ""
}

func TestQuickEditsGoAsOneAndSayWhichCarriedThem(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("e1", time.Minute, at("Looms")))
		time.Sleep(4 * time.Second)
		w.record(says("e2", time.Minute+4*time.Second, contact.Snapshot{contact.Phones: {List: []string{"+44 20 7946 0000"}}}))
		w.drain()
		w.pending("e1")
		w.record(says("e3", time.Minute+5*time.Second, at("Clouds")))
		time.Sleep(6 * time.Second)
		w.drain()
		for _, id := range []string{"e1", "e2"} {
			w.is(id, delivery.Coalesced)
			if by := w.get(id).CarriedBy; by != "e3" {
				t.Errorf("%s was carried by %q", id, by)
			}
		}
		w.is("e3", delivery.Synced)
		if got := w.since(); !slices.Equal(got, []string{"customField.list", "candidate.info", "candidate.update", "customField.setValues"}) {
			t.Errorf("calls %v", got)
		}
		if c := w.company(); c != "Clouds" {
			t.Errorf("company %q", c)
		}
		if x, ok, err := w.store.Explanation(context.Background(), "t1", w.get("e3")); err != nil || !ok || !slices.Equal(x.Carried, []string{"e1", "e2"}) {
			t.Errorf("explained %v %v %v", x.Carried, ok, err)
		}
	})
}

func TestAnEditThatIsTakenBackAtOnceCostsNoCall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("e1", time.Minute, at("Looms"), contact.Company), says("e2", time.Minute+time.Second, at("Engines"), contact.Company))
		w.gathered()
		w.is("e1", delivery.Coalesced)
		w.is("e2", delivery.NoNetChange)
		if got := w.since(); len(got) > 0 {
			t.Errorf("calls %v", got)
		}
	})
}

func TestAnEditThatIsTakenBackAfterItWentIsUndone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("e1", time.Minute, at("Looms")))
		w.gathered()
		if c := w.company(); c != "Looms" {
			t.Errorf("company %q", c)
		}
		w.record(says("e2", time.Minute+time.Second, at("Engines")))
		w.gathered()
		w.is("e1", delivery.Synced)
		w.is("e2", delivery.Synced)
		if c := w.company(); c != "Engines" {
			t.Errorf("company %q", c)
		}
	})
}

func TestEditsMoreThanTenSecondsApartGoOneByOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("e1", time.Minute, at("Looms")), says("e2", time.Minute+plan.Gather+time.Second, at("Clouds")))
		w.gathered()
		w.is("e1", delivery.Synced)
		w.is("e2", delivery.Synced)
		if n := w.calls("customField.setValues"); n != 3 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestWhatComesBehindAnEditDoesNotWaitForMore(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.employed("Engines")
		reply := sent("e2", "p1", time.Minute+time.Second)
		reply.Type, reply.Message.Direction = event.EmailReply, event.Inbound
		w.record(says("e1", time.Minute, at("Looms")))
		w.drain()
		w.pending("e1")
		w.record(reply, says("e3", time.Minute+2*time.Second, at("Clouds")))
		w.drain()
		w.is("e1", delivery.Synced)
		w.is("e2", delivery.Synced)
		w.pending("e3")
		w.gathered()
		w.is("e3", delivery.Synced)
	})
}

func TestAnOlderEditAfterANewerOneOverwritesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("newer", time.Hour, at("Clouds")))
		w.gathered()
		w.seen = len(w.sim.Calls(ashbytest.CallFilter{}))
		w.record(says("older", time.Minute, at("Looms")))
		w.gathered()
		w.is("older", delivery.Synced)
		if got := w.since(); len(got) > 0 || w.company() != "Clouds" {
			t.Errorf("calls %v, company %q", got, w.company())
		}
	})
}

func TestAnEditOfSomethingElseLeavesARecruitersCorrection(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		candidate := w.person("p1").Link.Candidate
		err := w.sim.Edit(candidate, func(c *ashbytest.Candidate) {
			c.Fields = []ashbytest.Value{{Field: w.made.Fields["Company"], Value: "Corrected"}}
		})
		if err != nil {
			t.Fatal(err)
		}
		w.record(says("e1", time.Minute, contact.Snapshot{
			contact.Company: {Text: "Engines"}, contact.Phones: {List: []string{"+44 20 7946 0000"}},
		}))
		w.gathered()
		w.is("e1", delivery.Synced)
		if c := w.company(); c != "Corrected" {
			t.Errorf("company %q", c)
		}
		if got := w.since(); !slices.Equal(got, []string{"candidate.info", "candidate.update"}) {
			t.Errorf("calls %v", got)
		}
	})
}

func TestAnEditThatChangesNothingReadsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.employed("Engines")
		w.record(says("e1", time.Minute, at("Engines")))
		w.gathered()
		w.is("e1", delivery.Synced)
		if got := w.since(); len(got) > 0 {
			t.Errorf("calls %v", got)
		}
	})
}

func TestACrashAmongEditsThatGoAsOneLosesNoChange(t *testing.T) {
	edits := func() []event.Event {
		return []event.Event{
			says("e1", time.Minute, at("Looms"), contact.Company),
			says("e2", time.Minute+time.Second, contact.Snapshot{contact.Phones: {List: []string{"+44 20 7946 0000"}}}, contact.Phones),
			says("e3", time.Minute+2*time.Second, contact.Snapshot{contact.LastName: {Text: "Byron"}}, contact.LastName),
		}
	}
	for _, after := range []bool{false, true} {
		for n := 1; n <= 40; n++ {
			t.Run(fmt.Sprintf("%d %v", n, after), func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					w.employed("Engines")
					w.record(edits()...)
					time.Sleep(plan.Gather)
					_ = w.process(&trip{at: n, after: after}).Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
					w.rings = 0
					w.sweepFor(20 * time.Minute)
					w.is("e1", delivery.Coalesced)
					w.is("e2", delivery.Coalesced)
					w.is("e3", delivery.Synced)
					c := w.sim.Dump(w.made.Org)[0].Candidates
					i := slices.IndexFunc(c, func(c ashbytest.Candidate) bool { return c.ID == w.person("p1").Link.Candidate })
					if w.company() != "Looms" || c[i].Name != "Ada Byron" || len(c[i].Phones) != 1 {
						t.Errorf("company %q, name %q, phones %v", w.company(), c[i].Name, c[i].Phones)
					}
				})
			})
		}
	}
}
