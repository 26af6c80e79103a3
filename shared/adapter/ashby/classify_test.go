package ashby

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	aRead  = "candidate.info"
	aWrite = "candidate.createNote"
)

// no is Ashby's refusal as documented.
func no(code string) string {
	return fmt.Sprintf(`{"success":false,"errors":[%q],"errorInfo":{"code":%q,"message":"No.","requestId":"01R","meta":{}}}`, code, code)
}

const (
	yes       = `{"success":true,"results":{"id":"n1"}}`
	errorPage = `<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>`
)

type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// definite are the rows whose meaning does not depend on what was asked.
var definite = []struct {
	row  int
	name string
	r    Reply
	kind fault.Kind
	code string
}{
	{1, "no such host", Reply{NotSent: true, Err: errors.New("no such host")}, fault.Unavailable, CodeNotSent},
	{1, "refused", Reply{NotSent: true, Err: errors.New("connection refused")}, fault.Unavailable, CodeNotSent},
	{1, "time ran out before there was a connection", Reply{NotSent: true, Err: context.DeadlineExceeded}, fault.Unavailable, CodeNotSent},

	{3, "429", Reply{Status: 429, Body: []byte(no("rate_limit_exceeded"))}, fault.Throttled, CodeRateLimited},
	{3, "429 with a page", Reply{Status: 429, Body: []byte(errorPage)}, fault.Throttled, CodeRateLimited},
	{3, "429 cut short", Reply{Status: 429, Err: io.ErrUnexpectedEOF}, fault.Throttled, CodeRateLimited},
	{3, "429 for all of the partner's traffic", Reply{Status: 429, Header: http.Header{"X-Ratelimit-Scope": {"integration-partner"}}}, fault.Throttled, CodePartnerLimited},
	{3, "a limit told by envelope alone", Reply{Status: 200, Body: []byte(no("rate_limit_exceeded"))}, fault.Throttled, CodeRateLimited},
	{3, "too many at once, by envelope alone", Reply{Status: 200, Body: []byte(no("concurrent_limit_exceeded"))}, fault.Throttled, CodeRateLimited},

	{4, "401", Reply{Status: 401}, fault.KeyRefused, CodeKeyRefused},
	{4, "401 with a page", Reply{Status: 401, Body: []byte(errorPage)}, fault.KeyRefused, CodeKeyRefused},
	{4, "401 that claims success", Reply{Status: 401, Body: []byte(yes)}, fault.KeyRefused, CodeKeyRefused},

	{5, "403, strings and errorInfo", Reply{Status: 403, Body: []byte(no(CodePermission))}, fault.PermissionMissing, CodePermission},
	{5, "403, objects", Reply{Status: 403, Body: []byte(`{"success":false,"errors":[{"message":"missing_endpoint_permission"}]}`)}, fault.PermissionMissing, CodePermission},
	{5, "403, strings", Reply{Status: 403, Body: []byte(`{"success":false,"errors":["missing_endpoint_permission"]}`)}, fault.PermissionMissing, CodePermission},
	{5, "403, errorInfo", Reply{Status: 403, Body: []byte(`{"success":false,"errorInfo":{"code":"missing_endpoint_permission"}}`)}, fault.PermissionMissing, CodePermission},
	{5, "403, in a sentence", Reply{Status: 403, Body: []byte(`Forbidden: missing_endpoint_permission for this key`)}, fault.PermissionMissing, CodePermission},
	{5, "403, named but cut short", Reply{Status: 403, Body: []byte(`{"success":false,"errors":["missing_endpoint_permission"`), Err: io.ErrUnexpectedEOF}, fault.PermissionMissing, CodePermission},
	{5, "behind a 200", Reply{Status: 200, Body: []byte(no(CodePermission))}, fault.PermissionMissing, CodePermission},

	{6, "403 without a body", Reply{Status: 403}, fault.KeyRefused, CodeForbidden},
	{6, "403 with a page", Reply{Status: 403, Body: []byte(errorPage)}, fault.KeyRefused, CodeForbidden},
	{6, "403 with another code", Reply{Status: 403, Body: []byte(no("invalid_api_key"))}, fault.KeyRefused, CodeForbidden},
	{6, "403 cut short", Reply{Status: 403, Err: io.ErrUnexpectedEOF}, fault.KeyRefused, CodeForbidden},

	{7, "301", Reply{Status: 301}, fault.Rejected, CodeOurBugRedirect},
	{7, "307", Reply{Status: 307, Body: []byte(yes)}, fault.Rejected, CodeOurBugRedirect},
	{7, "304", Reply{Status: 304}, fault.Rejected, CodeOurBugRedirect},
	{7, "404", Reply{Status: 404, Body: []byte(errorPage)}, fault.Rejected, CodeOurBugPath},
	{7, "405", Reply{Status: 405}, fault.Rejected, CodeOurBugPath},
	{7, "400", Reply{Status: 400, Body: []byte(no("invalid_input"))}, fault.Rejected, CodeOurBugRequest},
	{7, "413", Reply{Status: 413}, fault.Rejected, CodeOurBugRequest},
	{7, "415", Reply{Status: 415}, fault.Rejected, CodeOurBugRequest},
	{7, "409", Reply{Status: 409}, fault.Rejected, CodeOurBugRequest},
	{7, "422", Reply{Status: 422}, fault.Rejected, CodeOurBugRequest},
	{7, "418 that claims success", Reply{Status: 418, Body: []byte(yes)}, fault.Rejected, CodeOurBugRequest},
	{7, "400 cut short", Reply{Status: 400, Err: io.ErrUnexpectedEOF}, fault.Rejected, CodeOurBugRequest},

	{9, "no such candidate", Reply{Status: 200, Body: []byte(no("candidate_not_found"))}, fault.Rejected, CodeCandidateNotFound},
	{9, "no such candidate, strings only", Reply{Status: 200, Body: []byte(`{"success":false,"errors":["candidate_not_found"]}`)}, fault.Rejected, CodeCandidateNotFound},
	{9, "no such candidate, objects only", Reply{Status: 200, Body: []byte(`{"success":false,"errors":[{"message":"candidate_not_found"}]}`)}, fault.Rejected, CodeCandidateNotFound},

	{10, "invalid input", Reply{Status: 200, Body: []byte(no("invalid_input"))}, fault.Rejected, "invalid_input"},
	{10, "no such tag", Reply{Status: 200, Body: []byte(no("candidate_tag_not_found"))}, fault.Rejected, "candidate_tag_not_found"},
	{10, "no such project", Reply{Status: 200, Body: []byte(no("project_not_found"))}, fault.Rejected, "project_not_found"},
	{10, "no such source", Reply{Status: 200, Body: []byte(no("source_not_found"))}, fault.Rejected, "source_not_found"},
	{10, "no such field", Reply{Status: 200, Body: []byte(no("custom_field_not_found"))}, fault.Rejected, "custom_field_not_found"},
	{10, "no such user", Reply{Status: 200, Body: []byte(no("user_not_found"))}, fault.Rejected, "user_not_found"},
	{10, "bad option", Reply{Status: 200, Body: []byte(no("invalid_option"))}, fault.Rejected, "invalid_option"},

	{11, "another code, verbatim", Reply{Status: 200, Body: []byte(no("opening_in_use"))}, fault.Rejected, "opening_in_use"},
	{11, "a sync token that is no more", Reply{Status: 200, Body: []byte(no("sync_token_expired"))}, fault.Rejected, CodeSyncTokenExpired},
	{11, "a refusal without a word", Reply{Status: 200, Body: []byte(`{"success":false}`)}, fault.Rejected, CodeUnnamed},
	{11, "a refusal in a sentence", Reply{Status: 200, Body: []byte(`{"success":false,"errors":["This cannot be done"]}`)}, fault.Rejected, CodeUnnamed},
	{11, "a refusal with a 201", Reply{Status: 201, Body: []byte(no("opening_in_use"))}, fault.Rejected, "opening_in_use"},
}

