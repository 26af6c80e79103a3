package acceptance_test

import (
	"time"
)

// synced puts zoe into Ashby with a company.
func (w *world) synced() {
	w.Helper()
	w.connected("trigger", "on_add")
	w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
	w.settled()
}

// setCalls counts the writes of custom fields.
func (w *world) setCalls() int { return len(w.ashby.calls("customField.setValues")) }

var editCases = []story{
	{name: "A manual edit of a synced person is written, and no note is", run: func(w *world) {
		w.synced()
		w.sends(edit("zoe", "company", "Quarry Systems"))
		w.settled()
		w.codes("created", "synced")
		w.same("company", w.ashby.value("zoe", "Company"), "Quarry Systems")
		w.holds("one note", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "Quick edits go as one, with the last value", run: func(w *world) {
		w.synced()
		before := w.setCalls()
		w.together(edit("zoe", "company", "One"), edit("zoe", "company", "Two"), edit("zoe", "company", "Three"))
		w.settled()
		w.codes("created", "coalesced", "coalesced", "synced")
		w.same("company", w.ashby.value("zoe", "Company"), "Three")
		w.holds("one call", w.setCalls() == before+1)
	}},
	{name: "An edit and its taking back within ten seconds cost no call", run: func(w *world) {
		w.synced()
		before := len(w.ashby.calls(""))
		w.together(edit("zoe", "company", "One"), edit("zoe", "company", "Harbour Labs"))
		w.settled()
		w.codes("created", "coalesced", "no_net_change")
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
		writes := 0
		for _, c := range w.ashby.calls("")[before:] {
			if c.Applied {
				writes++
			}
		}
		w.holds("nothing was written", writes == 0)
	}},
	{name: "An older edit that comes after a newer one overwrites nothing", run: func(w *world) {
		w.synced()
		newer := edit("zoe", "company", "Newer")
		w.sends(newer, of("email_sent", "zoe"))
		w.settled()
		older := edit("zoe", "company", "Older").set("occurred_at", w.began.Add(90*time.Second).Format(time.RFC3339))
		w.sends(older, of("email_sent", "zoe"))
		w.settled()
		w.same("company", w.ashby.value("zoe", "Company"), "Newer")
		w.skipped(older, w.ashby.made.Fields["Company"], "stale")
	}},
	{name: "A data refresh changes nothing in Ashby, nor do enrichment, import and API", run: func(w *world) {
		w.synced()
		before := len(w.ashby.writes())
		for _, origin := range []string{"data_refresh", "enrichment", "import", "api"} {
			w.sends(edit("zoe", "company", "Quarry Systems").set("origin", origin))
		}
		w.settled()
		w.codes("created", "origin_not_pushed", "origin_not_pushed", "origin_not_pushed", "origin_not_pushed")
		w.holds("nothing was written", len(w.ashby.writes()) == before)
	}},
	{name: "With manual sync off an edit stays on the timeline", run: func(w *world) {
		w.synced()
		w.settings("sync_manual_updates", false)
		w.sends(edit("zoe", "company", "Quarry Systems"), of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "manual_sync_off", "synced")
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
	}},
	{name: "An edit never puts anybody into Ashby nor links them", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.add("yan")
		w.sends(edit("zoe", "company", "Harbour Labs").known(), edit("yan", "company", "Harbour Labs").known())
		w.settled()
		w.codes("no_link", "no_link")
		w.ashby.wrote()
	}},
	{name: "A note-only link is no link for edits", run: func(w *world) {
		w.connected("trigger", "never", "only_synced", false)
		w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.sends(edit("zoe", "company", "Quarry Systems"), of("email_sent", "zoe"))
		w.settled()
		w.codes("noted_only", "no_link", "noted_only")
		w.holds("no company", w.ashby.value("zoe", "Company") == nil)
	}},
	{name: "An edit writes only what it changed", run: func(w *world) {
		w.synced()
		w.sends(edit("zoe", "role", "Engineer"), of("email_sent", "zoe"))
		w.settled()
		w.same("company and role", []any{w.ashby.value("zoe", "Company"), w.ashby.value("zoe", "Title")}, []any{"Harbour Labs", "Engineer"})
		w.holds("no update of the candidate itself", len(w.ashby.calls("candidate.update")) == 0)
	}},
}

// together sends edits a second apart, and lets nothing of them go before all are
// recorded.
func (w *world) together(events ...event) {
	w.Helper()
	w.admin.post("/v1/connection/pause", nil).is(200)
	for i, e := range events {
		e.set("occurred_at", w.began.Add(2*time.Hour+time.Duration(i)*time.Second).Format(time.RFC3339))
	}
	w.sends(events...)
	for _, e := range events {
		w.eventually("it is recorded", func() bool { return w.story(e).status == 200 })
	}
	w.admin.post("/v1/connection/resume", nil).is(200)
}
