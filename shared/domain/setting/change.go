package setting

import (
	"reflect"
)

// Difference is what became of one setting between two versions. From and To are
// nil where the level has no value of its own, else a Trigger, a bool, a
// []event.Type or the ids of fields.
type Difference struct {
	Setting  Name
	From, To any
}

// Differences lists what changed between two versions of a level, in the order in
// which settings are shown.
func Differences(from, to Document) []Difference {
	var out []Difference
	was, is := listed(from), listed(to)
	for i, d := range was {
		if !reflect.DeepEqual(d.To, is[i].To) {
			out = append(out, Difference{Setting: d.Setting, From: d.To, To: is[i].To})
		}
	}
	return out
}

// listed gives every setting's value of a document, as To.
func listed(d Document) []Difference {
	return []Difference{
		{Setting: TriggerName, To: held(d.Values.Trigger)},
		{Setting: OnlySyncedName, To: held(d.Values.OnlySynced)},
		{Setting: NoteTypesName, To: held(d.Values.NoteTypes)},
		{Setting: ManualName, To: held(d.Values.Manual)},
		{Setting: DisplayedName, To: held(d.Choices.Displayed)},
		{Setting: FilterableName, To: held(d.Choices.Filterable)},
		{Setting: MandatoryName, To: some(d.Choices.Mandatory)},
		{Setting: ProtectedName, To: some(d.Choices.Protected)},
		{Setting: NativeEmailName, To: held(d.Choices.NativeEmail)},
		{Setting: BackfillName, To: held(d.Choices.Backfill)},
		{Setting: PrivateNotesName, To: held(d.Choices.PrivateNotes)},
		{Setting: LockName, To: d.Locked != nil},
	}
}

// some gives a set that is never inherited: empty, it is the same as none.
func some(set []string) []string { return append([]string{}, set...) }

// held is what a pointer points at; nil for none.
func held[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
