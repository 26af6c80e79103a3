package push_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// mailed is an event whose message is a whole email.
func mailed(id, who string, at time.Duration) event.Event {
	e := sent(id, who, at)
	e.Message.From, e.Message.To = "Ingrid <ingrid@example.com>", who+"@example.com"
	return e
}

// emails counts the emails in Ashby that an event gave.
func (w *world) emails(id string) int {
	n := 0
	for _, list := range w.sim.Dump(w.made.Org)[0].Emails {
		for _, e := range list {
			if e.ProviderID == "sw-"+id {
				n++
			}
		}
	}
	return n
}

// asEmails turns native email on.
func (w *world) asEmails() { w.standing.NativeEmail = true }

func TestEmailsGoAsEmailsWhereTheTeamWantsThat(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.record(mailed("before", "p1", 0))
		w.drain()
		w.asEmails()
		other := mailed("sms", "p1", 2*time.Minute)
		other.Type, other.Message.Channel = event.SMSSent, event.SMS
		lacking := mailed("lacking", "p1", 3*time.Minute)
		lacking.Message.Subject = ""
		w.record(mailed("mail", "p1", time.Minute), other, lacking)
		w.drain()
		for id, want := range map[string][2]int{"before": {1, 0}, "mail": {0, 1}, "sms": {1, 0}, "lacking": {1, 0}} {
			if n, m := w.notes(id), w.emails(id); n != want[0] || m != want[1] {
				t.Errorf("%s: %d notes and %d emails, want %v", id, n, m, want)
			}
		}
		w.is("mail", delivery.Synced)
		if s, ok := w.get("mail").Step("email"); !ok || s.Status != delivery.Done || s.RemoteID == "" {
			t.Errorf("step %+v", s)
		}
	})
}

func TestAnUnheardEmailIsFiledOnceWhateverAshbySaysToARepeat(t *testing.T) {
	for _, kind := range unheard {
		for _, repeat := range []string{"error", "row"} {
			t.Run(string(kind)+" "+repeat, func(t *testing.T) {
				inWorld(t, func(t *testing.T, w *world) {
					if err := w.sim.SetModes(func(m *ashbytest.Modes) { m.EmailRepeat = repeat }); err != nil {
						t.Fatal(err)
					}
					w.asEmails()
					w.lose(kind, "candidate.addEmailMessage")
					w.record(mailed("e1", "p1", 0), mailed("e2", "p1", time.Minute))
					w.drain()
					w.is("e1", delivery.Settling)
					w.standing.NativeEmail = false // it goes on as it was planned
					w.sweepFor(15 * time.Minute)
					w.is("e1", delivery.Created)
					if n, m := w.notes("e1"), w.emails("e1"); n != 0 || m != 1 {
						t.Errorf("%d notes and %d emails", n, m)
					}
					w.is("e2", delivery.Synced)
				})
			})
		}
	}
}

func TestAnUnheardEmailIsNotRepeatedUnderAnotherKey(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.asEmails()
		w.lose(ashbytest.LostAfter, "candidate.addEmailMessage")
		w.record(mailed("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Settling)
		first := w.connection.Fingerprint
		w.connection.Fingerprint = "another"
		w.sweepFor(time.Hour)
		w.is("e1", delivery.Settling)
		if r := w.get("e1"); !strings.Contains(r.Detail, "key") || w.calls("candidate.addEmailMessage") != 1 {
			t.Errorf("detail %q, %d calls", r.Detail, w.calls("candidate.addEmailMessage"))
		}
		w.connection.Fingerprint = first
		w.sweepFor(time.Hour)
		w.is("e1", delivery.Created)
		if n := w.emails("e1"); n != 1 {
			t.Errorf("%d emails", n)
		}
	})
}

func TestAnEmailThatWasToBeRepeatedIsNotWhenTheKeyChangesMeanwhile(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.asEmails()
		w.lose(ashbytest.LostAfter, "candidate.addEmailMessage")
		w.record(mailed("e1", "p1", 0))
		w.drain()
		// It is looked for, and the repeat is put off; then the key is another.
		w.fault(ashbytest.Fault{Kind: ashbytest.Throttled, Endpoints: []string{"candidate.addEmailMessage"}, Count: 1, RetryAfterMs: 60_000})
		w.sweepFor(3 * time.Minute)
		w.connection.Fingerprint = "another"
		w.sweepFor(time.Hour)
		if n := w.calls("candidate.addEmailMessage"); n != 2 || w.get("e1").Code != delivery.Settling {
			t.Errorf("%d calls; %+v", n, w.get("e1"))
		}
	})
}

func TestARefusedEmailIsShown(t *testing.T) {
	inWorld(t, func(_ *testing.T, w *world) {
		w.asEmails()
		w.fault(ashbytest.Fault{Kind: ashbytest.Refused, Endpoints: []string{"candidate.addEmailMessage"}, Count: 1, Code: "email_refused"})
		w.record(mailed("e1", "p1", 0))
		w.drain()
		w.is("e1", delivery.Rejected)
	})
}
