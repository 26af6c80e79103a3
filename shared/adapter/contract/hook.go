package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Hook reads one of SourceWhale's thin hooks (samples: infra/events). The team
// is the one that its token proved. Its Kind may be one that we do not know; the
// rest is then empty. Errors: Invalid (no JSON object, or a known kind without a
// person), TooLarge.
func Hook(body []byte, team string, at time.Time, trace string) (event.Hook, error) {
	root, err := openHook(body)
	if err != nil {
		return event.Hook{}, err
	}
	at = at.UTC()
	h := event.Hook{Team: team, AcceptedAt: at, OccurredAt: at, Trace: trace, Dropped: prune(root)}
	h.Kind = event.HookKind(thin{root}.text(maxShort, "type", "event", "eventType"))
	if h.Kind != event.CandidateCreated && h.Kind != event.CandidateUpdated {
		return h, nil
	}
	t := layersOf(root)
	if h.PersonID = t.text(maxID, "id", "_id", "candidateId", "contactId"); !fitID(h.PersonID) {
		return event.Hook{}, badHook("id", "required")
	}
	h.StageRaw = t.text(maxShort, "stage", "status")
	h.Stage, _ = event.ParseStage(h.StageRaw)
	h.LastContacted = t.time("lastContacted", "lastContactedAt")
	h.OccurredAt = occurrence(t, h.Kind, at)
	h.Campaign = thinCampaign(t)
	h.Snapshot = t.snapshot()
	h.BodyHash = root.hash()
	if raw, err := PackHook(h); err != nil || len(raw) > MaxPacked {
		return event.Hook{}, fault.New(fault.TooLarge, "too_large", messages["too_large"])
	}
	return h, nil
}

// occurrence is when the contact changed, if the hook says so believably.
func occurrence(t thin, kind event.HookKind, at time.Time) time.Time {
	names := []string{"updatedAt", "lastUpdated", "timestamp"}
	if kind == event.CandidateCreated {
		names = append([]string{"createdAt", "created"}, names...)
	}
	told := t.time(names...)
	if told.Before(at.AddDate(-MaxYears, 0, 0)) || told.After(at) {
		return at
	}
	return told
}

// thinCampaign reads campaign {id, name} or campaignId and campaignName. A
// campaign that is only named gets an id made of its name.
func thinCampaign(t thin) *event.Campaign {
	c := &event.Campaign{ID: t.text(maxID, "campaignId"), Name: t.text(maxShort, "campaignName", "campaign")}
	if n := t.find("campaign"); n != nil && n.kind == object {
		inner := thin{n}
		c.ID, c.Name = inner.text(maxID, "id", "_id", "campaignId"), inner.text(maxShort, "name", "title")
	}
	switch {
	case fitID(c.ID):
		return c
	case c.Name == "":
		return nil
	}
	sum := sha256.Sum256([]byte(c.Name))
	c.ID = "name-" + hex.EncodeToString(sum[:8])
	return c
}

// CandidateHook reads one of Ashby's hooks about candidates. Its Action may be
// one that does not matter to us; the candidates are then empty. Errors: Invalid
// (no JSON object, or a delete or merge that does not say of whom), TooLarge.
func CandidateHook(body []byte, team string, at time.Time, trace string) (event.CandidateHook, error) {
	root, err := openHook(body)
	if err != nil {
		return event.CandidateHook{}, err
	}
	top, data := thin{root}, thin{}
	if n := root.fields["data"]; n != nil && n.kind == object {
		data = thin{n}
	}
	h := event.CandidateHook{
		Team: team, AcceptedAt: at.UTC(), Trace: trace,
		ActionID: top.text(maxID, "webhookActionId"), Action: event.CandidateAction(top.text(maxShort, "action")),
	}
	if !fitID(h.ActionID) { // it only has to tell repeats
		h.ActionID = "body-" + root.hash()[:32]
	}
	switch h.Action {
	case event.CandidateDelete:
		h.Deleted = data.of("candidate")
	case event.CandidateMerge:
		h.Deleted, h.Survivor = data.of("deletedCandidate"), data.of("mergedCandidate")
		if h.Survivor == "" {
			return event.CandidateHook{}, badHook("data.mergedCandidate.id", "required")
		}
	default:
		return h, nil
	}
	if h.Deleted == "" {
		return event.CandidateHook{}, badHook("data.candidate.id", "required")
	}
	return h, nil
}

// of gives the id of the object under a name; empty when there is none that fits.
func (t thin) of(name string) string {
	n := t.find(name)
	if n == nil || n.kind != object {
		return ""
	}
	if id := (thin{n}).text(maxID, "id"); fitID(id) {
		return id
	}
	return ""
}

func openHook(body []byte) (*node, error) {
	if len(body) > MaxBody {
		return nil, fault.New(fault.TooLarge, "body_too_large", "a hook has at most 256 KB")
	}
	return parse(body, maxDepth)
}

func badHook(path, code string) error {
	return fault.New(fault.Invalid, "bad_hook", "the hook does not say whom it is about").
		With(fault.Detail{Path: path, Code: code, Message: messages[code]})
}
