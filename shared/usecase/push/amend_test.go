package push_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// both maps role beside company.
func (w *world) both() {
	w.extra = []mapping.Entry{{From: []contact.Variable{contact.Role}, To: w.made.Fields["Title"]}}
}

// result gives what is kept of a field of an event's plan.
func (w *world) result(id, of string) plan.FieldResult {
	w.t.Helper()
	x, ok, err := w.store.Explanation(context.Background(), "t1", w.get(id))
	if err != nil || !ok {
		w.t.Fatalf("explanation of %s: %v, %v", id, ok, err)
	}
	for _, r := range x.Outcome.Fields {
		if r.Field == of {
			return r
		}
	}
	w.t.Fatalf("%s has no field %s", id, of)
	return plan.FieldResult{}
}

// atWrite does something in Ashby just before the first call of a method.
func (w *world) atWrite(method string, change func()) {
	w.before = func(called string) {
		if called == method && change != nil {
			change()
			change = nil
		}
	}
}

func TestAFieldThatWasArchivedMeanwhileIsDroppedAndTheRestGoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.both()
		w.atWrite("customField.setValues", func() {
			if err := w.sim.ArchiveField(w.made.Fields["Company"], true); err != nil {
				t.Fatal(err)
			}
		})
		e := sent("e1", "p1", 0)
		e.Person.Snapshot[contact.Company], e.Person.Snapshot[contact.Role] = contact.Value{Text: "Engines"}, contact.Value{Text: "Lead"}
		w.record(e)
		w.drain()
		w.is("e1", delivery.Created)
		if r := w.result("e1", w.made.Fields["Company"]); r.Action != field.Skip || r.Code != field.Gone || r.Value != "Engines" {
			t.Errorf("company %+v", r)
		}
		if r := w.result("e1", w.made.Fields["Title"]); r.Action != field.Write || r.Step != plan.StepFields {
			t.Errorf("role %+v", r)
		}
		if n := w.calls("customField.setValues"); n != 2 || w.notes("e1") != 1 || w.created() != 1 {
			t.Errorf("%d calls, %d notes, %d candidates", n, w.notes("e1"), w.created())
		}
		if s, _ := w.get("e1").Step(plan.StepFields); s.Status != delivery.Done || s.Attempts != 2 {
			t.Errorf("step %+v", s)
		}
	})
}

func TestASourceThatIsGoneIsDroppedFromTheCreate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Endpoints: []string{"candidate.create"}, Count: 1, Code: "source_not_found"})
		e := sent("e1", "p1", 0)
		e.Person.Snapshot[contact.Source] = contact.Value{Text: "Careers page"}
		w.record(e)
		w.drain()
		w.is("e1", delivery.Created)
		if r := w.result("e1", field.Source); r.Action != field.Skip || r.Code != field.Refused {
			t.Errorf("source %+v", r)
		}
		if n := w.created(); n != 1 || w.notes("e1") != 1 {
			t.Errorf("%d candidates, %d notes", n, w.notes("e1"))
		}
	})
}

func TestARefusalThatNothingExplainsIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		method string
		times  int
		code   delivery.Code
		calls  int
	}{
		"the create is rejected":                    {"candidate.create", 1, delivery.Rejected, 1},
		"one value alone is dropped":                {"customField.setValues", 1, delivery.Created, 1},
		"a note is not looked into":                 {"candidate.createNote", 1, delivery.Rejected, 1},
		"and only once, so that nothing goes round": {"customField.setValues", 9, delivery.Created, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Endpoints: []string{c.method}, Count: c.times, Code: "invalid_input"})
				e := sent("e1", "p1", 0)
				e.Person.Snapshot[contact.Company] = contact.Value{Text: "Engines"}
				w.record(e)
				w.drain()
				w.is("e1", c.code)
				if n := w.calls(c.method); n != c.calls {
					t.Errorf("%d calls", n)
				}
			})
		})
	}
}

func TestAnAmendedPlanSurvivesACrashAtAnyOperation(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n := 1; n <= 40; n++ {
			inWorld(t, func(t *testing.T, w *world) {
				w.both()
				w.atWrite("customField.setValues", func() { _ = w.sim.ArchiveField(w.made.Fields["Company"], true) })
				e := sent("e1", "p1", 0)
				e.Person.Snapshot[contact.Company], e.Person.Snapshot[contact.Role] = contact.Value{Text: "Engines"}, contact.Value{Text: "Lead"}
				w.record(e)
				_ = w.process(&trip{at: n, after: after}).Drain(context.Background(), "t1", time.Now().Add(30*time.Second))
				w.sweepFor(20 * time.Minute)
				w.is("e1", delivery.Created)
				if w.created() != 1 || w.notes("e1") != 1 {
					t.Errorf("operation %d %v: %d candidates, %d notes", n, after, w.created(), w.notes("e1"))
				}
				id := w.person("p1").Link.Candidate
				if !slices.ContainsFunc(w.candidate(id).Fields, func(v ashbytest.Value) bool { return v.Value == "Lead" }) {
					t.Errorf("operation %d %v: the role is missing", n, after)
				}
			})
		}
	}
}
