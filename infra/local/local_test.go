package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/campaign"
	"github.com/sourcewhale/ashby-sync/infra/local/simulator"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// TestMain lets the test's own program be the service and the simulated Ashby.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "run" || os.Args[1] == simulator.Command) {
		main()
		return
	}
	os.Exit(m.Run())
}

// laptop is a state folder with the service running over it, as a process.
type laptop struct {
	t       *testing.T
	dir     string
	service *exec.Cmd
	said    *bytes.Buffer
}

func start(t *testing.T) *laptop {
	t.Helper()
	l := &laptop{t: t, dir: t.TempDir()}
	l.up()
	t.Cleanup(l.down)
	return l
}

func (l *laptop) getenv(name string) string {
	return map[string]string{
		"STATE_DIR": l.dir, "API_PORT": "0", "ASHBY_PORT": "0", "ASHBY_RATE": "1000000", "SWEEP_EVERY": "1s",
		"ASHBY_SETTLE": "1s",
	}[name]
}

// up starts the service and waits until it has described itself.
func (l *laptop) up() {
	l.t.Helper()
	_ = os.Remove(filepath.Join(l.dir, "run.json"))
	l.said = &bytes.Buffer{}
	l.service = exec.Command(os.Args[0], "run") // ourselves
	l.service.Stdout, l.service.Stderr = l.said, l.said
	for _, name := range []string{"STATE_DIR", "API_PORT", "ASHBY_PORT", "ASHBY_RATE", "SWEEP_EVERY", "ASHBY_SETTLE"} {
		l.service.Env = append(l.service.Env, name+"="+l.getenv(name))
	}
	if err := l.service.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.eventually("the service is up", func() bool { _, err := readRun(l.getenv); return err == nil })
}

// down stops service and simulator as Ctrl-C would.
func (l *laptop) down() {
	_ = l.service.Process.Signal(os.Interrupt)
	_ = l.service.Wait()
}

// crash kills the service without a word.
func (l *laptop) crash() {
	_ = l.service.Process.Signal(syscall.SIGKILL)
	_ = l.service.Wait()
}

func (l *laptop) eventually(what string, holds func() bool) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			l.t.Fatalf("%s: not within two minutes\n%s", what, l.said)
		}
	}
}

// do runs one of the commands and gives what it prints.
func (l *laptop) do(args ...string) string {
	l.t.Helper()
	var out bytes.Buffer
	if err := command(l.t.Context(), args, l.getenv, &out); err != nil {
		l.t.Fatalf("%v: %v\n%s", args, err, &out)
	}
	return out.String()
}

// sim reads from the simulated Ashby's control interface.
func (l *laptop) sim(method, path, body string, into any) {
	l.t.Helper()
	f, err := readRun(l.getenv)
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, f.Ashby+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		l.t.Fatalf("%s %s: %s", method, path, answer.Status)
	}
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			l.t.Fatal(err)
		}
	}
}

var refLine = regexp.MustCompile(`Ref SW-[A-Z2-7]{10}`)

// notes counts the notes that Ashby holds by their reference.
func (l *laptop) notes() map[string]int {
	l.t.Helper()
	var calls []struct{ Request json.RawMessage }
	l.sim(http.MethodGet, "/_sim/calls?endpoint=candidate.createNote&applied=true&limit=100000", "", &calls)
	counts := map[string]int{}
	for _, c := range calls {
		counts[refLine.FindString(string(c.Request))]++
	}
	return counts
}

func TestAThousandEventsEachHaveAnOutcomeAndEachNoteIsWrittenOnce(t *testing.T) {
	t.Parallel()
	l := start(t)
	l.sim(http.MethodPatch, "/_sim/modes", `{"limit":{"kind":"window","calls":1000000,"perMs":60000}}`, nil)
	l.do("activate")
	l.do("set", "trigger=on_add")
	const people = 125
	said := l.do("play", "-campaign", "thousand", "-people", fmt.Sprint(people))
	if !strings.Contains(said, "1000 of 1000 events have an outcome") {
		t.Fatalf("not every event has an outcome:\n%s", said)
	}
	notes := l.notes()
	noted := map[string]bool{"email_sent": true, "linkedin_message_sent": true, "email_reply": true}
	want := 0
	for _, e := range (campaign.Campaign{Name: "thousand", People: people, Now: time.Now()}).Events() {
		n := notes[plan.Ref(e.ID)]
		if noted[e.Type] {
			want++
		}
		if noted[e.Type] && n != 1 || !noted[e.Type] && n != 0 {
			t.Errorf("%s (%s) has %d notes", e.ID, e.Type, n)
		}
	}
	if len(notes) != want {
		t.Errorf("Ashby holds notes of %d events, want %d", len(notes), want)
	}
	t.Logf("%s", said[strings.LastIndex(said, "calls to Ashby"):])

	again := l.do("play", "-campaign", "thousand", "-people", fmt.Sprint(people))
	if !strings.Contains(again, " 0  in all") {
		t.Errorf("the second delivery of every event made calls:\n%s", again)
	}
}

