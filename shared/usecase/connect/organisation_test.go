package connect_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const otherKey = "other-key-4711-0123456789abcdef"

// linkedRig is connected, has links to three candidates, and knows a second key.
func linkedRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	r.links = links{0: {"c1", "c2", "c3", "c4"}}
	r.org.keys[otherKey] = allPermissions()
	r.bell.rings = nil
	return r
}

func TestAKeyThatSeesNoneOfTheLinksIsHeldUntilAnAdminAnswers(t *testing.T) {
	r := linkedRig(t)
	out := r.activate(t, "acme", otherKey)
	if c := out.Connection; c.Status != connection.Attention || c.Reason != connection.OtherOrganisation || c.Active() || c.LastFour == "" {
		t.Fatalf("got %+v", c)
	}
	if looked := slices.DeleteFunc(slices.Clone(r.org.calls), func(c string) bool { return len(c) != len("sees c1") || c[:6] != "sees c" }); len(looked) != 3 {
		t.Errorf("looked for %v, want three candidates", looked)
	}
	if again := r.activate(t, "acme", otherKey).Connection; again.Reason != connection.OtherOrganisation {
		t.Errorf("the same key again: %+v", again)
	}
	checked, err := r.Check(t.Context(), "acme")
	if err != nil || checked.Connection.Reason != connection.OtherOrganisation {
		t.Errorf("a check: %+v, %v", checked.Connection, err)
	}
}

func TestAQuestionOutlastsARefusalOfTheKey(t *testing.T) {
	r := linkedRig(t)
	r.activate(t, "acme", otherKey)
	granted := r.org.keys[otherKey]
	delete(r.org.keys, otherKey)
	if out, err := r.Check(t.Context(), "acme"); err != nil || out.Connection.Reason != "key_refused" {
		t.Fatalf("refused: %+v, %v", out.Connection, err)
	}
	r.org.keys[otherKey] = granted
	if out, err := r.Check(t.Context(), "acme"); err != nil || out.Connection.Reason != connection.OtherOrganisation {
		t.Errorf("back: %+v, %v", out.Connection, err)
	}
}

func TestAKeyThatSeesOneOfTheLinksIsTaken(t *testing.T) {
	r := linkedRig(t)
	r.org.candidates["c3"] = true
	if c := r.activate(t, "acme", otherKey).Connection; c.Status != connection.Connected || !c.KeySince.Equal(noon) {
		t.Errorf("got %+v", c)
	}
}

