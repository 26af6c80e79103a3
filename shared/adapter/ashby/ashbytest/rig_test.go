package ashbytest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbyspec"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// description is loaded once for all tests.
var description = sync.OnceValues(ashbyspec.Load)

// rig is a simulator, seeded, and a plain HTTP client to drive it with.
type rig struct {
	t      *testing.T
	sim    *ashbytest.Ashby
	client *http.Client
	base   string
	key    string
	made   ashbytest.Seeded
	vars   map[string]string
	spec   *ashbyspec.Spec
}

// overHTTP drives a fresh simulator through a socket.
func overHTTP(t *testing.T) *rig {
	t.Helper()
	sim := ashbytest.New(ashbytest.Config{Seed: 1})
	server := httptest.NewServer(sim)
	t.Cleanup(func() { _ = sim.Close(); server.Close() })
	return newRig(t, sim, server.Client(), server.URL)
}

// inMemory drives one without sockets, which testing/synctest needs.
func inMemory(t *testing.T, cfg ashbytest.Config) *rig {
	t.Helper()
	sim := ashbytest.New(cfg)
	t.Cleanup(func() { _ = sim.Close() })
	return newRig(t, sim, &http.Client{Transport: sim.Transport()}, "https://ashby.example.com")
}

func newRig(t *testing.T, sim *ashbytest.Ashby, client *http.Client, base string) *rig {
	t.Helper()
	spec, err := description()
	if err != nil {
		t.Fatal(err)
	}
	made, err := sim.Seed(0)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, sim: sim, client: client, base: base, key: ashbytest.LocalKey, made: made, vars: map[string]string{}, spec: spec}
	for kind, ids := range map[string]map[string]string{
		"field": made.Fields, "source": made.Sources, "tag": made.Tags, "project": made.Projects, "user": made.Users,
	} {
		for title, id := range ids {
			r.vars[kind+":"+title] = id
		}
	}
	for i, id := range made.Candidates {
		r.vars["candidate:"+strconv.Itoa(i)] = id
	}
	r.vars["nobody"] = "00000000-0000-4000-8000-000000000000"
	return r
}

// as is the rig with another key.
func (r *rig) as(key string) *rig {
	other := *r
	other.key = key
	return &other
}

func (r *rig) modes(change func(*ashbytest.Modes)) {
	r.t.Helper()
	if err := r.sim.SetModes(change); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) fault(f ashbytest.Fault) string {
	r.t.Helper()
	id, err := r.sim.AddFault(f)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

var placeholder = regexp.MustCompile(`«[^»]+»`)

// fill writes ids for «candidate:0», «field:Company» and the like.
func (r *rig) fill(s string) string {
	return placeholder.ReplaceAllStringFunc(s, func(name string) string {
		id, ok := r.vars[strings.Trim(name, "«»")]
		if !ok {
			r.t.Fatalf("no id for %s", name)
		}
		return id
	})
}

// reply is an answer, its body decoded if it is JSON.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	body   any
}

// request builds a call as the documentation has it.
func (r *rig) request(method, body string) *http.Request {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.base+"/"+method, strings.NewReader(r.fill(body)))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(r.key+":")))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json; version=1")
	return req
}

// send makes a call and holds a 200 to the description.
func (r *rig) send(req *http.Request) reply {
	r.t.Helper()
	answer, err := r.client.Do(req)
	if err != nil {
		r.t.Fatalf("%s: %v", req.URL.Path, err)
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatalf("%s: %v", req.URL.Path, err)
	}
	_ = answer.Body.Close()
	out := reply{t: r.t, status: answer.StatusCode, header: answer.Header, raw: raw}
	_ = json.Unmarshal(raw, &out.body)
	if out.status == http.StatusOK {
		if err := r.spec.CheckResponse(strings.TrimPrefix(req.URL.Path, "/"), raw); err != nil {
			r.t.Errorf("the answer is not as described: %v\n%s", err, raw)
		}
	}
	return out
}

// post makes a call with any body.
func (r *rig) post(method, body string) reply {
	r.t.Helper()
	return r.send(r.request(method, body))
}

// ok makes a call that is as described and must succeed.
func (r *rig) ok(method, body string) reply {
	r.t.Helper()
	if err := r.spec.CheckRequest(method, []byte(r.fill(body))); err != nil {
		r.t.Errorf("the request is not as described: %v", err)
	}
	out := r.post(method, body)
	if out.status != http.StatusOK || out.at("success") != true {
		r.t.Fatalf("%s %s: status %d: %s", method, r.fill(body), out.status, out.raw)
	}
	return out
}

// fails makes a call that must be a logical failure: 200 with that code.
func (r *rig) fails(method, body, code string) reply {
	r.t.Helper()
	out := r.post(method, body)
	if out.status != http.StatusOK || out.at("success") != false || out.at("errorInfo.code") != code {
		r.t.Fatalf("%s %s: want %s, got status %d: %s", method, r.fill(body), code, out.status, out.raw)
	}
	return out
}

// at reads a value by its path, such as "results.emailAddresses.0.value"; nil
// if it is not there.
func (p reply) at(path string) any {
	current := p.body
	for _, step := range strings.Split(path, ".") {
		switch value := current.(type) {
		case map[string]any:
			current = value[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(value) {
				return nil
			}
			current = value[i]
		default:
			return nil
		}
	}
	return current
}

func (p reply) text(path string) string {
	p.t.Helper()
	s, ok := p.at(path).(string)
	if !ok {
		p.t.Fatalf("%s is not a string: %s", path, p.raw)
	}
	return s
}

func (p reply) list(path string) []any {
	p.t.Helper()
	l, ok := p.at(path).([]any)
	if !ok {
		p.t.Fatalf("%s is not a list: %s", path, p.raw)
	}
	return l
}

// each reads one key of every item of a list.
func (p reply) each(path, key string) []any {
	p.t.Helper()
	out := []any{}
	for _, item := range p.list(path) {
		out = append(out, item.(map[string]any)[key])
	}
	return out
}

// want compares values by path with JSON literals.
func (p reply) want(values map[string]string) {
	p.t.Helper()
	for path, literal := range values {
		var want any
		if err := json.Unmarshal([]byte(literal), &want); err != nil {
			p.t.Fatal(err)
		}
		if got := p.at(path); !reflect.DeepEqual(got, want) {
			shown, _ := json.Marshal(got)
			p.t.Errorf("%s is %s, want %s", path, shown, literal)
		}
	}
}

// person makes a candidate and names it for fill.
func (r *rig) person(name, body string) string {
	r.t.Helper()
	id := r.ok("candidate.create", body).text("results.id")
	r.vars[name] = id
	return id
}

// control makes a control request and decodes its answer.
func (r *rig) control(method, path, body string) reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+"/_sim/"+path, bytes.NewReader([]byte(r.fill(body))))
	if err != nil {
		r.t.Fatal(err)
	}
	answer, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = answer.Body.Close()
	out := reply{t: r.t, status: answer.StatusCode, header: answer.Header, raw: raw}
	if err := json.Unmarshal(raw, &out.body); err != nil {
		r.t.Fatalf("control %s %s: %v: %s", method, path, err, raw)
	}
	return out
}

// eventually waits for something that happens on real sockets.
func eventually(t *testing.T, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !happened(); {
		if time.Now().After(deadline) {
			t.Fatal("it never happened")
		}
		<-time.After(time.Millisecond)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
