package acceptance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

type object = map[string]any

// Paths of settings.
const (
	ofTeam = "/v1/settings/team"
	ofMine = "/v1/settings/me"
)

// user is somebody who is signed in.
type user struct {
	world *world
	id    string
	token string
}

// user signs somebody of the team in.
func (w *world) user(id, role string, admin bool) *user {
	w.Helper()
	token, err := w.service.sign(w.team, id, role, admin)
	if err != nil {
		w.Fatal(err)
	}
	return &user{w, id, token}
}

func (u *user) get(path string) reply { return u.do(http.MethodGet, path, nil) }

func (u *user) post(path string, body any) reply { return u.do(http.MethodPost, path, body) }

func (u *user) delete(path string) reply { return u.do(http.MethodDelete, path, nil) }

// put saves over what is stored now.
func (u *user) put(path string, body any) reply {
	return u.over(http.MethodPut, path, u.version(path), body)
}

// patch saves over what is stored now.
func (u *user) patch(path string, body any) reply {
	return u.over(http.MethodPatch, path, u.version(path), body)
}

// over saves over the version that was seen.
func (u *user) over(method, path, version string, body any) reply {
	return u.do(method, path, body, "If-Match", version)
}

// version is the one that is stored now; empty for what has none.
func (u *user) version(path string) string {
	if !strings.HasPrefix(path, "/v1/settings") && path != "/v1/mapping" {
		return ""
	}
	return u.get(path).header.Get("ETag")
}

// do makes a request; headers go in pairs.
func (u *user) do(method, path string, body any, headers ...string) reply {
	u.world.Helper()
	r, err := request(u.world.service, method, path, u.token, body, headers...)
	if err != nil {
		u.world.Fatal(err)
	}
	r.world = u.world
	return r
}

func request(s *service, method, path, token string, body any, headers ...string) (reply, error) {
	var raw []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		raw = b
	default:
		var err error
		if raw, err = json.Marshal(b); err != nil {
			return reply{}, err
		}
	}
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(raw)) //nolint:noctx // the client has a timeout
	if err != nil {
		return reply{}, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if len(raw) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	answer, err := s.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	out := reply{asked: method + " " + path, status: answer.StatusCode, header: answer.Header}
	if out.raw, err = io.ReadAll(answer.Body); err != nil {
		return reply{}, err
	}
	_ = json.Unmarshal(out.raw, &out.body) // what is no JSON has no members
	return out, nil
}

// reply is an answer, read.
type reply struct {
	world  *world
	asked  string
	status int
	header http.Header
	raw    []byte
	body   any
}

// is wants a status.
func (r reply) is(status int) reply {
	r.world.Helper()
	if r.status != status {
		r.world.Fatalf("%s: got %d %s, want %d", r.asked, r.status, r.raw, status)
	}
	return r
}

// refused wants a problem with a status and a code, and with mistakes as "path code".
func (r reply) refused(status int, code string, mistakes ...string) reply {
	r.world.Helper()
	r.is(status)
	if r.text("code") != code {
		r.world.Errorf("%s: refused as %s, want %s", r.asked, r.raw, code)
	}
	if len(mistakes) > 0 {
		var got []string
		for _, m := range r.list("errors") {
			m := m.(map[string]any)
			got = append(got, fmt.Sprintf("%v %v", m["path"], m["code"]))
		}
		r.world.same(r.asked+": mistakes", got, mistakes)
	}
	return r
}

// at gives what is at a path such as "effective.trigger.value" or "events.0.code".
func (r reply) at(path string) any {
	at := r.body
	for name := range strings.SplitSeq(path, ".") {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil
			}
			at = in[i]
		default:
			return nil
		}
	}
	return at
}

// text gives what is at a path as a text; empty for nothing.
func (r reply) text(path string) string {
	switch v := r.at(path).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (r reply) list(path string) []any {
	list, _ := r.at(path).([]any)
	return list
}
