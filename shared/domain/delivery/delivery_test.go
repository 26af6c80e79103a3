package delivery

import (
	"slices"
	"testing"
	"time"
)

var codes = []Code{
	Synced, RecordDeleted, LinkInconsistent, TriggerNever, WithheldUntilMarked, NeedsReview, Matched, Created, NotedOnly,
	NoRecordYet, Held, ReviewNever, LinkStopped, TimelineOnly, OriginNotPushed, ManualSyncOff, NoLink, NotInCampaign,
	NameMissing, IndexBuilding, MandatoryMissing, Settling, Connection, Rejected, Quarantined, ExpiredUnconnected, ExpiredWithheld, Forgotten, Cancelled,
	Coalesced, NoNetChange,
}

func TestEveryWaitingCodeHasAnOwnerAndAnExit(t *testing.T) {
	waiting := 0
	for _, c := range codes {
		owner, exit, ok := WaitFor(c)
		if ok != (c.State() == Waiting) || ok && (owner == "" || exit == "") {
			t.Errorf("%s: state %s, owner %q, exit %q", c, c.State(), owner, exit)
		}
		if ok {
			waiting++
		}
	}
	if waiting != 9 {
		t.Errorf("%d codes wait, want the 9 agreed", waiting)
	}
}

func TestEveryHoldHasAnOwnerAndAnExit(t *testing.T) {
	for _, h := range []Hold{
		HoldUnconnected, HoldDisconnected, HoldKeyRefused, HoldKeyMissing, HoldOrganisation, HoldPaused, HoldUnknownStep, HoldEarlier,
	} {
		if owner, exit, ok := HeldBy(h); !ok || owner == "" || exit == "" {
			t.Errorf("%s: owner %q, exit %q", h, owner, exit)
		}
	}
	if _, _, ok := HeldBy("none"); ok {
		t.Error("what is no hold has an owner")
	}
}

func TestAnIntentWithoutAnEndIsUnknown(t *testing.T) {
	r := Record{}.WithStep(Step{ID: "create", Status: Done}).WithStep(Step{ID: "note", Status: Intent})
	if s, ok := r.Unknown(); !ok || s.ID != "note" {
		t.Errorf("%+v %v", s, ok)
	}
	r = r.WithStep(Step{ID: "note", Status: Done})
	if _, ok := r.Unknown(); ok || len(r.Steps) != 2 {
		t.Errorf("%+v", r.Steps)
	}
}

func TestEventsOfOneMomentAreInTheOrderOfTheirAcceptance(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	ordered := []string{
		OrderOf(noon, noon.Add(time.Hour), "z"), OrderOf(noon.Add(1), noon, "z"), OrderOf(noon.Add(1), noon.Add(time.Microsecond), "a"),
		OrderOf(noon.Add(1), noon.Add(time.Microsecond), "b"),
	}
	if !slices.IsSorted(ordered) {
		t.Errorf("order %v", ordered)
	}
	if id, ok := EventOf(ordered[2]); !ok || id != "a" {
		t.Errorf("event %q, %v", id, ok)
	}
	if id, ok := EventOf(Sortable(noon) + "#a"); ok {
		t.Errorf("event %q of an order without a time of acceptance", id)
	}
}
