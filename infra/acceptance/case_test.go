package acceptance_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// section is a group of cases about one thing that was decided.
type section struct {
	title string
	cases []story
}

// story is a case: a sentence that holds, and how to see it.
type story struct {
	name string
	run  func(*world)
}

// sections are all cases, in the order of the list in README.md.
var sections = []section{
	{"Does an event reach Ashby? (decision 5)", tableCases},
	{"Which event may do what? (decision 5)", effectCases},
	{"Levels, roles and the lock (decision 8)", levelCases},
	{"Sets of fields and values (decisions 11 and 21)", fieldCases},
	{"What happens to a field? (decision 5)", policyCases},
	{"Mappings (decision 9)", mappingCases},
	{"Edits by hand (decision 12)", editCases},
	{"Notes and emails (decision 24)", noteCases},
	{"The connection (decisions 13 and 21)", connectionCases},
	{"What does Ashby's answer mean? (decisions 5 and 7)", answerCases},
	{"What comes in (decisions 3 and 4)", intakeCases},
	{"Reviews and deletions (decision 6)", reviewCases},
	{"Inbox, jobs and forgetting (decision 15)", deskCases},
	{"Search (decision 16)", searchCases},
}

// world is a team of its own, with an organisation of its own at Ashby.
type world struct {
	*testing.T
	service *service
	team    string
	ashby   *account
	// admin, member and viewer are users of the team.
	admin, member, viewer *user

	secret webhook.Key // that events are signed with
	began  time.Time
	clock  int
	sent   []event
}

var worlds atomic.Int64

// newWorld makes a team whose key is not activated yet.
func newWorld(t *testing.T, s *service) *world {
	t.Helper()
	w := &world{T: t, service: s, team: fmt.Sprintf("team-%03d", worlds.Add(1)), began: time.Now().Add(-24 * time.Hour).Truncate(time.Second)}
	made, err := s.ashby.Furnish(w.team, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.ashby = &account{world: w, made: made, key: made.Keys["Everything"]}
	w.admin, w.member, w.viewer = w.user("ann", "member", true), w.user("mel", "member", false), w.user("vic", "viewer", false)
	hooks := w.admin.get("/v1/webhooks").is(200)
	if w.secret, err = webhook.ParseKey(hooks.text("events.secret")); err != nil {
		t.Fatal(err)
	}
	return w
}

// connected activates the team's key and saves settings, in pairs of name and value.
func (w *world) connected(settings ...any) *world {
	w.Helper()
	w.admin.put("/v1/connection", object{"key": w.ashby.key}).is(200)
	w.settings(settings...)
	return w
}

// settings changes some of the team's.
func (w *world) settings(settings ...any) {
	w.Helper()
	if len(settings) > 0 {
		w.admin.patch(ofTeam, pairs(settings)).is(200)
	}
}

func pairs(list []any) object {
	out := object{}
	for i := 0; i+1 < len(list); i += 2 {
		out[list[i].(string)] = list[i+1]
	}
	return out
}

// patience bounds every wait; what flows needs a small part of it, where the machine
// is not busy with something else.
const patience = 120 * time.Second

// eventually polls until it holds, less and less often: many cases wait side by side,
// and each look costs the service a request.
func (w *world) eventually(what string, holds func() bool) {
	w.Helper()
	deadline := time.After(patience)
	for pause := 100 * time.Millisecond; !holds(); pause = min(pause*5/4, time.Second) {
		select {
		case <-time.After(pause):
		case <-deadline:
			w.Fatalf("not within %s: %s\n%s", patience, what, w.told())
		}
	}
}

// told is what became of every event, for who reads of a failure.
func (w *world) told() string {
	var out strings.Builder
	for _, e := range w.sent {
		r := w.admin.get("/v1/events/" + e.id())
		fmt.Fprintf(&out, "%s %s: %s %s %s\n", e.id(), e["type"], r.text("state"), r.text("code"), r.text("message"))
	}
	return out.String()
}

// passing are codes that end by themselves: of a write that is being looked for, and
// of an event that was recorded a moment before the one that names its person.
var passing = []string{"settling", "name_missing"}

// settled waits until every event that was sent has an outcome.
func (w *world) settled() {
	w.Helper()
	at := 0
	w.eventually("every event has an outcome", func() bool {
		for at < len(w.sent) {
			r := w.admin.get("/v1/events/" + w.sent[at].id())
			if r.status != 200 || r.text("state") == "pending" || slices.Contains(passing, r.text("code")) {
				return false
			}
			at++
		}
		return true
	})
}

// becomes waits until an event has a code.
func (w *world) becomes(e event, code string) {
	w.Helper()
	w.eventually(e.id()+" becomes "+code, func() bool { return w.story(e).text("code") == code })
}

// codes wants the codes of all events that were sent, in order of sending.
func (w *world) codes(want ...string) {
	w.Helper()
	var got []string
	for _, e := range w.sent {
		got = append(got, w.story(e).text("code"))
	}
	w.same("codes", got, want)
}

// story is all that the service tells of an event.
func (w *world) story(e event) reply {
	w.Helper()
	return w.admin.get("/v1/events/" + e.id())
}

// fieldOf is what an event's explanation says of a field.
func (w *world) fieldOf(e event, field string) map[string]any {
	w.Helper()
	list, _ := w.story(e).at("plan.fields").([]any)
	for _, f := range list {
		if f := f.(map[string]any); f["field"] == field {
			return f
		}
	}
	return nil
}

// skipped wants that an event left a field alone, and why.
func (w *world) skipped(e event, field, code string) {
	w.Helper()
	if f := w.fieldOf(e, field); f == nil || f["code"] != code {
		w.Errorf("%s of %s: %v, want %s", field, e.id(), f, code)
	}
}

func (w *world) same(what string, got, want any) {
	w.Helper()
	if g, x := fmt.Sprintf("%q", got), fmt.Sprintf("%q", want); g != x {
		w.Errorf("%s:\n got %s\nwant %s\n%s", what, g, x, w.told())
	}
}

func (w *world) holds(what string, is bool) {
	w.Helper()
	if !is {
		w.Errorf("not so: %s\n%s", what, w.told())
	}
}

var odd = regexp.MustCompile(`[^a-z0-9]+`)

// slug names a case for go test -run.
func slug(name string) string {
	return strings.Trim(odd.ReplaceAllString(strings.ToLower(name), "_"), "_")
}

// planted reports whether something holds what was planted to be found.
func planted(in []byte, what string) bool { return strings.Contains(string(in), what) }
