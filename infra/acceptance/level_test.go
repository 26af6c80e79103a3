package acceptance_test

import (
	"net/http"
	"sync"
)

var levelCases = []story{
	{name: "A user's choice equal to the team's stays when the team changes, and what is inherited follows", run: func(w *world) {
		w.connected("trigger", "on_reply")
		w.member.patch(ofMine, object{"trigger": "on_reply"}).is(200)
		w.settings("trigger", "never", "only_synced", false)
		mine := w.member.get(ofMine).is(200)
		w.same("trigger", []string{mine.text("effective.trigger.value"), mine.text("effective.trigger.level")}, []string{"on_reply", "user"})
		w.same("toggle", []string{mine.text("effective.only_synced.value"), mine.text("effective.only_synced.level")}, []string{"false", "team"})
		w.sends(of("email_reply", "zoe").known().by("mel", false), of("email_reply", "yan").known().by("vic", false))
		w.settled()
		w.codes("created", "no_record_yet")
	}},
	{name: "A choice taken back inherits again", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.member.patch(ofMine, object{"trigger": "never"}).is(200)
		w.sends(of("email_sent", "zoe").known().by("mel", false))
		w.settled()
		w.member.patch(ofMine, object{"trigger": nil}).is(200)
		w.sends(of("email_sent", "zoe").by("mel", false))
		w.settled()
		w.codes("trigger_never", "created")
	}},
	{name: "The acting user's settings decide, else the campaign owner's, else the team's", run: func(w *world) {
		w.connected("trigger", "never")
		w.member.patch(ofMine, object{"trigger": "on_add"}).is(200)
		owned := of("email_sent", "yan").known()
		owned["campaign"] = object{"id": "spring", "owner": object{"id": "mel"}}
		w.sends(of("email_sent", "zoe").known().by("mel", false), owned, of("email_sent", "xia").known())
		w.settled()
		w.codes("created", "created", "trigger_never")
	}},
	{name: "Person before campaign before user before team, and the answer names what is shadowed", run: func(w *world) {
		w.connected("trigger", "never")
		w.member.patch(ofMine, object{"trigger": "never"}).is(200)
		e := of("email_sent", "zoe").known().by("mel", false).override("campaign", "mel", "trigger", "never").override("person", "mel", "trigger", "on_add")
		w.sends(e)
		w.settled()
		w.codes("created")
		told := w.story(e)
		w.same("level", told.text("settings.trigger.level"), "person")
		w.same("shadowed", told.text("settings.trigger.shadowed"), "[campaign user team built_in]")
	}},
	{name: "While locked a member's save of trigger is refused with who locked, and other settings stay open", run: func(w *world) {
		w.connected("trigger", "on_add", "lock", true)
		got := w.member.patch(ofMine, object{"trigger": "never"}).refused(http.StatusForbidden, "locked", "trigger locked")
		w.holds("it says who", got.text("detail") != "" && got.text("errors.0.message") != "" || got.text("detail") != "")
		w.member.patch(ofMine, object{"only_synced": false}).refused(http.StatusForbidden, "locked", "only_synced locked")
		w.member.patch(ofMine, object{"note_types": []string{"sms_sent"}}).is(200)
		w.admin.patch(ofMine, object{"trigger": "on_reply"}).is(200)
	}},
	{name: "A member's own trigger from before the lock does not count while it holds, and does after", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.member.patch(ofMine, object{"trigger": "never"}).is(200)
		w.settings("lock", true)
		locked := of("email_sent", "zoe").known().by("mel", false)
		w.sends(locked)
		w.settled()
		w.same("set aside", w.story(locked).text("settings.trigger.forced_by_lock"), "[user]")
		w.settings("lock", false)
		w.sends(of("email_sent", "yan").known().by("mel", false))
		w.settled()
		w.codes("created", "trigger_never")
	}},
	{name: "Overrides of campaign and person by others than admins are ignored under lock", run: func(w *world) {
		w.connected("trigger", "never", "lock", true)
		w.sends(
			of("email_sent", "zoe").known().by("mel", false).override("campaign", "mel", "trigger", "on_add"),
			of("email_sent", "yan").known().by("mel", false).override("person", "mel", "trigger", "on_add"),
			of("email_sent", "xia").known().by("ann", true).override("person", "ann", "trigger", "on_add"),
			of("email_sent", "wei").known().override("person", "a-stranger", "trigger", "on_add"),
		)
		w.settled()
		w.codes("trigger_never", "trigger_never", "created", "trigger_never")
		w.holds("one is there", len(w.ashby.people()) == 1)
	}},
	{name: "What an admin chose counts no more under lock once they are demoted", run: func(w *world) {
		w.connected("trigger", "never", "lock", true)
		bob := w.user("bob", "member", true)
		bob.patch(ofMine, object{"trigger": "on_add"}).is(200)
		w.sends(of("email_sent", "zoe").known().by("bob", true))
		w.settled()
		w.user("bob", "member", false).get(ofMine).is(200) // seen in a token without the flag
		w.sends(of("email_sent", "yan").known().set("actor", object{"id": "bob"}))
		w.settled()
		w.codes("created", "trigger_never")
	}},
	{name: "The lock leaves values for displayed fields to everybody", run: func(w *world) {
		w.connected("trigger", "on_add", "lock", true, "displayed", []string{"source"})
		w.member.put("/v1/values/people/zoe", object{"values": object{"source": w.ashby.made.Sources["LinkedIn"]}}).is(200)
		w.sends(of("email_sent", "zoe").known().by("mel", false))
		w.settled()
		w.same("source", w.ashby.candidate("zoe").Source, w.ashby.made.Sources["LinkedIn"])
	}},
	{name: "Of two tabs the stale save is refused with the current version", run: func(w *world) {
		seen := w.admin.version(ofTeam)
		w.admin.over(http.MethodPatch, ofTeam, seen, object{"trigger": "on_add"}).is(200)
		stale := w.admin.over(http.MethodPatch, ofTeam, seen, object{"trigger": "never"}).refused(http.StatusConflict, "stale")
		w.same("version", stale.header.Get("ETag"), `"1"`)
		w.same("trigger", w.viewer.get(ofTeam).text("values.trigger"), "on_add")
	}},
	{name: "Of two admins who save at once one wins, and the other is told", run: func(w *world) {
		seen := w.admin.version(ofTeam)
		got := make([]int, 6)
		var saving sync.WaitGroup
		for i := range got {
			saving.Go(func() {
				got[i] = w.admin.over(http.MethodPatch, ofTeam, seen, object{"trigger": []string{"on_add", "never"}[i%2]}).status
			})
		}
		saving.Wait()
		counts := map[int]int{}
		for _, status := range got {
			counts[status]++
		}
		w.holds("one was saved", counts[200] == 1 && counts[409] == 5)
		w.same("version", w.admin.version(ofTeam), `"1"`)
	}},
	{name: "A partial save leaves the rest alone, and unknown keys are refused with all other mistakes", run: func(w *world) {
		w.settings("trigger", "on_add", "only_synced", false)
		w.settings("backfill", true)
		got := w.viewer.get(ofTeam)
		w.same("values", []string{got.text("values.trigger"), got.text("values.only_synced"), got.text("values.backfill")}, []string{"on_add", "false", "true"})
		w.admin.patch(ofTeam, object{"trigger": "soon", "colour": "red", "note_types": []string{"pigeon"}}).
			refused(http.StatusUnprocessableEntity, "invalid_request", "colour unknown_field", "note_types[0] unknown_value", "trigger unknown_value")
	}},
	{name: "A save without the version that was seen is refused", run: func(w *world) {
		w.admin.do(http.MethodPatch, ofTeam, object{"trigger": "on_add"}).refused(http.StatusBadRequest, "version_required")
	}},
	{name: "A viewer reads everything and saves nothing, not even their own settings", run: func(w *world) {
		for _, path := range []string{ofTeam, ofMine, "/v1/mapping", "/v1/connection", "/v1/settings/effective"} {
			w.viewer.get(path).is(200)
		}
		w.viewer.patch(ofMine, object{"trigger": "never"}).refused(http.StatusForbidden, "viewer_reads_only")
		w.viewer.patch(ofTeam, object{"trigger": "never"}).refused(http.StatusForbidden, "admin_only")
		w.viewer.put("/v1/values/people/zoe", object{"values": object{}}).refused(http.StatusForbidden, "viewer_reads_only")
	}},
	{name: "A member saves their own settings and not the team's; a super user is as a member", run: func(w *world) {
		for _, role := range []string{"member", "super"} {
			u := w.user("u-"+role, role, false)
			u.patch(ofMine, object{"trigger": "never"}).is(200)
			u.patch(ofTeam, object{"trigger": "never"}).refused(http.StatusForbidden, "admin_only")
		}
		w.user("boss", "viewer", true).patch(ofTeam, object{"trigger": "never"}).is(200) // a flag on any role
	}},
	{name: "Every version is kept with who and what, and a rollback is a new version", run: func(w *world) {
		w.settings("trigger", "on_add")
		w.settings("trigger", "never")
		w.admin.over(http.MethodPost, ofTeam+"/rollback", `"2"`, object{"version": 1}).is(200)
		history := w.viewer.get("/v1/settings/history").is(200)
		w.holds("three versions", len(history.list("versions")) == 3)
		w.same("the newest", []string{history.text("versions.0.version"), history.text("versions.0.author"), history.text("versions.0.changes.0.to")}, []string{"3", "ann", "on_add"})
		w.connected()
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.codes("created")
	}},
	{name: "With on_add the answer says that the toggle has no effect", run: func(w *world) {
		got := w.admin.patch(ofTeam, object{"trigger": "on_add", "only_synced": false}).is(200)
		w.holds("a note says so", len(got.list("notes")) == 1 && got.text("notes.0.setting") == "only_synced")
	}},
}