// unclear are the answers that say nothing: row 2 for a read, row 12 for a write.
var unclear = []struct {
	name string
	r    Reply
	code string
}{
	{"timeout", Reply{Err: context.DeadlineExceeded}, CodeTimeout},
	{"timeout of the socket", Reply{Err: timeoutError{}}, CodeTimeout},
	{"timeout in the body", Reply{Status: 200, Err: context.DeadlineExceeded}, CodeTimeout},
	{"408", Reply{Status: 408}, CodeTimeout},
	{"408 with an envelope", Reply{Status: 408, Body: []byte(no("candidate_not_found"))}, CodeTimeout},
	{"given up by us", Reply{Err: context.Canceled}, CodeCancelled},
	{"reset", Reply{Err: errors.New("read: connection reset by peer")}, CodeConnectionLost},
	{"closed without an answer", Reply{Err: io.EOF}, CodeConnectionLost},
	{"500", Reply{Status: 500}, CodeAshbyDown},
	{"502 with a page", Reply{Status: 502, Body: []byte(errorPage)}, CodeAshbyDown},
	{"503", Reply{Status: 503}, CodeAshbyDown},
	{"504", Reply{Status: 504}, CodeAshbyDown},
	{"500 that claims success", Reply{Status: 500, Body: []byte(yes)}, CodeAshbyDown},
	{"500 that claims a refusal", Reply{Status: 500, Body: []byte(no("invalid_input"))}, CodeAshbyDown},
	{"503 that claims a limit", Reply{Status: 503, Body: []byte(no("rate_limit_exceeded"))}, CodeAshbyDown},
	{"101", Reply{Status: 101}, CodeUnexpected},
	{"cut", Reply{Status: 200, Body: []byte(yes[:20]), Err: io.ErrUnexpectedEOF}, CodeAnswerCut},
	{"cut just before the end of the stream", Reply{Status: 200, Body: []byte(yes), Err: io.ErrUnexpectedEOF}, CodeAnswerCut},
	{"cut unnoticed", Reply{Status: 200, Body: []byte(yes[:20])}, CodeAnswerUnread},
	{"oversized", Reply{Status: 200, Body: []byte(yes), Err: errTooLarge}, CodeAnswerTooLarge},
	{"empty", Reply{Status: 200}, CodeAnswerUnread},
	{"204", Reply{Status: 204}, CodeAnswerUnread},
	{"a page behind a 200", Reply{Status: 200, Body: []byte(errorPage)}, CodeAnswerUnread},
	{"an array", Reply{Status: 200, Body: []byte(`[{"success":true,"results":{"id":"x"}}]`)}, CodeAnswerUnread},
	{"no success", Reply{Status: 200, Body: []byte(`{"results":{"id":"x"}}`)}, CodeAnswerUnread},
	{"success in a string", Reply{Status: 200, Body: []byte(`{"success":"true","results":{"id":"x"}}`)}, CodeAnswerUnread},
	{"success of another case", Reply{Status: 200, Body: []byte(`{"Success":true,"results":{"id":"x"}}`)}, CodeAnswerUnread},
	{"success both ways", Reply{Status: 200, Body: []byte(`{"success":false,"success":true,"results":{"id":"x"}}`)}, CodeAnswerUnread},
	{"two envelopes", Reply{Status: 200, Body: []byte(yes + yes)}, CodeAnswerUnread},
	{"a success without results", Reply{Status: 200, Body: []byte(`{"success":true}`)}, CodeAnswerUnread},
	{"a success without the id", Reply{Status: 200, Body: []byte(`{"success":true,"results":{}}`)}, CodeAnswerUnread},
	{"a success with a list for a record", Reply{Status: 200, Body: []byte(`{"success":true,"results":[{"id":"x"}]}`)}, CodeAnswerUnread},
}