func TestLinksKeptOverADisconnectionAreLookedForToo(t *testing.T) {
	r := linkedRig(t)
	if _, err := r.Disconnect(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	if c := r.activate(t, "acme", otherKey).Connection; c.Reason != connection.OtherOrganisation {
		t.Errorf("got %+v", c)
	}
}

func TestWithoutAnAnswerFromAshbyAKeyIsNotTaken(t *testing.T) {
	r := linkedRig(t)
	before := r.stored(t, "acme")
	r.org.trouble["sees c2"] = fault.New(fault.Unavailable, "ashby_timeout", "")
	_, err := r.Activate(t.Context(), "acme", "u1", secret.NewValue(otherKey))
	wantCode(t, err, fault.Unavailable, "ashby_unreachable")
	if after := r.stored(t, "acme"); after.Version != before.Version {
		t.Errorf("stored %+v", after)
	}
}

func TestTheAnswerLetsWorkGoOnAndAFreshStartBeginsAGeneration(t *testing.T) {
	for answer, generation := range map[connection.Answer]int{connection.KeepLinks: 0, connection.StartFresh: 1} {
		t.Run(string(answer), func(t *testing.T) {
			r := linkedRig(t)
			r.activate(t, "acme", otherKey)
			r.bell.rings = nil
			out, err := r.Answer(t.Context(), "acme", "u2", answer)
			c := out.Connection
			if err != nil || c.Status != connection.Connected || c.Generation != generation || c.Answered.By != "u2" || c.Answered.Answer != answer {
				t.Errorf("got %+v, %v", c, err)
			}
			if !slices.Equal(r.bell.rings, []string{"acme"}) {
				t.Errorf("rings %v", r.bell.rings)
			}
			_, err = r.Answer(t.Context(), "acme", "u2", answer)
			wantCode(t, err, fault.Conflict, "nothing_asked")
		})
	}
}

func TestAFreshStartIsNotForgottenByADisconnection(t *testing.T) {
	r := linkedRig(t)
	r.activate(t, "acme", otherKey)
	if _, err := r.Answer(t.Context(), "acme", "u2", connection.StartFresh); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Disconnect(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	if c := r.activate(t, "acme", otherKey).Connection; c.Generation != 1 || c.Status != connection.Connected {
		t.Errorf("links of an earlier generation count: %+v", c)
	}
}

func TestAPauseIsOneStateThatOutlastsAChangeOfKey(t *testing.T) {
	r := newRig(t)
	_, err := r.Pause(t.Context(), "acme", "u1")
	wantCode(t, err, fault.Conflict, "not_connected")
	r.org.keys[otherKey] = without(connection.OrganizationRead)
	r.activate(t, "acme", goodKey)
	for range 2 { // the second changes nothing
		out, err := r.Pause(t.Context(), "acme", "u2")
		if c := out.Connection; err != nil || c.Status != connection.Paused || c.PausedBy != "u2" || c.Active() {
			t.Fatalf("paused: %+v, %v", c, err)
		}
	}
	if c := r.activate(t, "acme", otherKey).Connection; c.Status != connection.Paused {
		t.Errorf("a new key: %+v", c)
	}
	r.bell.rings = nil
	out, err := r.Resume(t.Context(), "acme")
	if c := out.Connection; err != nil || c.Status != connection.Limited || !c.PausedAt.IsZero() {
		t.Errorf("resumed: %+v, %v", c, err)
	}
	if !slices.Equal(r.bell.rings, []string{"acme"}) {
		t.Errorf("rings %v", r.bell.rings)
	}
	if _, err = r.Resume(t.Context(), "acme"); err != nil {
		t.Error(err)
	}
}

func TestASecondClickIsAnsweredAsTheFirst(t *testing.T) {
	r := newRig(t)
	r.Connector.Secrets = hurried{r.vault, func() {
		r.Connector.Secrets = r.vault
		r.activate(t, "acme", goodKey)
	}}
	if c := r.activate(t, "acme", goodKey).Connection; c.Status != connection.Connected || c.Version != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestOfTwoAdminsWithTwoKeysTheLaterIsToldOfTheOther(t *testing.T) {
	r := newRig(t)
	r.org.keys[otherKey] = allPermissions()
	r.Connector.Secrets = hurried{r.vault, func() {
		r.Connector.Secrets = r.vault
		r.activate(t, "acme", otherKey)
	}}
	_, err := r.Activate(t.Context(), "acme", "u1", secret.NewValue(goodKey))
	wantCode(t, err, fault.Conflict, "stale")
	c := r.stored(t, "acme")
	key, _, err := r.vault.Get(t.Context(), "sync/acme/ashby-key", c.SecretVersion)
	if err != nil || key.Reveal() != otherKey || c.Fingerprint != connection.Fingerprint(otherKey) {
		t.Errorf("the connection names a version with another key: %+v, %v", c, err)
	}
}

// hurried is a safe into which somebody else puts something first.
type hurried struct {
	*vault
	first func()
}

func (h hurried) Put(ctx context.Context, name, version string, value secret.Value) error {
	h.first()
	return h.vault.Put(ctx, name, version, value)
}

func TestAChangeOfPermissionsBeginsTheKeyAnew(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	later := noon.Add(time.Hour)
	r.Connector.Now = func() time.Time { return later }
	if out, err := r.Check(t.Context(), "acme"); err != nil || !out.Connection.KeySince.Equal(noon) {
		t.Errorf("nothing changed: %+v, %v", out.Connection, err)
	}
	r.org.keys[goodKey] = without(connection.CandidatesRead)
	if out, err := r.Check(t.Context(), "acme"); err != nil || !out.Connection.KeySince.Equal(later) {
		t.Errorf("a permission less: %+v, %v", out.Connection, err)
	}
}

func TestAnActivationPlansALookAtItsKey(t *testing.T) {
	r := newRig(t)
	r.activate(t, "acme", goodKey)
	if due := r.probes["acme"]; !due.After(noon) || due.Sub(noon) > 5*time.Minute {
		t.Errorf("looked at at %s", due)
	}
}

func TestAFreshStartHasEverybodyLookedAtAboutWhomSomethingIsAsked(t *testing.T) {
	r := linkedRig(t)
	for id, code := range map[string]delivery.Code{"p1": delivery.RecordDeleted, "p2": delivery.NeedsReview, "p3": delivery.NameMissing} {
		rec := delivery.Record{Event: "e-" + id, Person: id, State: delivery.Pending, Class: delivery.Live, Due: noon, AcceptedAt: noon}
		stored, _, err := r.people.Create(t.Context(), "acme", rec)
		if err != nil {
			t.Fatal(err)
		}
		to, err := rec.Move(code, noon)
		if err != nil {
			t.Fatal(err)
		}
		to.Due = time.Time{}
		if _, _, err := r.people.Apply(t.Context(), delivery.Change{Team: "acme", From: stored, To: to}); err != nil {
			t.Fatal(err)
		}
	}
	r.activate(t, "acme", otherKey)
	if _, err := r.Answer(t.Context(), "acme", "u2", connection.StartFresh); err != nil {
		t.Fatal(err)
	}
	due, err := r.people.Due(t.Context(), "acme", delivery.Live, noon, 10)
	var people []string
	for _, w := range due {
		people = append(people, w.Person)
	}
	slices.Sort(people)
	if err != nil || !slices.Equal(people, []string{"p1", "p2"}) {
		t.Errorf("due %v, %v", due, err)
	}
}

func TestTheAnswerMapsCompanyAndRoleAsAnActivationDoes(t *testing.T) {
	for _, answer := range []connection.Answer{connection.KeepLinks, connection.StartFresh} {
		t.Run(string(answer), func(t *testing.T) {
			r := linkedRig(t)
			r.org.fields = []field.Field{text("1", "Company"), text("2", "Role")}
			if held := r.activate(t, "acme", otherKey); len(held.Mapped) != 0 {
				t.Errorf("a stranger's fields are mapped: %v", held.Mapped)
			}
			out, err := r.Answer(t.Context(), "acme", "u2", answer)
			if err != nil || len(out.Mapped) != 2 || len(out.Unmapped) != 0 {
				t.Errorf("told %v mapped, %v not, %v", out.Mapped, out.Unmapped, err)
			}
			if m, err := r.store.Mapping(t.Context(), "acme"); err != nil || !m.Maps(contact.Company) || !m.Maps(contact.Role) {
				t.Errorf("mapping %+v, %v", m, err)
			}
		})
	}
}

func TestTheAnswerDoesNotWaitForAshbysFields(t *testing.T) {
	r := linkedRig(t)
	r.activate(t, "acme", otherKey)
	r.org.trouble["fields"] = fault.New(fault.Unavailable, "ashby_timeout", "")
	out, err := r.Answer(t.Context(), "acme", "u2", connection.StartFresh)
	if err != nil || out.Connection.Foreign || len(out.Unmapped) != 2 {
		t.Errorf("got %+v, %v", out, err)
	}
}
