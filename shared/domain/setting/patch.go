package setting

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Patch is a partial save: what it names changes, the rest stays.
type Patch struct {
	names   []Name
	changes []change
}

// change is what naming one setting does to a document. Whose lock it is that is
// put on, Lock says.
type change struct {
	apply func(*Document)
	lock  *bool // nil: it is not the lock
}

// Names lists the settings that every level's patch may name.
func Names() []Name {
	return []Name{
		TriggerName, OnlySyncedName, NoteTypesName, ManualName, DisplayedName, FilterableName, MandatoryName, ProtectedName,
	}
}

// TeamNames lists the settings that only a team's patch may name.
func TeamNames() []Name { return []Name{NativeEmailName, BackfillName, PrivateNotesName, LockName} }

// ParseTeamPatch reads a partial save of a team's settings: as ParsePatch, and
// with the switches that are the team's alone. nil takes the lock off.
func ParseTeamPatch(given map[string]any) (Patch, []fault.Detail) {
	return parsePatch(given, append(Names(), TeamNames()...))
}

// ParsePatch reads a partial save by setting's name: nil takes the level's own
// value away, so that it inherits; what is not named stays. Values are a string
// (trigger), a boolean (only_synced, sync_manual_updates) and lists of strings
// (note_types; the ids of fields). Every mistake is listed, by path; with any of
// them the patch is of no use.
func ParsePatch(given map[string]any) (Patch, []fault.Detail) { return parsePatch(given, Names()) }

func parsePatch(given map[string]any, names []Name) (Patch, []fault.Detail) {
	var p Patch
	var mistakes []fault.Detail
	for _, text := range slices.Sorted(maps.Keys(given)) {
		name := Name(text)
		if !slices.Contains(names, name) {
			mistakes = append(mistakes, one(name, "unknown_field", "there is no such setting here")...)
			continue
		}
		change, wrong := parseChange(name, given[text])
		p.names, p.changes, mistakes = append(p.names, name), append(p.changes, change), append(mistakes, wrong...)
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
	i := slices.IndexFunc(p.changes, func(c change) bool { return c.lock != nil })
	switch {
	case i < 0:
		return stands
	case !*p.changes[i].lock:
		return nil
	case stands != nil:
		return stands
	}
	return &Locked{By: author, At: at}
}

// Apply gives the document as the patch leaves it, its lock aside.
func (p Patch) Apply(d Document) Document {
	for _, c := range p.changes {
		c.apply(&d)
	}
	return d
}

// Names lists what the patch names, in the order of their names.
func (p Patch) Names() []Name { return slices.Clone(p.names) }

// parseChange reads one setting.
func parseChange(name Name, given any) (change, []fault.Detail) {
	switch name {
	case TriggerName:
		t, wrong := parseTrigger(given)
		return change{apply: func(d *Document) { d.Values.Trigger = t }}, wrong
	case NoteTypesName:
		types, wrong := parseTypes(given)
		return change{apply: func(d *Document) { d.Values.NoteTypes = types }}, wrong
	case DisplayedName, FilterableName, MandatoryName, ProtectedName:
		set, wrong := parseFields(name, given)
		return change{apply: func(d *Document) { setFields(&d.Choices, name, set) }}, wrong
	case LockName:
		on, wrong := parseBool(name, given)
		if on == nil {
			on = new(bool)
		}
		return change{apply: func(*Document) {}, lock: on}, wrong
	default:
		on, wrong := parseBool(name, given)
		return change{apply: func(d *Document) { turn(d, name, on) }}, wrong
	}
}

// turn sets a switch.
func turn(d *Document, name Name, on *bool) {
	switch name {
	case OnlySyncedName:
		d.Values.OnlySynced = on
	case ManualName:
		d.Values.Manual = on
	case NativeEmailName:
		d.Choices.NativeEmail = on
	case BackfillName:
		d.Choices.Backfill = on
	case PrivateNotesName:
		d.Choices.PrivateNotes = on
	default: // no switch
	}
}

// setFields sets a set of fields; nil takes it away.
func setFields(c *Choices, name Name, fields *[]string) {
	switch name {
	case DisplayedName:
		c.Displayed = fields
	case FilterableName:
		c.Filterable = fields
	case MandatoryName:
		c.Mandatory = listOf(fields)
	case ProtectedName:
		c.Protected = listOf(fields)
	default: // no set
	}
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

// How many fields a set may have, and how long a field's id is, in bytes.
const (
	mostFields   = 200
	longestField = 64
)

func parseFields(name Name, given any) (*[]string, []fault.Detail) {
	if given == nil {
		return nil, nil
	}
	list, ok := given.([]any)
	if !ok {
		return nil, one(name, "wrong_type", "this is a list of fields' ids or null")
	}
	if len(list) > mostFields {
		return nil, one(name, "too_many", fmt.Sprintf("at most %d fields", mostFields))
	}
	fields := []string{}
	var mistakes []fault.Detail
	for i, item := range list {
		at := Name(fmt.Sprintf("%s[%d]", name, i))
		id, isText := item.(string)
		switch {
		case !isText || id == "" || len(id) > longestField:
			mistakes = append(mistakes, one(at, "wrong_type", "a field's id is a text")...)
		case slices.Contains(fields, id):
			mistakes = append(mistakes, one(at, "repeated", "this field is in the list already")...)
		}
		fields = append(fields, id)
	}
	return &fields, mistakes
}

func one(at Name, code, message string) []fault.Detail {
	return []fault.Detail{{Path: string(at), Code: code, Message: message}}
}
