package settingshttp_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
)

// unknown makes the note of an event one that was announced that long ago, and of which
// nobody knows what became.
func (r *rig) unknown(event string, ago time.Duration) {
	r.t.Helper()
	from, ok, err := r.people.Stored(r.t.Context(), "acme", event)
	if err != nil || !ok {
		r.t.Fatal(ok, err)
	}
	to, now := from.Record, time.Now().UTC()
	note, _ := to.Step("note")
	note.Status, note.RemoteID, note.DoneAt, note.IntentAt, note.CallBy = delivery.Uncertain, "", time.Time{}, now.Add(-ago), now.Add(5*time.Second-ago)
	note.Fingerprint = "a key of old"
	to = to.WithStep(note)
	to.State, to.Code, to.Due = delivery.Waiting, delivery.Settling, now.Add(time.Hour)
	if _, _, err := r.people.Apply(r.t.Context(), delivery.Change{Team: "acme", From: from, To: to}); err != nil {
		r.t.Fatal(err)
	}
}

// answers gives what may be said of an event's note.
func (r *rig) answers(event string) []any {
	r.t.Helper()
	for _, s := range r.do(viewer, http.MethodGet, "/v1/events/"+event, "").want(r.t, 200, "").body["steps"].([]any) {
		if s := s.(map[string]any); s["id"] == "note" {
			list, _ := s["answers"].([]any)
			return list
		}
	}
	return nil
}

func TestAWriteThatNobodyKnowsOfEndsWhenAnAdminSaysWhatBecameOfIt(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1), outreach("e2", "email_sent", "yan", 2), outreach("e3", "email_sent", "ann", 3))
	const settle = "/settle"
	r.do(admin, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 409, "nothing_unknown")
	r.unknown("e1", time.Hour)
	r.unknown("e2", time.Hour)
	r.unknown("e3", time.Minute)

	cause := r.causes(viewer)["settling"]
	if cause["count"] != 2.0 || cause["action"].(map[string]any)["kind"] != "settle" {
		t.Errorf("cause %v", cause)
	}
	entry := r.do(viewer, http.MethodGet, "/v1/inbox/settling", "").want(t, 200, "").body["entries"].([]any)[0].(map[string]any)
	if entry["write"] != "note" {
		t.Errorf("entry %v", entry)
	}
	_, _, text := r.raw(viewer, "/v1/inbox/settling/export")
	if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) != 3 || rows[0][6] != "write" || rows[1][6] != "note" {
		t.Errorf("export %v, %v", rows, err)
	}
	wait := r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body["wait"].(map[string]any)
	if wait["owner"] != "admin" || !slices.Equal(r.answers("e1"), []any{"applied", "send_again"}) || r.answers("e3") != nil {
		t.Errorf("wait %v, answers %v and %v", wait, r.answers("e1"), r.answers("e3"))
	}

	r.do(viewer, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 403, "")
	r.do(member, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 403, "")
	r.do(admin2, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 404, "no_such_event")
	r.do(admin, http.MethodPost, "/v1/events/none"+settle, `{"answer":"applied"}`).want(t, 404, "no_such_event")
	for body, path := range map[string]string{
		`{}`: "answer", `{"answer":"perhaps"}`: "answer", `{"answer":"applied","more":1}`: "more", `{"answer":1}`: "answer",
	} {
		if got := r.do(admin, http.MethodPost, "/v1/events/e1"+settle, body).want(t, 422, "").mistakes(); len(got) != 1 || !strings.HasPrefix(got[0], path+" ") {
			t.Errorf("%s: %v", body, got)
		}
	}
	r.do(admin, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied","candidate":"c1"}`).want(t, 422, "invalid_request")
	r.do(admin, http.MethodPost, "/v1/events/e3"+settle, `{"answer":"applied"}`).want(t, 409, "still_looking")

	r.wire.writes()
	if got := r.do(admin, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 200, "").body; got["state"] != "pending" {
		t.Errorf("answer %v", got)
	}
	r.do(admin, http.MethodPost, "/v1/events/e1"+settle, `{"answer":"applied"}`).want(t, 409, "nothing_unknown")
	r.do(admin, http.MethodPost, "/v1/events/e2"+settle, `{"answer":"send_again"}`).want(t, 200, "")
	r.drain()
	if r.code("e1") != "created" || r.code("e2") != "created" || len(r.causes(viewer)) != 0 {
		t.Errorf("%v and %v, inbox %v", r.code("e1"), r.code("e2"), r.causes(viewer))
	}
	if went := r.wire.writes(); len(went) != 1 || went[0].method != "candidate.createNote" {
		t.Errorf("sent %v", went)
	}
	for _, s := range r.do(viewer, http.MethodGet, "/v1/events/e1", "").want(t, 200, "").body["steps"].([]any) {
		if s := s.(map[string]any); s["id"] == "note" && (s["told_by"] != "ann" || s["status"] != "done" || !strings.Contains(s["message"].(string), "said")) {
			t.Errorf("step %v", s)
		}
	}
}
