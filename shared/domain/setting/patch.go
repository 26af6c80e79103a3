package setting

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Patch is a partial save: what it names changes, the rest stays.
type Patch struct {
	names   []Name
	changes []func(*Values)
	lock    *bool // nil: not named
}

// Names lists the settings that every level's patch may name.
func Names() []Name { return []Name{TriggerName, OnlySyncedName, NoteTypesName, ManualName} }

// ParseTeamPatch reads a partial save of a team's settings: as ParsePatch, and
// "lock", a boolean, which nil takes off.
func ParseTeamPatch(given map[string]any) (Patch, []fault.Detail) {
	value, named := given[string(LockName)]
	if !named {
		return ParsePatch(given)
	}
	rest := maps.Clone(given)
	delete(rest, string(LockName))
	p, mistakes := ParsePatch(rest)
	on, wrong := parseBool(LockName, value)
	if on == nil {
		on = new(bool)
	}
	p.lock, p.names = on, append(p.names, LockName)
	mistakes = append(mistakes, wrong...)
	slices.SortStableFunc(mistakes, func(a, b fault.Detail) int { return strings.Compare(a.Path, b.Path) })
	return p, mistakes
}

// ParsePatch reads a partial save by setting's name: nil takes the level's own
// value away, so that it inherits; what is not named stays. Values are a string
// (trigger), a boolean (only_synced, sync_manual_updates) and a list of strings
// (note_types). Every mistake is listed, by path; with any of them the patch is
// of no use.
func ParsePatch(given map[string]any) (Patch, []fault.Detail) {
	var p Patch
	var mistakes []fault.Detail
	for _, name := range slices.Sorted(maps.Keys(given)) {
		change, wrong := parseChange(Name(name), given[name])
		p.names, p.changes = append(p.names, Name(name)), append(p.changes, change)
		mistakes = append(mistakes, wrong...)
	}
	return p, mistakes
}

// Empty reports whether the patch names nothing.
func (p Patch) Empty() bool { return len(p.names) == 0 }

// Locked lists what the patch names of the settings that the lock keeps for
// admins.
func (p Patch) Locked() []Name { return LockableOf(p.names) }

// Lock gives the team's lock as the patch leaves it. One that is on already stays
// whose it is.
func (p Patch) Lock(stands *Locked, author string, at time.Time) *Locked {
	switch {
	case p.lock == nil:
		return stands
	case !*p.lock:
		return nil
	case stands != nil:
		return stands
	}
	return &Locked{By: author, At: at}
}

// Apply gives the values as the patch leaves them.
func (p Patch) Apply(v Values) Values {
	for _, change := range p.changes {
		change(&v)
	}
	return v
}

func parseChange(name Name, given any) (func(*Values), []fault.Detail) {
	switch name {
	case TriggerName:
		t, wrong := parseTrigger(given)
		return func(v *Values) { v.Trigger = t }, wrong
	case OnlySyncedName:
		b, wrong := parseBool(name, given)
		return func(v *Values) { v.OnlySynced = b }, wrong
	case ManualName:
		b, wrong := parseBool(name, given)
		return func(v *Values) { v.Manual = b }, wrong
	case NoteTypesName:
		types, wrong := parseTypes(given)
		return func(v *Values) { v.NoteTypes = types }, wrong
	case LockName: // the team's alone
	}
	return nil, one(name, "unknown_field", "there is no such setting here")
}

func parseTrigger(given any) (*Trigger, []fault.Detail) {
	if given == nil {
		return nil, nil
	}
	s, ok := given.(string)
	if !ok {
		return nil, one(TriggerName, "wrong_type", "this is a text or null")
	}
	t := Trigger(s)
	if !t.Known() {
		return nil, one(TriggerName, "unknown_value", "this is one of on_add, on_reply, on_interested, never")
	}
	return &t, nil
}

func parseBool(name Name, given any) (*bool, []fault.Detail) {
	if given == nil {
		return nil, nil
	}
	b, ok := given.(bool)
	if !ok {
		return nil, one(name, "wrong_type", "this is true, false or null")
	}
	return &b, nil
}

// parseTypes gives the types in the order in which they are shown, whatever the
// order they came in.
func parseTypes(given any) (*[]event.Type, []fault.Detail) {
	if given == nil {
		return nil, nil
	}
	list, ok := given.([]any)
	if !ok {
		return nil, one(NoteTypesName, "wrong_type", "this is a list of types or null")
	}
	chosen := map[event.Type]bool{}
	var mistakes []fault.Detail
	for i, item := range list {
		at := Name(fmt.Sprintf("%s[%d]", NoteTypesName, i))
		s, isText := item.(string)
		t := event.Type(s)
		switch {
		case !isText:
			mistakes = append(mistakes, one(at, "wrong_type", "a type is a text")...)
		case !slices.Contains(event.NoteTypes(), t):
			mistakes = append(mistakes, one(at, "unknown_value", "there are no notes of such a type")...)
		case chosen[t]:
			mistakes = append(mistakes, one(at, "repeated", "this type is in the list already")...)
		}
		chosen[t] = true
	}
	types := slices.DeleteFunc(event.NoteTypes(), func(t event.Type) bool { return !chosen[t] })
	return &types, mistakes
}

func one(at Name, code, message string) []fault.Detail {
	return []fault.Detail{{Path: string(at), Code: code, Message: message}}
}
