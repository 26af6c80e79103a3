package acceptance_test

import (
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// once makes a case of a call that fails once in some way, after which one effect
// is there.
func once(name string, f ashbytest.Fault) story {
	return story{name: name, run: func(w *world) {
		w.connected("trigger", "on_add")
		f.Count = 1
		w.ashby.breaks(f)
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.eventually("all is there", func() bool {
			c, ok := w.ashby.find("zoe")
			return ok && len(w.ashby.notesOf(c.ID)) > 0
		})
		w.settled()
		w.codes("created")
		w.holds("one candidate", len(w.ashby.people()) == 1)
		w.holds("one note", len(w.ashby.notes("zoe")) == 1)
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
	}}
}

func on1(endpoint string) []string { return []string{endpoint} }

var answerCases = []story{
	once("A search that fails is made again", ashbytest.Fault{Kind: ashbytest.Unavailable, Endpoints: on1("candidate.search")}),
	once("A read whose answer is cut is made again", ashbytest.Fault{Kind: ashbytest.Cut, Endpoints: on1("candidate.search")}),
	once("A rate limit is waited out and is no failure", ashbytest.Fault{Kind: ashbytest.Throttled, RetryAfterMs: 1000, Endpoints: on1("candidate.create")}),
	once("A create whose answer was lost is found and not made again", ashbytest.Fault{Kind: ashbytest.ResetAfter, Endpoints: on1("candidate.create")}),
	once("A create that never arrived is made once more", ashbytest.Fault{Kind: ashbytest.ResetBefore, Endpoints: on1("candidate.create")}),
	once("A create answered with an error of Ashby's after it was made is found", ashbytest.Fault{Kind: ashbytest.BrokenAfter, Endpoints: on1("candidate.create")}),
	once("A create answered with nonsense is found", ashbytest.Fault{Kind: ashbytest.Garbage, Endpoints: on1("candidate.create")}),
	once("A note whose answer was lost is found by its reference", ashbytest.Fault{Kind: ashbytest.ResetAfter, Endpoints: on1("candidate.createNote")}),
	once("A note that never arrived is written once more", ashbytest.Fault{Kind: ashbytest.Broken, Endpoints: on1("candidate.createNote")}),
	once("Custom fields whose answer was lost are read and then left alone", ashbytest.Fault{Kind: ashbytest.ResetAfter, Endpoints: on1("customField.setValues")}),
	once("A cut answer to custom fields is looked up", ashbytest.Fault{Kind: ashbytest.Cut, Endpoints: on1("customField.setValues")}),
	{name: "A note whose outcome is unknown holds the person's later events, and nobody else's", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("campaign_added", "zoe").known())
		w.settled()
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Broken, Endpoints: on1("candidate.createNote"), Count: 1})
		mend := w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Broken, Endpoints: on1("candidate.listNotes")})
		lost, behind, other := of("email_sent", "zoe"), of("email_sent", "zoe"), of("email_sent", "yan").known()
		w.sends(lost)
		w.becomes(lost, "settling")
		w.sends(behind, other)
		w.becomes(other, "created")
		w.same("behind it", w.story(behind).text("state"), "pending")
		w.same("why", w.story(behind).text("wait.reason"), "behind_unknown_write")
		mend()
		w.becomes(lost, "synced")
		w.becomes(behind, "synced")
		w.holds("two notes", len(w.ashby.notes("zoe")) == 2)
	}},
	{name: "A definite no to a note is told in Ashby's words, is in the inbox, and a redrive writes it", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Refused, Code: "internal_policy", Endpoints: on1("candidate.createNote"), Count: 1})
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.settled()
		w.holds("the inbox has it", w.viewer.get("/v1/inbox").text("causes.0.cause") == "rejected")
		w.admin.post("/v1/events/"+e.id()+"/retry", nil).is(200)
		w.eventually("the note is there", func() bool { return len(w.ashby.notes("zoe")) == 1 })
	}},
	{name: "An update that is refused does not keep the note back", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.add("zoe")
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Refused, Code: "internal_policy", Endpoints: on1("candidate.update")})
		w.sends(of("email_sent", "zoe").known().with("phones", []string{"+12025550143"}))
		w.settled()
		w.holds("the note is there", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "A create that is refused keeps its note in the inbox", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.breaks(ashbytest.Fault{Kind: ashbytest.Refused, Code: "internal_policy", Endpoints: on1("candidate.create"), Count: 1})
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.settled()
		w.codes("rejected")
		w.admin.post("/v1/inbox/rejected/redrive", nil).is(200)
		w.becomes(e, "created")
		w.holds("its note too", len(w.ashby.notes("zoe")) == 1)
	}},
}
