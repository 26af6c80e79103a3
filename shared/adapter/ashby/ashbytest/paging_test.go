package ashbytest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// walk pages through a list and gives one key of every item, and the last page.
func (r *rig) walk(method, body, key string) ([]any, reply) {
	r.t.Helper()
	var items []any
	for {
		out := r.ok(method, body)
		items = append(items, out.each("results", key)...)
		if out.at("moreDataAvailable") == false {
			if out.at("nextCursor") != nil {
				r.t.Error("the last page has a cursor")
			}
			return items, out
		}
		if out.at("syncToken") != nil {
			r.t.Error("a page before the last has a sync token")
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(body, "{"), `"cursor":`)
		if strings.Contains(body, `"cursor"`) {
			_, rest, _ = strings.Cut(rest, ",")
		}
		body = strings.Replace(fmt.Sprintf(`{"cursor":%q,%s`, out.text("nextCursor"), rest), ",}", "}", 1)
	}
}

func TestAListIsPagedAndEndsWithASyncToken(t *testing.T) {
	r := overHTTP(t)
	names, last := r.walk("candidate.list", `{"limit":10}`, "name")
	if len(names) != 25 || names[0] != "Ada Lindqvist" || names[24] != "Zoe Papadaki" {
		t.Errorf("%v", names)
	}
	if last.text("syncToken") == "" || len(last.list("results")) != 5 {
		t.Errorf("last page %s", last.raw)
	}
}

func TestTheOrderOfAddingCanBeReversed(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.ListOrder = "desc" })
	names, _ := r.walk("candidate.list", `{"limit":10}`, "name")
	if len(names) != 25 || names[0] != "Zoe Papadaki" || names[24] != "Ada Lindqvist" {
		t.Errorf("%v", names)
	}
}

func TestASyncTokenGivesOnlyWhatChangedSince(t *testing.T) {
	r := overHTTP(t)
	_, last := r.walk("candidate.list", `{}`, "id")
	sync := func() ([]any, string) {
		ids, end := r.walk("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, last.text("syncToken")), "id")
		return ids, end.text("syncToken")
	}
	if ids, _ := sync(); len(ids) != 0 {
		t.Errorf("nothing changed, yet %v", ids)
	}
	changes := []string{
		`candidate.update {"candidateId":"«candidate:1»","name":"X"}`,
		`candidate.addTag {"candidateId":"«candidate:2»","tagId":"«tag:Strong candidate»"}`,
		`customField.setValue {"objectId":"«candidate:3»","objectType":"Candidate","fieldId":"«field:Company»","fieldValue":"Y"}`,
		`customField.setValues {"objectId":"«candidate:4»","objectType":"Candidate","values":[{"fieldId":"«field:Company»","fieldValue":"Y"}]}`,
		`candidate.addProject {"candidateId":"«candidate:6»","projectId":"«project:Nordic engineering pool»"}`,
	}
	for _, change := range changes {
		method, body, _ := strings.Cut(change, " ")
		r.ok(method, body)
	}
	ids, _ := sync()
	if len(ids) != len(changes) || ids[0] != r.vars["candidate:1"] || ids[4] != r.vars["candidate:6"] {
		t.Errorf("changed: %v", ids)
	}
}

func TestAChangeWhilePagingIsInTheNextSync(t *testing.T) {
	r := overHTTP(t)
	first := r.ok("candidate.list", `{"limit":10}`)
	r.ok("candidate.update", `{"candidateId":"«candidate:0»","name":"Changed Meanwhile"}`)
	second := r.ok("candidate.list", fmt.Sprintf(`{"limit":10,"cursor":%q}`, first.text("nextCursor")))
	last := r.ok("candidate.list", fmt.Sprintf(`{"limit":10,"cursor":%q}`, second.text("nextCursor")))
	delta := r.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, last.text("syncToken")))
	if names := delta.each("results", "name"); len(names) != 1 || names[0] != "Changed Meanwhile" {
		t.Errorf("delta %v", names)
	}
}

func TestASyncIsPagedWithOrWithoutItsToken(t *testing.T) {
	r := overHTTP(t)
	_, last := r.walk("candidate.list", `{}`, "id")
	for i := range 5 {
		r.ok("candidate.update", fmt.Sprintf(`{"candidateId":"«candidate:%d»","name":"Changed %d"}`, i, i))
	}
	first := r.ok("candidate.list", fmt.Sprintf(`{"limit":3,"syncToken":%q}`, last.text("syncToken")))
	for _, with := range []string{fmt.Sprintf(`,"syncToken":%q`, last.text("syncToken")), ``} {
		second := r.ok("candidate.list", fmt.Sprintf(`{"limit":3,"cursor":%q%s}`, first.text("nextCursor"), with))
		if names := second.each("results", "name"); len(names) != 2 || names[0] != "Changed 3" {
			t.Errorf("second page %v", names)
		}
		second.want(map[string]string{"moreDataAvailable": `false`})
	}
}

func TestDeletionsAreNotInASync(t *testing.T) {
	r := overHTTP(t)
	_, last := r.walk("candidate.list", `{}`, "id")
	if err := r.sim.Delete(r.vars["candidate:0"]); err != nil {
		t.Fatal(err)
	}
	if n := len(r.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, last.text("syncToken"))).list("results")); n != 0 {
		t.Errorf("%d changes", n)
	}
}

func TestWhetherANoteIsAChangeIsAMode(t *testing.T) {
	r := overHTTP(t)
	_, last := r.walk("candidate.list", `{}`, "id")
	delta := func() int {
		return len(r.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, last.text("syncToken"))).list("results"))
	}
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x"}`)
	if delta() != 0 {
		t.Error("a note bumped the candidate")
	}
	r.modes(func(m *ashbytest.Modes) { m.NoteBumps = true })
	r.ok("candidate.createNote", `{"candidateId":"«candidate:0»","note":"x"}`)
	if delta() != 1 {
		t.Error("a note did not bump the candidate")
	}
}

