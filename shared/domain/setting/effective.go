package setting

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

// Source says where an effective value comes from.
type Source struct {
	Setting  Name
	Level    Level
	ID       string
	Version  int
	Shadowed []Level // less specific levels that have a value of their own
	Forced   []Level // more specific levels whose value the lock set aside (forced_by_lock)
}

// Effective is the value of every frozen setting with where each comes from.
type Effective struct {
	Trigger    Trigger
	OnlySynced bool
	NoteTypes  []event.Type
	Manual     bool
	Sources    []Source // trigger, only_synced, note_types, sync_manual_updates
}

// Forced lists the settings of which the lock set a value aside.
func (e Effective) Forced() []Name {
	var names []Name
	for _, s := range e.Sources {
		if len(s.Forced) > 0 {
			names = append(names, s.Setting)
		}
	}
	return names
}

// Lock is the admin's lock on trigger and toggle, with who is an admin now.
type Lock struct {
	On     bool
	Admins []string // user ids
}

// counts reports whether a layer's value of a lockable setting counts.
func (k Lock) counts(l Layer) bool {
	return !k.On || l.Level == Team || l.Level == BuiltIn || slices.Contains(k.Admins, l.Author)
}

// Resolve finds the first present value of person, campaign, user, team,
// built-in; under lock, values of trigger and toggle that no current admin
// authored do not count. Layers may come in any order; built-in is added.
func Resolve(layers []Layer, lock Lock) Effective {
	ordered := order(append(slices.Clone(layers), BuiltInLayer()))
	var e Effective
	trigger, from := pick(ordered, TriggerName, lock, func(v Values) *Trigger { return v.Trigger })
	e.Trigger, e.Sources = *trigger, append(e.Sources, from)
	toggle, from := pick(ordered, OnlySyncedName, lock, func(v Values) *bool { return v.OnlySynced })
	e.OnlySynced, e.Sources = *toggle, append(e.Sources, from)
	types, from := pick(ordered, NoteTypesName, Lock{}, func(v Values) *[]event.Type { return v.NoteTypes })
	e.NoteTypes, e.Sources = *types, append(e.Sources, from)
	manual, from := pick(ordered, ManualName, Lock{}, func(v Values) *bool { return v.Manual })
	e.Manual, e.Sources = *manual, append(e.Sources, from)
	return e
}

func order(layers []Layer) []Layer {
	rank := func(l Layer) int { return slices.Index(Levels(), l.Level) }
	slices.SortStableFunc(layers, func(a, b Layer) int { return rank(a) - rank(b) })
	return layers
}

// pick never gives nil: the built-in layer has every value.
func pick[T any](ordered []Layer, name Name, lock Lock, of func(Values) *T) (*T, Source) {
	var value *T
	from := Source{Setting: name}
	for _, l := range ordered {
		v := of(l.Values)
		switch {
		case v == nil:
		case value != nil:
			from.Shadowed = append(from.Shadowed, l.Level)
		case !lock.counts(l):
			from.Forced = append(from.Forced, l.Level)
		default:
			value, from.Level, from.ID, from.Version = v, l.Level, l.ID, l.Version
		}
	}
	return value, from
}
