package settingshttp_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/given"
)

// traces looks through every table of the state file for a text, in rows, queues
// and secrets.
func (r *rig) traces(text string) []string {
	r.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(r.dir, "state.db")+"?mode=ro")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	var out []string
	for _, table := range column(r.t, db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		names := column(r.t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table))
		if len(names) == 0 {
			continue
		}
		parts := make([]string, len(names))
		for i, n := range names {
			parts[i] = fmt.Sprintf(`coalesce(CAST("%s" AS TEXT), '')`, n)
		}
		for _, row := range column(r.t, db, fmt.Sprintf(`SELECT %s FROM "%s"`, strings.Join(parts, ` || ' | ' || `), table)) {
			if strings.Contains(row, text) {
				out = append(out, table+": "+row)
			}
		}
	}
	return out
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhoIsForgottenLeavesNoTrace(t *testing.T) {
	r := connected(t)
	r.twice("zephyrine-waits")
	for _, person := range []string{"zephyrine", "zephyrine-waits"} {
		r.happened("acme", outreach(person+"-1", "email_sent", person, 1), outreach(person+"-2", "email_reply", person, 2))
	}
	r.recorded("acme", outreach("zephyrine-3", "email_sent", "zephyrine", 3)) // pending still
	r.happened("acme", outreach("other-1", "email_sent", "other", 1))
	if len(r.traces("zephyrine")) < 15 {
		t.Fatalf("only %d rows to begin with: the look is blind", len(r.traces("zephyrine")))
	}
	for _, person := range []string{"zephyrine", "zephyrine-waits"} {
		r.do(member, http.MethodPost, "/v1/people/"+person+"/forget", "").want(t, 403, "admin_only")
		got := r.do(admin, http.MethodPost, "/v1/people/"+person+"/forget", "").want(t, 200, "").body
		removed := got["removed"].(map[string]any)
		if removed["person"] != true || removed["events"].(float64) < 2 || removed["link"] != (person == "zephyrine") || got["kept"] == "" {
			t.Errorf("%s: %v", person, got)
		}
	}
	if left := r.traces("zephyrine"); len(left) > 0 {
		t.Errorf("left over:\n%s", strings.Join(left, "\n"))
	}
	r.do(viewer, http.MethodGet, "/v1/people/zephyrine", "").want(t, 404, "no_such_person")
	r.do(viewer, http.MethodGet, "/v1/people/zephyrine/timeline", "").want(t, 404, "no_such_person")
	if got := r.do(viewer, http.MethodGet, "/v1/events/zephyrine-1", "").want(t, 200, "").body; got["code"] != "forgotten" || got["person"] != "" {
		t.Errorf("got %v", got)
	}
	if causes := r.causes(viewer); len(causes) != 0 {
		t.Errorf("inbox %v", causes)
	}
	r.do(viewer, http.MethodGet, "/v1/people/other", "").want(t, 200, "")
	if r.code("other-1") != "created" {
		t.Error("somebody else was forgotten too")
	}
}

func TestWhoComesBackAfterBeingForgottenIsMatchedAsAStranger(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	candidate := r.person("zoe")["link"].(map[string]any)["candidate"]
	r.do(admin, http.MethodPost, "/v1/people/zoe/forget", "").want(t, 200, "")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1)) // delivered again
	r.do(viewer, http.MethodGet, "/v1/people/zoe", "").want(t, 404, "no_such_person")
	r.happened("acme", outreach("e2", "email_sent", "zoe", 2))
	if r.code("e2") != "matched" || r.person("zoe")["link"].(map[string]any)["candidate"] != candidate {
		t.Errorf("e2 is %v, %v", r.code("e2"), r.person("zoe")["link"])
	}
}

func TestForgettingSomebodyNobodyKnowsHoldsAgainstWhatIsQueued(t *testing.T) {
	r := connected(t)
	got := r.do(admin, http.MethodPost, "/v1/people/stranger/forget", "").want(t, 200, "").body
	if removed := got["removed"].(map[string]any); removed["person"] != false || removed["events"] != 0.0 {
		t.Errorf("got %v", got)
	}
	r.do(admin2, http.MethodPost, "/v1/people/zoe/forget", "").want(t, 200, "")
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1)) // another team's forgetting is none of ours
	if r.code("e1") != "created" {
		t.Errorf("e1 is %v", r.code("e1"))
	}
}