func TestCursorsAndTokensThatAreNotOursAreRefused(t *testing.T) {
	r := overHTTP(t)
	cursor := r.ok("candidate.list", `{"limit":10}`).text("nextCursor")
	token := r.ok("candidate.list", `{}`).text("syncToken")
	r.fails("candidate.list", `{"cursor":"G8"}`, "invalid_next_cursor")
	r.fails("candidate.list", `{"syncToken":"jYnEBmjzR"}`, "sync_token_invalid")
	r.fails("candidate.list", fmt.Sprintf(`{"cursor":%q}`, token), "invalid_next_cursor")
	r.fails("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, cursor), "sync_token_invalid")
	r.fails("candidate.list", fmt.Sprintf(`{"cursor":%q}`, cursor[1:]), "invalid_next_cursor")
	r.fails("candidate.list", fmt.Sprintf(`{"cursor":%q}`, strings.Replace(cursor, ".", ".0", 1)), "invalid_next_cursor")
	r.fails("candidate.list", fmt.Sprintf(`{"cursor":%q,"createdAfter":1}`, cursor), "invalid_next_cursor")
	r.fails("customField.list", fmt.Sprintf(`{"cursor":%q}`, cursor), "invalid_next_cursor")
	r.as(ashbytest.OtherKey).fails("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, token), "sync_token_invalid")
}

func TestCursorsAndTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := inMemory(t, ashbytest.Config{})
		cursor := r.ok("candidate.list", `{"limit":10}`).text("nextCursor")
		token := r.ok("candidate.list", `{}`).text("syncToken")
		time.Sleep(14*24*time.Hour - time.Minute)
		r.ok("candidate.list", fmt.Sprintf(`{"limit":10,"cursor":%q}`, cursor))
		r.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, token))
		time.Sleep(2 * time.Minute)
		r.fails("candidate.list", fmt.Sprintf(`{"limit":10,"cursor":%q}`, cursor), "next_cursor_expired")
		r.fails("candidate.list", fmt.Sprintf(`{"syncToken":%q}`, token), "sync_token_expired")
	})
}

func TestASyncCanBeTooLarge(t *testing.T) {
	r := overHTTP(t)
	r.modes(func(m *ashbytest.Modes) { m.SyncLimit = 2 })
	token := r.ok("candidate.list", `{}`).text("syncToken")
	for i := range 3 {
		r.ok("candidate.list", fmt.Sprintf(`{"syncToken":%q,"limit":1}`, token))
		r.ok("candidate.update", fmt.Sprintf(`{"candidateId":"«candidate:%d»","name":"X"}`, i))
	}
	r.fails("candidate.list", fmt.Sprintf(`{"syncToken":%q,"limit":1}`, token), "incremental_sync_too_large")
}

func TestLimitsOutOfRange(t *testing.T) {
	r := overHTTP(t)
	if err := r.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sim.Seed(130); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]int{`{}`: 100, `{"limit":100}`: 100, `{"limit":500}`: 100, `{"limit":7}`: 7} {
		if n := len(r.ok("candidate.list", body).list("results")); n != want {
			t.Errorf("%s: %d results", body, n)
		}
	}
	for _, limit := range []string{"0", "-1", "1.5"} {
		r.fails("candidate.list", `{"limit":`+limit+`}`, "invalid_input")
	}
	r.modes(func(m *ashbytest.Modes) { m.LimitAbove = "invalid" })
	r.fails("candidate.list", `{"limit":101}`, "invalid_input")
}

func TestCandidatesCanBeListedByTimeOfAdding(t *testing.T) {
	r := overHTTP(t)
	for name, at := range map[string]string{"Old": "2001-01-01T00:00:00Z", "Mid": "2002-01-01T00:00:00Z", "New": "2003-01-01T00:00:00Z"} {
		r.ok("candidate.create", fmt.Sprintf(`{"name":%q,"createdAt":%q}`, name, at))
	}
	between := fmt.Sprintf(`{"createdAfter":%d,"createdBefore":%d}`,
		time.Date(2001, 6, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), time.Date(2002, 6, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	if names := r.ok("candidate.list", between).each("results", "name"); len(names) != 1 || names[0] != "Mid" {
		t.Errorf("%v", names)
	}
}

func TestImpossibleTimesAreInvalid(t *testing.T) {
	r := overHTTP(t)
	r.fails("candidate.list", `{"createdAfter":2000000,"createdBefore":1000000}`, "invalid_input")
	r.fails("candidate.list", fmt.Sprintf(`{"createdAfter":%d}`, time.Now().Add(time.Hour).UnixMilli()), "invalid_input")
	r.fails("candidate.list", fmt.Sprintf(`{"createdBefore":%d}`, time.Now().Add(time.Hour).UnixMilli()), "invalid_input")
	r.fails("candidate.list", `{"createdAfter":"2026-01-01T00:00:00Z"}`, "invalid_input")
}

func TestSmallListsSyncToo(t *testing.T) {
	r := overHTTP(t)
	titles, last := r.walk("candidateTag.list", `{"limit":2}`, "title")
	if len(titles) != 3 {
		t.Errorf("%v", titles)
	}
	r.ok("candidateTag.create", `{"title":"Brand new"}`)
	delta := r.ok("candidateTag.list", fmt.Sprintf(`{"syncToken":%q}`, last.text("syncToken")))
	if got := delta.each("results", "title"); len(got) != 1 || got[0] != "Brand new" {
		t.Errorf("%v", got)
	}
}