// How often the service is killed, and in the middle of how large a campaign;
// `make kills` takes more of both.
var (
	kills  = flag.Int("kills", 2, "how often the service is killed")
	killed = flag.Int("people", 40, "people of the campaign in which it is")
)

// unfinished is how many events must still be without an outcome at each kill, of
// those that give a note.
const unfinished = 50

func TestAKilledServiceGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	played := campaign.Campaign{Name: "killed", People: *killed, Now: time.Now()}
	noted := 0
	for _, e := range played.Events() {
		if givesNote(e) {
			noted++
		}
	}
	moments := make([]int, *kills) // by how many notes there are
	for i := range moments {
		moments[i] = 1 + rand.IntN(noted-unfinished)
	}
	slices.Sort(moments)
	l := start(t)
	l.sim(http.MethodPatch, "/_sim/modes", `{"limit":{"kind":"window","calls":1000000,"perMs":60000},"latencyMs":20}`, nil)
	l.do("activate")
	l.do("set", "trigger=on_add")
	l.do("play", "-campaign", "killed", "-people", strconv.Itoa(*killed), "-wait", "0")
	for _, notes := range moments {
		l.eventually(fmt.Sprintf("%d notes are written", notes), func() bool { return len(l.notes()) >= notes })
		t.Logf("killed with %d of %d notes written", len(l.notes()), noted)
		if left := noted - len(l.notes()); left < unfinished {
			t.Errorf("only %d events were unfinished", left)
		}
		l.crash()
		l.up()
	}
	l.eventually("every event has an outcome", func() bool { return l.quiet(played) })
	notes := l.notes()
	for _, e := range played.Events() {
		if n := notes[plan.Ref(e.ID)]; n != 1 && givesNote(e) {
			t.Errorf("%s has %d notes", e.ID, n)
		}
	}
	var creates []struct{ Request json.RawMessage }
	l.sim(http.MethodGet, "/_sim/calls?endpoint=candidate.create&applied=true&limit=100000", "", &creates)
	made := map[string]bool{}
	for _, c := range creates {
		if made[string(c.Request)] {
			t.Errorf("somebody was created twice: %s", c.Request)
		}
		made[string(c.Request)] = true
	}
	if len(made) == 0 {
		t.Error("nobody was created")
	}
}

// givesNote reports whether an event of a played campaign gives a note by default.
func givesNote(e campaign.Event) bool {
	return strings.HasSuffix(e.Type, "_sent") || e.Type == "email_reply"
}

// quiet reports whether every event has its outcome, also those whose writes the
// crashes cut off.
func (l *laptop) quiet(played campaign.Campaign) bool {
	l.t.Helper()
	c, err := connect(l.getenv, "viewer", &bytes.Buffer{})
	if err != nil {
		l.t.Fatal(err)
	}
	for i := range played.People {
		var page struct{ Events []outcome }
		path := "/v1/people/" + played.PersonID(i) + "/timeline?limit=100"
		if _, err := c.call(l.t.Context(), http.MethodGet, path, nil, nil, &page); err != nil {
			return false // not recorded yet
		}
		open := func(e outcome) bool { return e.State != "final" }
		if len(page.Events) < campaign.PerPerson || slices.ContainsFunc(page.Events, open) {
			return false
		}
	}
	return true
}

func TestASecondServiceOverTheSameFolderIsRefusedAndHarmsNothing(t *testing.T) {
	t.Parallel()
	l := start(t)
	before, err := readRun(l.getenv)
	if err != nil {
		t.Fatal(err)
	}
	err = command(t.Context(), []string{"run"}, l.getenv, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "STATE_DIR") {
		t.Fatalf("the second one says %v", err)
	}
	after, err := readRun(l.getenv)
	if err != nil || after.API != before.API {
		t.Errorf("run.json now leads to %s (%v), not to %s", after.API, err, before.API)
	}
	l.do("activate") // the first one and its Ashby still answer
}
