package acceptance_test

import (
	"net/http"
	"slices"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// activate tries a key as the admin.
func (w *world) activate(key string) reply {
	w.Helper()
	return w.admin.put("/v1/connection", object{"key": key})
}

// linked puts three people into Ashby.
func (w *world) linked() {
	w.Helper()
	w.connected("trigger", "on_add")
	for _, p := range []string{"zoe", "yan", "xia"} {
		w.sends(of("email_sent", p).known())
	}
	w.settled()
}

// elsewhere is a key of an organisation that has none of the team's candidates.
func (w *world) elsewhere() (key, org string) {
	w.Helper()
	made, err := w.service.ashby.Furnish(w.team+" elsewhere", 2)
	if err != nil {
		w.Fatal(err)
	}
	return made.Keys["Everything"], made.Org
}

var connectionCases = []story{
	{name: "A key is trimmed, checked, kept and never shown again", run: func(w *world) {
		w.same("before", w.viewer.get("/v1/connection").text("status"), "not_connected")
		got := w.activate("  " + w.ashby.key + "\n").is(200)
		w.same("status", got.text("status"), "connected")
		w.same("last four", got.text("key.last_four"), w.ashby.key[len(w.ashby.key)-4:])
		for _, path := range []string{"/v1/connection", "/v1/connection/doctor", "/v1/usage", "/v1/webhooks", "/v1/settings/history", "/v1/activity"} {
			w.holds("the key is not in "+path, !planted(w.admin.get(path).raw, w.ashby.key))
		}
	}},
	{name: "A wrong key is refused as such, and nothing changes", run: func(w *world) {
		w.activate("sim_key_that_never_was").refused(http.StatusUnprocessableEntity, "key_refused")
		w.same("status", w.viewer.get("/v1/connection").text("status"), "not_connected")
	}},
	{name: "A deactivated key is refused as a wrong one", run: func(w *world) {
		w.ashby.turns(func(k *ashbytest.Key) { k.Disabled = true })
		w.activate(w.ashby.key).refused(http.StatusUnprocessableEntity, "key_refused")
	}},
	{name: "A key that lacks a permission is accepted, with what is off and the box to tick", run: func(w *world) {
		key := w.ashby.newKey(func(k *ashbytest.Key) {
			k.Scopes = []string{ashbytest.CandidatesRead, ashbytest.CandidatesWrite, ashbytest.HiringProcessMetadataRead}
		})
		got := w.activate(key).is(200)
		w.same("status", got.text("status"), "connected_with_limits")
		missing := 0
		for _, p := range got.list("permissions") {
			p := p.(map[string]any)
			if p["state"] == "missing" {
				missing++
				w.holds("the box is named", p["box"] != "" && p["feature"] != "")
			}
		}
		w.holds("something is missing", missing > 0)
	}},
	{name: "Ashby that is away is never called a wrong key", run: func(w *world) {
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Unavailable})
		w.activate(w.ashby.key).refused(http.StatusServiceUnavailable, "ashby_unreachable")
		w.same("status", w.viewer.get("/v1/connection").text("status"), "not_connected")
	}},
	{name: "Ashby that is slow is never called a wrong key", run: func(w *world) {
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.LostBefore})
		w.activate(w.ashby.key).refused(http.StatusServiceUnavailable, "ashby_unreachable")
	}},
	{name: "A rate limit while activating is told as one", run: func(w *world) {
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Throttled, RetryAfterMs: 2000})
		got := w.activate(w.ashby.key).refused(http.StatusTooManyRequests, "rate_limited")
		w.holds("it says when to try again", got.header.Get("Retry-After") != "")
	}},
	{name: "A key that another team uses is refused with nothing more said, and is free after their disconnect", run: func(w *world) {
		w.connected()
		other := newWorld(w.T, w.service)
		got := other.activate(w.ashby.key).refused(http.StatusConflict, "key_in_use")
		w.holds("the other team is not named", !planted(got.raw, w.team))
		w.admin.delete("/v1/connection").is(200)
		other.activate(w.ashby.key).is(200)
	}},
	{name: "Only admins activate, and another role's try leaves no trace", run: func(w *world) {
		for _, u := range []*user{w.member, w.viewer, w.user("sue", "super", false)} {
			u.put("/v1/connection", object{"key": w.ashby.key}).refused(http.StatusForbidden, "admin_only")
		}
		w.holds("Ashby was not asked", len(w.ashby.calls("")) == 0)
	}},
	{name: "A double click on Activate gives one connection and one set of webhooks", run: func(w *world) {
		var clicking sync.WaitGroup
		got := make([]int, 2)
		for i := range got {
			clicking.Go(func() { got[i] = w.activate(w.ashby.key).status })
		}
		clicking.Wait()
		w.holds("none failed", !slices.ContainsFunc(got, func(status int) bool { return status >= 500 || status == http.StatusForbidden }))
		w.same("status", w.viewer.get("/v1/connection").text("status"), "connected")
		kinds := map[string]int{}
		for _, h := range w.ashby.state().Webhooks {
			kinds[h.Type]++
		}
		for kind, n := range kinds {
			w.holds("one webhook of "+kind, n == 1)
		}
		w.settings("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.codes("created")
	}},
	{name: "A key that is revoked later turns the box, keeps the work, and it flows after a new key", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.turns(func(k *ashbytest.Key) { k.Disabled = true })
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.eventually("the box turns", func() bool { return w.viewer.get("/v1/connection").text("status") == "attention_needed" })
		w.same("reason", w.viewer.get("/v1/connection").text("reason"), "key_refused")
		w.eventually("it is recorded", func() bool { return w.story(e).status == 200 })
		w.same("the event is kept", w.story(e).text("state"), "pending")
		w.same("it says why", w.story(e).text("wait.reason"), "key_refused")
		w.activate(w.ashby.newKey(func(*ashbytest.Key) {})).is(200)
		w.becomes(e, "created")
	}},
	{name: "Paused work waits and goes in order after resuming, with a forecast before", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.admin.post("/v1/connection/pause", nil).is(200)
		w.sends(of("email_sent", "zoe").known(), of("email_sent", "zoe"), of("email_sent", "zoe"))
		w.eventually("all are recorded", func() bool { return w.story(w.sent[2]).status == 200 })
		w.same("status", w.viewer.get("/v1/connection").text("status"), "paused")
		w.same("why", w.story(w.sent[0]).text("wait.reason"), "paused")
		w.holds("a forecast", w.viewer.get("/v1/usage").at("forecast_seconds") != nil)
		w.ashby.wrote()
		w.admin.post("/v1/connection/resume", nil).is(200)
		w.settled()
		w.codes("created", "synced", "synced")
	}},
	{name: "Disconnect deletes the key at once, keeps links and history, and parks work", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		off := w.admin.delete("/v1/connection").is(200)
		w.same("status", off.text("status"), "disconnected")
		w.holds("the link is kept", w.viewer.get("/v1/people/zoe").text("link.kind") == "synced")
		e := of("email_sent", "zoe")
		w.sends(e)
		w.eventually("it is recorded", func() bool { return w.story(e).status == 200 })
		w.same("why", w.story(e).text("wait.reason"), "disconnected")
		w.activate(w.ashby.key).is(200)
		w.becomes(e, "synced")
		w.holds("one candidate", len(w.ashby.people()) == 1)
	}},
	{name: "Another key of the same organisation rotates and keeps the links", run: func(w *world) {
		w.linked()
		got := w.activate(w.ashby.newKey(func(*ashbytest.Key) {})).is(200)
		w.same("status", got.text("status"), "connected")
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "created", "created", "synced")
		w.holds("three candidates", len(w.ashby.people()) == 3)
	}},
	{name: "The key of another organisation is held until an admin keeps the links", run: func(w *world) {
		w.linked()
		key, _ := w.elsewhere()
		got := w.activate(key).is(200)
		w.same("asked", []string{got.text("status"), got.text("reason")}, []string{"attention_needed", "other_organisation"})
		w.member.put("/v1/connection/organisation", object{"answer": "keep_links"}).refused(http.StatusForbidden, "admin_only")
		w.admin.put("/v1/connection/organisation", object{"answer": "keep_links"}).is(200)
		w.same("status", w.viewer.get("/v1/connection").text("status"), "connected")
	}},
	{name: "Start fresh with another organisation matches everybody anew", run: func(w *world) {
		w.linked()
		key, org := w.elsewhere()
		w.activate(key).is(200)
		e := of("email_sent", "zoe")
		w.sends(e)
		w.eventually("it is recorded", func() bool { return w.story(e).status == 200 })
		w.same("held", w.story(e).text("wait.reason"), "other_organisation")
		w.admin.put("/v1/connection/organisation", object{"answer": "start_fresh"}).is(200)
		w.becomes(e, "created")
		fresh := w.service.ashby.Dump(org)[0]
		w.holds("zoe is there too", len(fresh.Candidates) == 3)
	}},
	{name: "The question about the organisation is answered only while it is asked", run: func(w *world) {
		w.connected()
		w.admin.put("/v1/connection/organisation", object{"answer": "start_fresh"}).refused(http.StatusConflict, "nothing_asked")
	}},
	{name: "The doctor says for each feature whether it works and which box to tick", run: func(w *world) {
		key := w.ashby.newKey(func(k *ashbytest.Key) {
			k.Private, k.Scopes = false, []string{ashbytest.CandidatesRead, ashbytest.HiringProcessMetadataRead, ashbytest.APIKeysRead}
		})
		w.activate(key).is(200)
		got := w.admin.get("/v1/connection/doctor").is(200)
		off := 0
		for _, f := range got.list("features") {
			f := f.(map[string]any)
			if f["status"] == "off" {
				off++
				w.holds("a box", f["box"] != "")
			}
		}
		w.holds("features are off", off > 0)
		w.holds("the switches are told", len(got.list("switches")) == 2)
	}},
	{name: "Work that a missing permission stops waits for that alone, and goes once the box is ticked", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("campaign_added", "zoe").known())
		w.settled()
		w.ashby.turns(func(k *ashbytest.Key) {
			k.Scopes = []string{ashbytest.CandidatesRead, ashbytest.HiringProcessMetadataRead, ashbytest.APIKeysRead}
		})
		e := of("email_sent", "zoe")
		w.sends(e)
		w.becomes(e, "connection")
		w.ashby.turns(func(k *ashbytest.Key) { k.Scopes = ashbytest.AllScopes() })
		w.admin.post("/v1/connection/check", nil).is(200)
		w.becomes(e, "synced")
	}},
	{name: "Events before any connection are kept and go after it", run: func(w *world) {
		w.settings("trigger", "on_add")
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.eventually("it is recorded", func() bool { return w.story(e).status == 200 })
		w.same("why", w.story(e).text("wait.reason"), "not_connected")
		w.connected()
		w.becomes(e, "created")
	}},
	{name: "Neither key nor people's addresses are in any log, whatever failed", run: func(w *world) {
		w.connected("trigger", "on_add", "native_email", true)
		address := "planted-" + w.team + "@example.com"
		for _, kind := range []ashbytest.FaultKind{ashbytest.Unavailable, ashbytest.Garbage, ashbytest.Cut, ashbytest.ResetBefore, ashbytest.Broken, ashbytest.Refused, ashbytest.Throttled} {
			w.ashby.breaks(ashbytest.Fault{Kind: kind, Count: 1, Code: "invalid_input"})
			w.sends(of("email_sent", "zoe").known().with("emails", []string{address}).says("to", address).says("from", address))
			w.settled()
		}
		w.posts([]any{object{"id": address, "type": address, "person": object{"id": "zoe", "stage": address}}})
		w.activate(w.ashby.key + "-mistyped").is(422)
		w.ashby.turns(func(k *ashbytest.Key) { k.Disabled = true })
		w.activate(w.ashby.key).is(422)
		logged := w.service.log.String()
		w.holds("no key", !planted([]byte(logged), w.ashby.key))
		w.holds("no address", !planted([]byte(logged), "planted-"+w.team))
	}},
	{name: "The key is in no table and no queue", run: func(w *world) {
		w.activate("wrong-" + w.ashby.key).is(422)
		w.linked()
		for name, rows := range w.service.rows(w.T) {
			for _, row := range rows {
				w.holds("the key is not in "+name, !planted(row, w.ashby.key))
			}
		}
	}},
}
