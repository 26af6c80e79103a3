package event_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

var (
	accepted  = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	contacted = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	before    = contact.Snapshot{
		"firstName": {Text: "Ada"}, "company": {Text: "Analytical Engines"}, "emails": {List: []string{"ada@example.com"}},
	}
	moved    = contact.Snapshot{"company": {Text: "Difference Engines"}, "emails": {List: []string{"ADA@example.com "}}}
	campaign = &event.Campaign{ID: "c1", Name: "Founders"}
)

func hook(kind event.HookKind, change func(*event.Hook)) event.Hook {
	h := event.Hook{
		Kind: kind, Team: "t1", PersonID: "p1", Stage: event.Messaged, StageRaw: "Messaged", LastContacted: contacted,
		OccurredAt: accepted.Add(-time.Minute), Campaign: campaign, Snapshot: before, Dropped: 1, BodyHash: "abc",
		AcceptedAt: accepted, Trace: "req",
	}
	if change != nil {
		change(&h)
	}
	return h
}

// essence is what the table below is about.
type essence struct {
	Type       event.Type
	Origin     event.Origin
	InCampaign bool
	Stage      event.Stage
	Changed    []contact.Variable
	Responded  bool
	Unknown    bool
}

func TestExpand(t *testing.T) {
	known := event.LastKnown{Known: true, Stage: event.Messaged, Snapshot: before}
	replied := func(h *event.Hook) { h.Stage, h.StageRaw = event.Replied, "Replied" }
	without := func(h *event.Hook) { h.Campaign = nil }
	unknown := func(h *event.Hook) { h.Stage, h.StageRaw = "", "Snoozed" }
	edit := essence{Type: event.ContactEdited, Origin: event.API, InCampaign: true, Stage: event.Messaged}

	for _, c := range []struct {
		name string
		hook event.Hook
		last event.LastKnown
		want []essence
	}{
		{
			"created in a campaign: added to it", hook(event.CandidateCreated, nil),
			event.LastKnown{},
			[]essence{{event.CampaignAdded, event.CampaignRun, true, event.Messaged, nil, false, false}},
		},
		{
			"created in a campaign although known: added all the same", hook(event.CandidateCreated, replied), known,
			[]essence{{event.CampaignAdded, event.CampaignRun, true, event.Replied, nil, true, false}},
		},
		{
			"created without a campaign: a baseline", hook(event.CandidateCreated, without),
			event.LastKnown{},
			[]essence{{event.ContactEdited, event.API, false, event.Messaged, nil, false, false}},
		},
		{
			"the first snapshot is a baseline, with its mark", hook(event.CandidateUpdated, replied),
			event.LastKnown{},
			[]essence{{event.ContactEdited, event.API, true, event.Replied, nil, true, false}},
		},
		{
			"another stage: a change of stage, and the mark", hook(event.CandidateUpdated, replied), known,
			[]essence{{event.StageChanged, event.CampaignRun, true, event.Replied, nil, true, false}},
		},
		{
			"another stage without a campaign", hook(event.CandidateUpdated, func(h *event.Hook) { replied(h); without(h) }), known,
			[]essence{{event.StageChanged, event.CampaignRun, false, event.Replied, nil, true, false}},
		},
		{
			"another value: an edit by api", hook(event.CandidateUpdated, func(h *event.Hook) { h.Snapshot = moved }), known,
			[]essence{{edit.Type, edit.Origin, true, event.Messaged, []contact.Variable{"company", "emails"}, false, false}},
		},
		{
			"another stage and another value: both, the stage first",
			hook(event.CandidateUpdated, func(h *event.Hook) {
				replied(h)
				h.Snapshot = contact.Snapshot{"company": {Text: "Difference Engines"}}
			}), known,
			[]essence{
				{event.StageChanged, event.CampaignRun, true, event.Replied, nil, true, false},
				{edit.Type, edit.Origin, true, event.Replied, []contact.Variable{"company"}, true, false},
			},
		},
		{
			"a cleared value is a difference", hook(event.CandidateUpdated, func(h *event.Hook) {
				h.Snapshot = contact.Snapshot{"company": {}, "headline": {}}
			}), known,
			[]essence{{edit.Type, edit.Origin, true, event.Messaged, []contact.Variable{"company"}, false, false}},
		},
		{"nothing new: nothing", hook(event.CandidateUpdated, nil), known, nil},
		{
			"no stage told: no change of stage",
			hook(event.CandidateUpdated, func(h *event.Hook) { h.Stage, h.StageRaw = "", "" }), known, nil,
		},
		{
			"an unknown stage is kept without a mark", hook(event.CandidateUpdated, unknown), known,
			[]essence{{edit.Type, edit.Origin, true, "", nil, false, true}},
		},
		{
			"an unknown stage on creation", hook(event.CandidateCreated, unknown),
			event.LastKnown{},
			[]essence{{event.CampaignAdded, event.CampaignRun, true, "", nil, false, true}},
		},
	} {
		var got []essence
		for i, e := range event.Expand(c.hook, c.last) {
			got = append(got, essence{
				e.Type, e.Origin, e.Campaign != nil, e.Person.Stage, e.Person.Changed, e.MarksResponded(), e.Has(event.StageUnknown),
			})
			if !e.Has(event.FromHook) || e.Team != "t1" || e.Person.ID != "p1" || e.Dropped != 1 || e.BodyHash != "abc" ||
				e.Trace != "req" || !e.AcceptedAt.Equal(accepted.Add(time.Duration(i)*time.Microsecond)) || !e.OccurredAt.Equal(c.hook.OccurredAt) {
				t.Errorf("%s: the hook's own data is lost: %+v", c.name, e)
			}
			if diff := cmp.Diff(c.hook.Snapshot, e.Person.Snapshot); diff != "" {
				t.Errorf("%s: snapshot %s", c.name, diff)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestARepeatedHookGivesTheSameIDsAndAnotherOneOthers(t *testing.T) {
	known := event.LastKnown{Known: true, Stage: event.Sourced, Snapshot: before}
	seen := map[string]string{}
	for name, change := range map[string]func(*event.Hook){
		"itself":          nil,
		"another person":  func(h *event.Hook) { h.PersonID = "p2" },
		"another team":    func(h *event.Hook) { h.Team = "t2" },
		"another stage":   func(h *event.Hook) { h.Stage = event.Clicked },
		"another contact": func(h *event.Hook) { h.LastContacted = contacted.Add(time.Second) },
		"no contact":      func(h *event.Hook) { h.LastContacted = time.Time{} },
		"shifted parts":   func(h *event.Hook) { h.Team, h.PersonID = "t1p", "1" },
	} {
		h := hook(event.CandidateUpdated, change)
		first, second := event.Expand(h, known), event.Expand(h, known)
		if len(first) != 1 || first[0].ID != second[0].ID {
			t.Fatalf("%s: %d events, not repeatable", name, len(first))
		}
		if other, ok := seen[first[0].ID]; ok {
			t.Errorf("%s has the id of %s", name, other)
		}
		seen[first[0].ID] = name
	}
}

func TestTwoEditsBetweenContactsAreTwoEvents(t *testing.T) {
	known := event.LastKnown{Known: true, Stage: event.Messaged, Snapshot: before}
	one := event.Expand(hook(event.CandidateUpdated, func(h *event.Hook) {
		h.Snapshot = contact.Snapshot{"company": {Text: "A"}}
	}), known)
	two := event.Expand(hook(event.CandidateUpdated, func(h *event.Hook) {
		h.Snapshot = contact.Snapshot{"company": {Text: "B"}}
	}), known)
	if len(one) != 1 || len(two) != 1 || one[0].ID == two[0].ID {
		t.Errorf("%v %v", one, two)
	}
}

func TestTwoCampaignsAtOneStageAreTwoEvents(t *testing.T) {
	one := event.Expand(hook(event.CandidateCreated, nil), event.LastKnown{})
	two := event.Expand(hook(event.CandidateCreated, func(h *event.Hook) { h.Campaign = &event.Campaign{ID: "c2"} }), event.LastKnown{})
	if one[0].ID == two[0].ID {
		t.Error("one id for two campaigns")
	}
}
