package ashby

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// FuzzClassify: whatever comes back, nothing panics, nothing but a true envelope
// behind a 2xx is a success, and no write that was sent is called repeatable.
func FuzzClassify(f *testing.F) {
	for _, c := range definite {
		f.Add(c.r.Status, c.r.Body, false, true)
	}
	for _, c := range unclear {
		f.Add(c.r.Status, c.r.Body, c.r.Err != nil, true)
	}
	for _, body := range []string{
		yes, `{"success":true,"results":{"id":"x"},"warnings":[1,"w",null]}`, `{"success":false,"errors":{"message":"m"}}`,
		`{"success":false,"errors":[[],{},null,1,"x"],"errorInfo":[]}`, `{"success":false,"errors":"x","errorInfo":"y"}`,
		`{"success":true,"results":{"id":""}}`, `{"success":true,"results":null}`, "\ufeff" + yes, yes + "\x00",
		`{"success":false,"errorInfo":{"code":"` + strings.Repeat("a", 100) + `","message":"\u0000\ud800"}}`,
	} {
		f.Add(200, []byte(body), false, true)
		f.Add(200, []byte(body), false, false)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, cut, write bool) {
		r := Reply{Method: aRead, Status: status, Body: body, Header: http.Header{"Retry-After": {string(body)}}, Key: secret.NewValue("k3y")}
		if write {
			r.Method = aWrite
		}
		if cut {
			r.Err = errors.New("cut")
		}
		v := Classify(r)
		if v.Row < 2 || v.Row > 12 {
			t.Fatalf("row %d", v.Row)
		}
		if (v.Row == 8) != (v.Err == nil) {
			t.Fatalf("row %d with error %v", v.Row, v.Err)
		}
		if v.Err == nil {
			isSuccess(t, r)
			return
		}
		if write && v.Err.Kind() == fault.Unavailable {
			t.Fatalf("a write that was sent is repeatable: %v", v.Err)
		}
		isPresentable(t, v.Err)
	})
}

// isSuccess holds a success against another reading of the same bytes.
func isSuccess(t *testing.T, r Reply) {
	t.Helper()
	var said map[string]any
	if err := json.Unmarshal(r.Body, &said); err != nil {
		t.Fatalf("success from %q: %v", r.Body, err)
	}
	results, _ := said["results"].(map[string]any)
	if r.Err != nil || r.Status < 200 || r.Status > 299 || said["success"] != true || results == nil {
		t.Fatalf("success from status %d, error %v, body %q", r.Status, r.Err, r.Body)
	}
}

func isPresentable(t *testing.T, err *fault.Error) {
	t.Helper()
	texts := []string{err.Code(), err.Message()}
	for _, d := range err.Details() {
		texts = append(texts, d.Path, d.Code, d.Message)
	}
	for _, s := range texts {
		if utf8.RuneCountInString(s) > maxText || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("not fit to be shown: %q", s)
		}
		if strings.Contains(s, "k3y") {
			t.Fatalf("shows the key: %q", s)
		}
	}
	if err.Code() == "" || err.Message() == "" {
		t.Fatalf("code %q, message %q", err.Code(), err.Message())
	}
	if d := err.RetryAfter(); d < 0 || d > maxRetryAfter {
		t.Fatalf("wait %v", d)
	}
}

// FuzzMembers: the strict reader accepts nothing that encoding/json refuses.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, `{"a":1,"a":2}`, `{"a":{"b":[]}} `, `{"a":1}x`, `{"a"`, `[]`, ``, "{\"a\":1}\n", `{"a":1},`, `{"a":1}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := members(b)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatalf("accepted %q, which is not JSON: %v", b, err)
		}
		if len(got) != len(want) {
			t.Fatalf("%q has %d members, read as %d", b, len(want), len(got))
		}
	})
}
