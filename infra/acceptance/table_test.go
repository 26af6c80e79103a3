package acceptance_test

import (
	"fmt"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// syncRow is a row of the table that decides whether an event reaches Ashby. Lists
// say what the row is about; nil is any.
type syncRow struct {
	number  int
	trigger []string
	only    []bool   // only add notes to synced records
	synced  bool     // a note-only link is none
	reached []bool   // the trigger's mark
	inAshby []string // yes, no, gone, ambiguous
	write   string   // link, create or none
	note    bool
	code    string
}

var (
	later   = []string{"on_reply", "on_interested"}
	notAdd  = []string{"never", "on_reply", "on_interested"}
	on, off = []bool{true}, []bool{false}
	yes     = []string{"yes"}
)

// syncTable is product behaviour, typed in from decision 5: the first match wins.
// Row 3 cannot be reached from outside.
var syncTable = []syncRow{
	{number: 1, synced: true, inAshby: yes, note: true, code: "synced"},
	{number: 2, synced: true, inAshby: []string{"gone"}, code: "record_deleted"},
	{number: 4, trigger: []string{"never"}, only: on, code: "trigger_never"},
	{number: 5, trigger: later, only: on, reached: []bool{false}, code: "withheld_until_marked"},
	{number: 6, inAshby: []string{"gone"}, code: "record_deleted"},
	{number: 7, inAshby: []string{"ambiguous"}, code: "needs_review"},
	{number: 8, trigger: []string{"on_add"}, inAshby: yes, write: "link", note: true, code: "matched"},
	{number: 9, trigger: []string{"on_add"}, inAshby: []string{"no"}, write: "create", note: true, code: "created"},
	{number: 10, trigger: later, reached: []bool{true}, inAshby: yes, write: "link", note: true, code: "matched"},
	{number: 11, trigger: later, reached: []bool{true}, inAshby: []string{"no"}, write: "create", note: true, code: "created"},
	{number: 12, trigger: notAdd, only: off, inAshby: yes, note: true, code: "noted_only"},
	{number: 13, trigger: notAdd, only: off, inAshby: []string{"no"}, code: "no_record_yet"},
}

// situation is where a person stands when the event comes.
type situation struct {
	link    string // none, note_only, synced
	reached bool
	inAshby string
}

func (s situation) person() string {
	return fmt.Sprintf("%s-%s-%t", s.link[:4], s.inAshby, s.reached)
}

// situations are all that a person can be in: who is linked is there or gone.
func situations() []situation {
	var out []situation
	for link, states := range map[string][]string{
		"none": {"yes", "no", "ambiguous"}, "note_only": {"yes", "gone"}, "synced": {"yes", "gone"},
	} {
		for _, state := range states {
			out = append(out, situation{link, false, state}, situation{link, true, state})
		}
	}
	return out
}

func has[T comparable](list []T, v T) bool { return list == nil || slices.Contains(list, v) }

func rowFor(trigger string, only bool, s situation) syncRow {
	for _, r := range syncTable {
		if has(r.trigger, trigger) && has(r.only, only) && r.synced == (s.link == "synced") && has(r.reached, s.reached) && has(r.inAshby, s.inAshby) {
			return r
		}
	}
	return syncRow{}
}

var tableCases = everySetting()

// everySetting makes a case for each choice of trigger and toggle; each tries every
// situation.
func everySetting() []story {
	var out []story
	for _, trigger := range []string{"never", "on_add", "on_reply", "on_interested"} {
		for _, only := range []bool{true, false} {
			name := fmt.Sprintf("With trigger %s and only_synced %t every combination of link, mark and Ashby goes by its row of the table", trigger, only)
			out = append(out, story{name: name, run: func(w *world) { w.goesByTheTable(trigger, only) }})
		}
	}
	return out
}

func (w *world) goesByTheTable(trigger string, only bool) {
	w.connected("trigger", "never", "only_synced", false)
	all := situations()
	for _, s := range all {
		w.prepare(s)
	}
	w.settled()
	for _, s := range all {
		w.bring(s)
	}
	w.settings("trigger", trigger, "only_synced", only)
	before, notes := map[string]bool{}, map[string]int{}
	for _, c := range w.ashby.people() {
		before[c.ID] = true
	}
	var tried []event
	for _, s := range all {
		if c, ok := w.ashby.find(s.person()); ok {
			notes[s.person()] = len(w.ashby.notesOf(c.ID))
		}
		e := of("email_sent", s.person()).known().with("company", "Harbour Labs")
		if s.reached {
			e.stage("Interested")
		}
		if s.inAshby == "ambiguous" {
			e.with("emails", []string{s.person() + "@example.com", s.person() + ".work@example.com"})
		}
		tried = append(tried, e)
	}
	w.sends(tried...)
	w.settled()
	for i, s := range all {
		w.wentBy(rowFor(trigger, only, s), s, tried[i], before, notes[s.person()])
	}
}

// prepare puts into Ashby whom the situation wants there, and has the linked linked.
func (w *world) prepare(s situation) {
	w.Helper()
	person := s.person()
	if s.inAshby != "no" {
		w.ashby.add(person)
	}
	if s.inAshby == "ambiguous" {
		w.ashby.add(person + ".work")
	}
	switch s.link {
	case "note_only":
		w.sends(of("email_sent", person).known())
	case "synced":
		w.sends(of("campaign_added", person).known().by("ann", true).override("campaign", "ann", "trigger", "on_add"))
	}
}

// bring takes away whom the situation wants gone.
func (w *world) bring(s situation) {
	w.Helper()
	if s.link == "none" {
		return
	}
	candidate, path := w.ashby.candidate(s.person()).ID, "/v1/people/"+s.person()
	if got := w.admin.get(path).text("link.kind"); got != s.link {
		w.Fatalf("%s has link %q", s.person(), got)
	}
	if s.inAshby == "gone" {
		w.ashby.deletes(candidate)
		w.eventually(s.person()+" is known to be gone", func() bool { return w.admin.get(path).at("link.gone") == true })
	}
}

// wentBy wants of an event what its row says: the code, the candidate, the note.
func (w *world) wentBy(row syncRow, s situation, e event, before map[string]bool, notes int) {
	w.Helper()
	told := w.story(e)
	if told.text("code") != row.code || told.text("row") != fmt.Sprint(row.number) {
		w.Errorf("%+v: %s by row %s, want %s by row %d", s, told.text("code"), told.text("row"), row.code, row.number)
	}
	candidate, there := w.ashby.find(s.person())
	if made := there && !before[candidate.ID]; made != (row.write == "create") {
		w.Errorf("%+v: created %t", s, made)
	}
	if !there {
		return
	}
	filled := slices.ContainsFunc(candidate.Fields, func(v ashbytest.Value) bool { return v.Value == "Harbour Labs" })
	if filled != (row.write != "") {
		w.Errorf("%+v: fields written %t, want %q", s, filled, row.write)
	}
	if got := len(w.ashby.notesOf(candidate.ID)) - notes; got != map[bool]int{true: 1}[row.note] {
		w.Errorf("%+v: %d notes", s, got)
	}
}