func TestEveryRowOfTheTableOfAnswers(t *testing.T) {
	for _, c := range definite {
		for _, method := range []string{aRead, aWrite} {
			t.Run(fmt.Sprintf("row %d/%s/%s", c.row, c.name, method), func(t *testing.T) {
				c.r.Method = method
				expect(t, Classify(c.r), c.row, c.kind, c.code)
			})
		}
	}
	for _, c := range unclear {
		t.Run("row 2/"+c.name, func(t *testing.T) {
			c.r.Method = aRead
			expect(t, Classify(c.r), 2, fault.Unavailable, c.code)
		})
		t.Run("row 12/"+c.name, func(t *testing.T) {
			c.r.Method = aWrite
			expect(t, Classify(c.r), 12, fault.Ambiguous, c.code)
		})
	}
	for _, status := range []int{200, 201} {
		for _, method := range []string{aRead, aWrite} {
			t.Run(fmt.Sprintf("row 8/%d/%s", status, method), func(t *testing.T) {
				v := Classify(Reply{Method: method, Status: status, Body: []byte(yes)})
				if v.Row != 8 || v.Err != nil {
					t.Fatalf("row %d, error %v; want row 8 without an error", v.Row, v.Err)
				}
			})
		}
	}
}

func expect(t *testing.T, v Verdict, row int, kind fault.Kind, code string) {
	t.Helper()
	if v.Err == nil {
		t.Fatalf("row %d without an error, want row %d, %s, %s", v.Row, row, kind, code)
	}
	if v.Row != row || v.Err.Kind() != kind || v.Err.Code() != code {
		t.Fatalf("row %d, %s, %s; want row %d, %s, %s", v.Row, v.Err.Kind(), v.Err.Code(), row, kind, code)
	}
	if v.Err.Message() == "" {
		t.Error("no message for the customer")
	}
}