func TestAWriteOfUnknownOutcomeIsToldWhenItsPersonIsForgotten(t *testing.T) {
	r := connected(t)
	r.fault(ashbytest.Fault{Kind: ashbytest.LostAfter, Endpoints: []string{"candidate.createNote"}, Count: 1})
	r.happened("acme", outreach("e1", "email_sent", "zoe", 1))
	if r.code("e1") != "settling" {
		t.Fatalf("e1 is %v", r.code("e1"))
	}
	if got := r.do(admin, http.MethodPost, "/v1/people/zoe/forget", "").want(t, 200, "").body; got["in_flight"] != 1.0 {
		t.Errorf("got %v", got)
	}
}

// Whoever forgets comes in the middle of a call to Ashby, of each kind in turn.
func TestForgettingDuringADrainLeavesNoTrace(t *testing.T) {
	for _, method := range []string{"candidate.search", "candidate.create", "customField.setValues", "candidate.createNote"} {
		t.Run(method, func(t *testing.T) {
			r := connected(t)
			forgotten := 0
			r.wire.during = func(m string) {
				if m == method {
					forgotten++
					r.do(admin, http.MethodPost, "/v1/people/zephyrine/forget", "").want(t, 200, "")
				}
			}
			r.happened("acme", outreach("zephyrine-1", "campaign_added", "zephyrine", 1), outreach("zephyrine-2", "email_sent", "zephyrine", 2))
			if forgotten == 0 {
				t.Fatal("there was no such call")
			}
			if left := r.traces("zephyrine"); len(left) > 0 {
				t.Errorf("left over:\n%s", strings.Join(left, "\n"))
			}
			r.wire.during = nil
			r.happened("acme", outreach("zephyrine-1", "campaign_added", "zephyrine", 1), outreach("zephyrine-2", "email_sent", "zephyrine", 2)) // delivered again
			if left := r.traces("zephyrine"); len(left) > 0 {
				t.Errorf("a redelivery left:\n%s", strings.Join(left, "\n"))
			}
			if got := r.do(viewer, http.MethodGet, "/v1/events/zephyrine-2", "").want(t, 200, "").body; got["code"] != "forgotten" {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestACandidateStaysClosedUntilTheLostWriteOfSomebodyForgottenIsOver(t *testing.T) {
	r := connected(t)
	r.happened("acme", outreach("zephyrine-1", "email_sent", "zephyrine", 1), outreach("other-1", "email_sent", "other", 1))
	candidate := r.person("zephyrine")["link"].(map[string]any)["candidate"].(string)
	r.do(admin, http.MethodPut, "/v1/people/other/link", `{"candidate":"`+candidate+`"}`).want(t, 200, "")
	r.happened("acme", outreach("other-2", "email_sent", "other", 2))
	r.fault(ashbytest.Fault{Kind: ashbytest.LostAfter, Endpoints: []string{"candidate.createNote"}, Count: 1})
	r.happened("acme", outreach("zephyrine-2", "email_sent", "zephyrine", 3))
	if r.code("zephyrine-2") != "settling" {
		t.Fatalf("zephyrine-2 is %v", r.code("zephyrine-2"))
	}
	r.do(admin, http.MethodPost, "/v1/people/zephyrine/forget", "").want(t, 200, "")
	for _, id := range []string{`"zephyrine"`, "#zephyrine", "zephyrine-2"} { // Ashby's candidate has the address, and the other's event tells what was there
		if left := r.traces(id); len(left) > 0 {
			t.Errorf("left over:\n%s", strings.Join(left, "\n"))
		}
	}
	r.wire.writes()
	r.happened("acme", outreach("other-3", "email_sent", "other", 4))
	if wrote := r.wire.writes(); len(wrote) > 0 {
		t.Errorf("wrote %v while the lost write may still be on its way", wrote)
	}
}

func TestTheValuesOfWhoIsForgottenGoToo(t *testing.T) {
	r := newRig(t)
	for _, person := range []string{"zephyrine", "other"} {
		value := given.Value{Field: "field-1", Text: person, Author: "mel", At: time.Now()}
		if err := r.config.SaveValues(t.Context(), "acme", given.ForPerson, person, []given.Value{value}); err != nil {
			t.Fatal(err)
		}
	}
	got := r.do(admin, http.MethodPost, "/v1/people/zephyrine/forget", "").want(t, 200, "").body
	if got["removed"].(map[string]any)["values"] != 1.0 || len(r.traces("zephyrine")) > 0 || len(r.traces("other")) == 0 {
		t.Errorf("got %v, left %v", got, r.traces("zephyrine"))
	}
}
