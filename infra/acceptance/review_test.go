package acceptance_test

import (
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// ambiguous sends an event about zoe, whose two addresses are two candidates'.
func (w *world) ambiguous() (first, second string, e event) {
	w.Helper()
	w.connected("trigger", "on_add")
	first, second = w.ashby.add("zoe"), w.ashby.add("zoe.work")
	e = of("email_sent", "zoe").known().with("emails", []string{"zoe@example.com", "zoe.work@example.com"}, "company", "Harbour Labs")
	w.sends(e)
	w.settled()
	w.codes("needs_review")
	w.ashby.wrote()
	return first, second, e
}

// deletedLink puts zoe into Ashby and has her deleted there, with an event behind.
func (w *world) deletedLink() (gone string, e event) {
	w.Helper()
	w.synced()
	gone = w.ashby.candidate("zoe").ID
	w.ashby.deletes(gone)
	w.eventually("zoe is known to be gone", func() bool { return w.admin.get("/v1/people/zoe").at("link.gone") == true })
	e = of("email_sent", "zoe")
	w.sends(e)
	w.settled()
	w.codes("created", "record_deleted")
	return gone, e
}

const review = "/v1/reviews/zoe"

var reviewCases = []story{
	{name: "Two candidates with evidence are a question with the evidence side by side, and nothing is written", run: func(w *world) {
		w.ambiguous()
		got := w.viewer.get("/v1/reviews").is(200)
		w.same("who", got.text("reviews.0.person"), "zoe")
		one := w.member.get(review).is(200)
		w.holds("two suspects with evidence", len(one.list("suspects")) == 2 && one.text("suspects.0.evidence.0") != "")
	}},
	{name: "The answer that it is this one links, writes and lets the note go", run: func(w *world) {
		_, second, e := w.ambiguous()
		w.member.put(review, object{"answer": "link", "candidate": second}).is(200)
		w.becomes(e, "matched")
		w.holds("one note there", len(w.ashby.notesOf(second)) == 1)
		w.holds("still two candidates", len(w.ashby.people()) == 2)
	}},
	{name: "The answer create new makes another candidate", run: func(w *world) {
		_, _, e := w.ambiguous()
		w.member.put(review, object{"answer": "create_new"}).is(200)
		w.becomes(e, "created")
		w.holds("three candidates", len(w.ashby.people()) == 3)
	}},
	{name: "The answer never ends all of the person's events without a write", run: func(w *world) {
		_, _, e := w.ambiguous()
		w.member.put(review, object{"answer": "never"}).is(200)
		w.becomes(e, "review_never")
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("review_never", "review_never")
		w.ashby.wrote()
	}},
	{name: "An answer is undone until the first write, and not after", run: func(w *world) {
		first, second, e := w.ambiguous()
		w.member.put(review, object{"answer": "never"}).is(200)
		w.becomes(e, "review_never")
		w.member.delete(review).is(200)
		w.becomes(e, "needs_review")
		w.member.put(review, object{"answer": "link", "candidate": first}).is(200)
		w.becomes(e, "matched")
		w.member.delete(review).refused(http.StatusConflict, "review_used")
		w.holds("nothing at the other", len(w.ashby.notesOf(second)) == 0)
	}},
	{name: "A viewer answers no review, and an answer that is not offered is refused", run: func(w *world) {
		w.ambiguous()
		w.viewer.put(review, object{"answer": "never"}).refused(http.StatusForbidden, "viewer_reads_only")
		w.member.put(review, object{"answer": "recreate"}).refused(http.StatusBadRequest, "answer_not_offered")
		w.member.put("/v1/reviews/nobody", object{"answer": "never"}).is(http.StatusNotFound)
	}},
	{name: "One decision lets all waiting events go in order", run: func(w *world) {
		first, _, _ := w.ambiguous()
		w.sends(of("email_sent", "zoe").says("body", "second"), of("email_sent", "zoe").says("body", "third"))
		w.settled()
		w.codes("needs_review", "needs_review", "needs_review")
		w.member.put(review, object{"answer": "link", "candidate": first}).is(200)
		w.eventually("three notes", func() bool { return len(w.ashby.notesOf(first)) == 3 })
	}},
	{name: "A name alone is no evidence", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.add("somebody", func(c *ashbytest.Candidate) { c.Name = "Zoe Vale" })
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.codes("created")
		w.holds("two candidates", len(w.ashby.people()) == 2)
	}},
	{name: "A deletion in Ashby stops writing and asks", run: func(w *world) {
		_, e := w.deletedLink()
		w.holds("the wait has an exit", w.story(e).text("wait.exit") != "")
		got := w.viewer.get("/v1/reviews").is(200)
		w.same("the question", got.text("reviews.0.kind"), "deleted")
		w.holds("nobody is there", len(w.ashby.people()) == 0)
	}},
	{name: "The answer recreate after a deletion makes a new candidate with the waiting note", run: func(w *world) {
		_, e := w.deletedLink()
		w.member.put(review, object{"answer": "recreate"}).is(200)
		w.becomes(e, "created")
		w.holds("one note on the new one", len(w.ashby.notes("zoe")) == 1)
	}},
	{name: "The answer stop after a deletion ends the person's events", run: func(w *world) {
		_, e := w.deletedLink()
		w.member.put(review, object{"answer": "stop"}).is(200)
		w.becomes(e, "link_stopped")
		w.holds("nobody is there", len(w.ashby.people()) == 0)
	}},
	{name: "The answer link after a deletion goes on with another candidate", run: func(w *world) {
		_, e := w.deletedLink()
		other := w.ashby.add("zoe.other")
		w.member.put(review, object{"answer": "link", "candidate": other}).is(200)
		w.eventually("the event is done", func() bool { return w.story(e).text("state") == "final" })
		w.holds("the note is there", len(w.ashby.notesOf(other)) == 1)
	}},
	{name: "A merge in Ashby re-points the link", run: func(w *world) {
		w.synced()
		away, into := w.ashby.candidate("zoe").ID, w.ashby.add("zoe.other")
		if err := w.service.ashby.Merge(away, into); err != nil {
			w.Fatal(err)
		}
		w.eventually("the link follows", func() bool { return w.admin.get("/v1/people/zoe").text("link.candidate") == into })
		w.sends(of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "synced")
	}},
	{name: "An asked-for push of somebody deleted asks before it recreates", run: func(w *world) {
		w.deletedLink()
		w.member.post("/v1/people/zoe/push", nil).is(200)
		w.eventually("it waits", func() bool { return w.viewer.get("/v1/people/zoe").text("waiting") == "2" })
		w.holds("nobody is there", len(w.ashby.people()) == 0)
	}},
	{name: "A person on hold waits, and goes on in order when released", run: func(w *world) {
		w.synced()
		w.admin.post("/v1/people/zoe/hold", nil).is(200)
		w.sends(of("email_sent", "zoe"), of("email_sent", "zoe"))
		w.settled()
		w.codes("created", "held", "held")
		w.member.post("/v1/people/zoe/release", nil).refused(http.StatusForbidden, "admin_only")
		w.admin.post("/v1/people/zoe/release", nil).is(200)
		w.eventually("three notes", func() bool { return len(w.ashby.notes("zoe")) == 3 })
	}},
	{name: "Two people of one candidate both write, and the events say so", run: func(w *world) {
		w.connected("trigger", "on_add")
		id := w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		e := of("email_sent", "yan").known().with("emails", []string{"zoe@example.com"})
		w.sends(e)
		w.settled()
		w.codes("matched", "matched")
		w.holds("both notes", len(w.ashby.notesOf(id)) == 2)
		w.holds("it is told", w.story(e).at("shared_candidate") == true)
	}},
}