func TestEveryRowHasAnExample(t *testing.T) {
	seen := map[int]bool{2: true, 8: true, 12: true} // these have tables of their own
	for _, c := range definite {
		seen[c.row] = true
	}
	for row := 1; row <= 12; row++ {
		if !seen[row] {
			t.Errorf("row %d has no example", row)
		}
	}
}

func TestAMethodThatNobodyKnowsCountsAsAWrite(t *testing.T) {
	v := Classify(Reply{Method: "no.suchMethod", Status: 502})
	expect(t, v, 12, fault.Ambiguous, CodeAshbyDown)
}

// Whatever a status is, some row answers for it, and no error status is success.
func TestEveryStatusHasAMeaning(t *testing.T) {
	for status := range 1000 {
		for _, method := range []string{aRead, aWrite} {
			v := Classify(Reply{Method: method, Status: status, Body: []byte(yes)})
			if ok := status >= 200 && status < 300; ok != (v.Err == nil) || ok != (v.Row == 8) {
				t.Errorf("%s, status %d: row %d, error %v", method, status, v.Row, v.Err)
			}
			if v.Err != nil && v.Err.Kind() == fault.Unavailable && method == aWrite {
				t.Errorf("status %d calls a write that was sent repeatable", status)
			}
		}
	}
}

func TestTheMissingPermissionIsNamed(t *testing.T) {
	for _, method := range Methods() {
		v := Classify(Reply{Method: method, Status: 403, Body: []byte(no(CodePermission))})
		if got := MissingPermission(v.Err); got == "" || got != Permission(method) {
			t.Errorf("%s: %q, want %q", method, got, Permission(method))
		}
		if !strings.Contains(v.Err.Message(), box(Permission(method))) || box(Permission(method)) == string(Permission(method)) {
			t.Errorf("%s: %q does not name a box to tick", method, v.Err.Message())
		}
	}
	if p := MissingPermission(Classify(Reply{Method: "no.such", Status: 403, Body: []byte(no(CodePermission))}).Err); p != "" {
		t.Errorf("an unknown method needs %q", p)
	}
	if p := MissingPermission(nil); p != "" {
		t.Errorf("no error lacks %q", p)
	}
}

func TestARefusalWithoutAReasonNamesThePermissionThatItMayMean(t *testing.T) {
	for _, method := range []string{aRead, aWrite} {
		got := Classify(Reply{Method: method, Status: 403}).Err.Details()
		if len(got) != 1 || got[0].Path != PathPermission || got[0].Code != string(Permission(method)) || got[0].Code == "" {
			t.Errorf("%s: details %v", method, got)
		}
	}
	if got := Classify(Reply{Method: "no.such", Status: 403}).Err.Details(); len(got) > 0 {
		t.Errorf("of a method that nobody knows: %v", got)
	}
}

func TestARefusalTellsWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		method, body             string
		refresh, exists, restart bool
	}{
		"bad value":          {method: "customField.setValues", body: no("invalid_input"), refresh: true},
		"webhook twice":      {method: "webhook.create", body: `{"success":false,"errors":["Duplicate webhook for this type and URL"]}`, exists: true},
		"email twice":        {method: "candidate.addEmailMessage", body: no("email_message_already_exists"), exists: true},
		"duplicate note":     {method: "candidate.createNote", body: no("duplicate_note")},
		"token expired":      {method: "candidate.list", body: no("sync_token_expired"), restart: true},
		"token invalid":      {method: "candidate.list", body: no("sync_token_invalid"), restart: true},
		"cursor expired":     {method: "candidate.list", body: no("next_cursor_expired"), restart: true},
		"cursor invalid":     {method: "candidate.list", body: no("invalid_next_cursor"), restart: true},
		"increment too big":  {method: "candidate.list", body: no("incremental_sync_too_large"), restart: true},
		"no such candidate":  {method: "candidate.info", body: no("candidate_not_found")},
		"nothing in special": {method: "candidate.info", body: no("opening_in_use")},
	} {
		t.Run(name, func(t *testing.T) {
			err := error(Classify(Reply{Method: c.method, Status: 200, Body: []byte(c.body)}).Err)
			if RefreshCatalogue(err) != c.refresh || AlreadyExists(err) != c.exists || RestartSync(err) != c.restart || OurBug(err) {
				t.Errorf("refresh %v, exists %v, restart %v, our bug %v",
					RefreshCatalogue(err), AlreadyExists(err), RestartSync(err), OurBug(err))
			}
		})
	}
	if err := Classify(Reply{Method: aRead, Status: 415}).Err; !OurBug(err) {
		t.Error("a 415 is nobody's bug")
	}
	if OurBug(nil) || RestartSync(nil) {
		t.Error("no error has a meaning")
	}
}

