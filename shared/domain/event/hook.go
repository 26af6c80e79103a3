package event

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// Hook is one of SourceWhale's thin hooks: a contact as it is now, without saying
// what happened. What happened follows from what was known before (Expand).
type Hook struct {
	Kind          HookKind
	Team          string
	PersonID      string
	Stage         Stage     // empty: not told, or one we do not know
	StageRaw      string    // as sent
	LastContacted time.Time // zero: never, or not told
	OccurredAt    time.Time // when the contact changed; AcceptedAt when not told
	Campaign      *Campaign // nil: not in a campaign
	Snapshot      contact.Snapshot
	Dropped       int    // sensitive variables dropped at the door
	BodyHash      string // SHA-256 (hex) of the hook as it was sent, sensitive variables aside
	AcceptedAt    time.Time
	Trace         string
}

// HookKind is a thin hook's type.
type HookKind string

// The kinds of thin hook.
const (
	CandidateCreated HookKind = "candidateCreated"
	CandidateUpdated HookKind = "candidateUpdated"
)

// LastKnown is what was known of a person before a hook. The zero value says that
// nothing was.
type LastKnown struct {
	Known    bool
	Stage    Stage
	Snapshot contact.Snapshot
}

// CandidateHook is one of Ashby's hooks about a candidate.
type CandidateHook struct {
	Team       string
	ActionID   string // Ashby's webhookActionId; with Action it tells repeats
	Action     CandidateAction
	Deleted    string // candidate that is no more
	Survivor   string // of a merge: the candidate that stays
	AcceptedAt time.Time
	Trace      string
}

// CandidateAction is what happened to a candidate in Ashby.
type CandidateAction string

// The actions that matter to links. Others are acknowledged and dropped.
const (
	CandidateDelete CandidateAction = "candidateDelete"
	CandidateMerge  CandidateAction = "candidateMerge"
)

// Expand says what a thin hook means, as events in order:
//
//   - created, in a campaign: the person was added to the campaign;
//   - the first word of a person otherwise: a baseline, which brings marks and
//     values but no change of stage;
//   - a known stage that differs from the last known one: a change of stage;
//   - values that differ, or a stage we do not know: an edit of origin "api".
//
// A hook that says nothing new gives no event. Ids are derived, so a repeated
// hook gives the same ones: of person, stage and last contact, and for an edit of
// the values too, or the second edit between two contacts would pass for the first.
func Expand(h Hook, last LastKnown) []Event {
	if h.Kind == CandidateCreated && h.Campaign != nil {
		return []Event{h.event(CampaignAdded, CampaignRun, h.Campaign.ID)}
	}
	if !last.Known {
		return []Event{h.edit(nil)}
	}
	var out []Event
	if h.Stage != "" && h.Stage != last.Stage {
		out = append(out, h.event(StageChanged, CampaignRun))
	}
	if changed := differing(h.Snapshot, last.Snapshot); len(changed) > 0 || h.unknownStage() {
		e := h.edit(changed)
		e.AcceptedAt = e.AcceptedAt.Add(time.Duration(len(out)) * time.Microsecond) // it comes behind the change of stage
		out = append(out, e)
	}
	return out
}

func (h Hook) edit(changed []contact.Variable) Event {
	e := h.event(ContactEdited, API, digest(h.Snapshot))
	e.Person.Changed = changed
	return e
}

func (h Hook) event(t Type, origin Origin, besides ...string) Event {
	e := Event{
		ID: h.derivedID(append([]string{string(t)}, besides...)), Team: h.Team, Type: t, Origin: origin,
		OccurredAt: h.OccurredAt, AcceptedAt: h.AcceptedAt, Campaign: h.Campaign,
		Person: Person{ID: h.PersonID, Stage: h.Stage, Snapshot: h.Snapshot},
		Flags:  []Flag{FromHook}, Dropped: h.Dropped, BodyHash: h.BodyHash, Trace: h.Trace,
	}
	if h.unknownStage() {
		e.Flags = append(e.Flags, StageUnknown)
	}
	return e
}

func (h Hook) unknownStage() bool { return h.Stage == "" && h.StageRaw != "" }

// derivedID hashes team, person, stage and last contact, and what tells the
// events of one hook apart.
func (h Hook) derivedID(besides []string) string {
	stage := string(h.Stage)
	if stage == "" {
		stage = h.StageRaw
	}
	contacted := ""
	if !h.LastContacted.IsZero() {
		contacted = h.LastContacted.UTC().Format(time.RFC3339)
	}
	sum := sha256.New()
	for _, part := range append([]string{h.Team, h.PersonID, stage, contacted}, besides...) {
		var length [4]byte
		binary.BigEndian.PutUint32(length[:], uint32(len(part)))
		sum.Write(length[:])
		sum.Write([]byte(part))
	}
	return "hook-" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// differing lists the variables that the hook brings with another value than the
// last known, sorted. A variable that the hook does not bring has not changed.
func differing(now, before contact.Snapshot) []contact.Variable {
	var out []contact.Variable
	for v, value := range now {
		if !value.Equal(before[v]) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func digest(s contact.Snapshot) string {
	b, err := json.Marshal(s) // sorted by key
	if err != nil {           // a value that holds no JSON: nothing tells it from another such
		return "unreadable"
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
}
