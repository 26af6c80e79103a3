package settingshttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqlite"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
)

// rig is the API over real stores of one file and a running Ashby.
type rig struct {
	t       *testing.T
	dir     string // of the state file
	api     *httptest.Server
	sim     *ashbytest.Ashby
	seed    ashbytest.Seeded
	config  *config.Store
	people  *timeline.Store
	secrets secret.Store
	work    queue.Queue
	log     *lines
	sent    chan *http.Request // what Ashby's webhooks send
	wire    *wire
	ashby   *ashby.Client

	candidates table.Table
}

// wire remembers the bytes that go to Ashby.
type wire struct {
	next http.RoundTripper
	mu   sync.Mutex
	went []went
	// during is called in the middle of a call, when Ashby did what it asks and the
	// answer is on its way; nil: nothing is.
	during func(method string)
}

type went struct{ method, body string }

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	w.went = append(w.went, went{strings.TrimPrefix(r.URL.Path, "/"), string(body)})
	w.mu.Unlock()
	res, err := w.next.RoundTrip(r)
	if w.during != nil {
		w.during(strings.TrimPrefix(r.URL.Path, "/"))
	}
	return res, err
}

// writes gives what went to Ashby to change something, and forgets all.
func (w *wire) writes() []went {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := slices.DeleteFunc(w.went, func(c went) bool { return !ashby.Writes(c.method) })
	w.went = nil
	return out
}

// outbound catches what Ashby sends.
type outbound chan *http.Request

func (o outbound) RoundTrip(r *http.Request) (*http.Response, error) {
	o <- r
	return &http.Response{StatusCode: http.StatusAccepted, Body: http.NoBody, Request: r}, nil
}

// lines is a log that may be written to from many goroutines.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// tokens of the people in these tests: "team:user:role", admins with a "+".
type tokens struct{}

func (tokens) Verify(_ context.Context, token string) (caller.Caller, error) {
	parts := strings.Split(strings.TrimSuffix(token, "+"), ":")
	if len(parts) != 3 {
		return caller.Caller{}, fault.New(fault.Unauthenticated, "token_invalid", "sign in again")
	}
	return caller.Caller{Team: parts[0], User: parts[1], Role: caller.Role(parts[2]), Admin: strings.HasSuffix(token, "+")}, nil
}

const (
	admin   = "acme:ann:member+"
	member  = "acme:mel:member"
	viewer  = "acme:vic:viewer"
	admin2  = "globex:gus:member+"
	public  = "https://sync.example"
	keyring = "dev/ashby-sync/intake"
)

func newRig(t *testing.T, change ...func(*settingshttp.Parts)) *rig {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "state.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	sent := make(chan *http.Request, 10)
	sim := ashbytest.New(ashbytest.Config{Outbound: outbound(sent)})
	t.Cleanup(func() { _ = sim.Close() })
	seed, err := sim.Seed(0)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: dir, sim: sim, seed: seed, secrets: db.Secrets(), work: db.Queue("work.fifo", sqlite.QueueOptions{FIFO: true}), log: &lines{}, sent: sent}
	log := logging.New(r.log, "debug")
	r.wire = &wire{next: sim.Transport()}
	client, err := ashby.New(ashby.Config{BaseURL: "https://ashby.invalid", HTTP: r.wire, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	r.ashby = client
	p := settingshttp.Parts{
		Config: db.Table("config"), Timeline: db.Table("timeline"), Candidates: db.Table("candidates"), Secrets: r.secrets, SecretPrefix: "dev/ashby-sync/team/",
		Keyring: keyring, Work: r.work, Ashby: client, Verify: tokens{}, Now: time.Now, Log: log,
	}
	for _, f := range change {
		f(&p)
	}
	r.candidates = p.Candidates
	r.config, r.people = config.New(p.Config, time.Now, token), timeline.New(p.Timeline, time.Now, token)
	r.api = httptest.NewServer(settingshttp.New(p))
	t.Cleanup(r.api.Close)
	return r
}

var (
	tokenMu sync.Mutex
	tokenN  int
)

func token() string {
	tokenMu.Lock()
	defer tokenMu.Unlock()
	tokenN++
	return "t" + time.Now().Format(time.RFC3339Nano) + string(rune('a'+tokenN%26))
}

// withHooks keeps the keys to derive hooks from.
func (r *rig) withHooks() webhook.Keyring {
	doc, err := webhook.NewDocument(strings.NewReader(strings.Repeat("0123456789abcdef", 4)))
	if err == nil {
		err = r.secrets.Put(r.t.Context(), keyring, "11111111-1111-4111-8111-111111111111", secret.NewValue(doc))
	}
	if err != nil {
		r.t.Fatal(err)
	}
	ring, err := webhook.ParseKeyring(doc)
	if err != nil {
		r.t.Fatal(err)
	}
	return ring
}

// reply is an answer, read.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// do sends a request; headers go in pairs.
func (r *rig) do(as, method, path, body string, headers ...string) reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.api.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if as != "" {
		req.Header.Set("Authorization", "Bearer "+as)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := r.api.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	out := reply{status: res.StatusCode, header: res.Header, text: string(text)}
	if err := json.Unmarshal(text, &out.body); err != nil && len(text) > 0 {
		r.t.Fatalf("%s %s: %d and no JSON: %s", method, path, res.StatusCode, text)
	}
	return out
}

// want checks status and, of problems, code.
func (r reply) want(t *testing.T, status int, code string) reply {
	t.Helper()
	if r.status != status || code != "" && r.body["code"] != code {
		t.Fatalf("got %d %s, want %d %s", r.status, r.text, status, code)
	}
	if status >= 400 {
		if ct := r.header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("content type %s", ct)
		}
		if r.body["status"] != float64(status) || r.body["title"] != http.StatusText(status) {
			t.Errorf("problem %s", r.text)
		}
	}
	return r
}

// mistakes lists "path code" of a problem.
func (r reply) mistakes() []string {
	var out []string
	list, _ := r.body["errors"].([]any)
	for _, item := range list {
		m := item.(map[string]any)
		out = append(out, m["path"].(string)+" "+m["code"].(string))
	}
	return out
}

func (r *rig) activate(as, key string) reply {
	r.t.Helper()
	body, _ := json.Marshal(map[string]string{"key": key})
	return r.do(as, http.MethodPut, "/v1/connection", string(body))
}

func (r *rig) key(name string, change func(*ashbytest.Key)) {
	r.t.Helper()
	if _, err := r.sim.ChangeKey(name, change); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) fault(f ashbytest.Fault) {
	r.t.Helper()
	if _, err := r.sim.AddFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// rung lists the teams that were rung.
func (r *rig) rung() []string {
	r.t.Helper()
	got, err := r.work.Receive(r.t.Context(), 10, 0, time.Minute)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, d := range got {
		out = append(out, d.Body)
		if err := r.work.Delete(r.t.Context(), d.Receipt); err != nil {
			r.t.Fatal(err)
		}
	}
	return out
}