func TestARefusalListsEveryProblem(t *testing.T) {
	body := `{"success":false,"errors":[{"message":"Invalid value","parameter":"fieldValue"},"invalid_input",{"code":"too_long","parameter":"title"}],
		"errorInfo":{"code":"invalid_input","message":"Two things are wrong","requestId":"01R"}}`
	v := Classify(Reply{Method: "customField.setValue", Status: 200, Body: []byte(body)})
	expect(t, v, 10, fault.Rejected, "invalid_input")
	if v.Err.Message() != "Two things are wrong" {
		t.Errorf("message %q", v.Err.Message())
	}
	want := []fault.Detail{
		{Path: PathAnswer, Code: DetailRefreshCatalogue},
		{Path: "fieldValue", Code: "invalid_input", Message: "Invalid value"},
		{Path: "title", Code: "too_long"},
	}
	got := v.Err.Details()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("details %v, want %v", got, want)
	}
}

func TestRetryAfterIsReadInEitherForm(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":                              0,
		"2":                             2 * time.Second,
		" 30 ":                          30 * time.Second,
		"1.5":                           1500 * time.Millisecond,
		"0":                             0,
		"-5":                            0,
		"NaN":                           0,
		"+Inf":                          maxRetryAfter,
		"86400000":                      maxRetryAfter,
		"soon":                          0,
		"Mon, 02 Nov 2026 12:00:45 GMT": 45 * time.Second,
		"Mon, 02 Nov 2026 11:00:00 GMT": 0,
		"Mon, 02 Nov 2036 11:00:00 GMT": maxRetryAfter,
	} {
		v := Classify(Reply{Method: aRead, Status: 429, Header: http.Header{"Retry-After": {header}}, At: now})
		if v.Err.RetryAfter() != want {
			t.Errorf("%q: %v, want %v", header, v.Err.RetryAfter(), want)
		}
	}
}

func TestAshbysWordsAreMadePresentable(t *testing.T) {
	for in, want := range map[string]string{
		"Plain words, kept.":                                  "Plain words, kept.",
		"two\nlines\tand\x00 a\x1b[31m bell\a":                "two lines and a[31m bell",
		"right to left \u202eevil":                            "right to left evil",
		"email ada@example.com is taken":                      "email [email] is taken",
		"<ada@example.com>, again":                            "<[email]>, again",
		"bad url https://linkedin.com/in/ada?x=1 given":       "bad url [link] given",
		"number +44 20 7946 0958 is wrong":                    "number [number] is wrong",
		"field 3f2c1a9e-1111-2222-3333-444455556666 is gone.": "field 3f2c1a9e-1111-2222-3333-444455556666 is gone.",
		"bad \xff\xfe bytes":                                  "bad bytes",
	} {
		if got := presentable(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("é", 5000), strings.Repeat("word ", 5000)} {
		if got := []rune(presentable(long)); len(got) != maxText || got[maxText-1] != '…' {
			t.Errorf("%d runes ending in %q", len(got), got[len(got)-1])
		}
	}
}

func TestAKeyThatAshbyRepeatsIsTakenOut(t *testing.T) {
	key := secret.NewValue("0123canary4567")
	for _, said := range []string{key.Reveal(), encoded(key), "key " + key.Reveal() + " is inactive"} {
		for _, body := range []string{
			fmt.Sprintf(`{"success":false,"errors":[%q]}`, said),
			fmt.Sprintf(`{"success":false,"errors":[{"message":%q,"parameter":%q}]}`, said, said),
			fmt.Sprintf(`{"success":false,"errorInfo":{"code":%q,"message":%q,"requestId":%q}}`, said, said, said),
		} {
			r := Reply{Method: aWrite, Status: 200, Body: []byte(body), Key: key, Header: http.Header{"X-Request-Id": {said}}}
			v := Classify(r)
			shown := fmt.Sprintf("%v %+v %#v", v.Err, v.Err.Details(), r.meta(v.open))
			if strings.Contains(shown, "canary") || strings.Contains(shown, encoded(key)) {
				t.Errorf("%s\nshows %s", body, shown)
			}
		}
	}
}
