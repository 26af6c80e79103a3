package ashby

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Reply is everything known of one exchange with Ashby, before it is judged.
type Reply struct {
	Method  string
	NotSent bool        // surely nothing reached Ashby
	Status  int         // 0: no status line came
	Header  http.Header // of the answer; may be nil
	Body    []byte      // what was read of it
	Err     error       // why the exchange ended early; nil: the answer is complete
	At      time.Time   // when the answer came; dates in Retry-After count from here
	Key     secret.Value
}

// Verdict is what a reply means.
type Verdict struct {
	Row  int          // of the table of answers, see the package comment
	Err  *fault.Error // nil in row 8 and only there
	open envelope
}

// Classify says what a reply means: the first row that matches wins. It is pure.
func Classify(r Reply) Verdict {
	env, unread := r.open()
	switch s := r.Status; {
	case r.NotSent:
		return r.unclear(1, fault.Unavailable, r.Err, env)
	case s == http.StatusTooManyRequests, unread == nil && limited(env):
		return Verdict{Row: 3, Err: r.throttled(), open: env}
	case s == http.StatusUnauthorized:
		return Verdict{Row: 4, Err: keyRefused(CodeKeyRefused), open: env}
	case s == http.StatusForbidden && bytes.Contains(r.Body, []byte(CodePermission)),
		unread == nil && !env.success && env.code == CodePermission:
		return Verdict{Row: 5, Err: r.notPermitted(), open: env}
	case s == http.StatusForbidden:
		return Verdict{Row: 6, Err: r.forbidden(), open: env}
	case s >= 300 && s < 500 && s != http.StatusRequestTimeout:
		return Verdict{Row: 7, Err: r.ourBug(env), open: env}
	case unread != nil && !of(r.Method).write:
		return r.unclear(2, fault.Unavailable, unread, env)
	case unread != nil:
		return r.unclear(12, fault.Ambiguous, unread, env)
	case env.success:
		return Verdict{Row: 8, open: env}
	case env.code == CodeCandidateNotFound:
		return Verdict{Row: 9, Err: r.rejected(env), open: env}
	case catalogueCode(env.code):
		return Verdict{Row: 10, Err: r.rejected(env, mark(DetailRefreshCatalogue)), open: env}
	default:
		return Verdict{Row: 11, Err: r.rejected(env), open: env}
	}
}

// open reads the envelope of a complete answer with a status that may carry one,
// or says why there is none to go by. Behind an error status the envelope only
// explains; the status decides.
func (r Reply) open() (envelope, error) {
	if r.Err != nil {
		return envelope{}, r.Err
	}
	env, err := open(r.Body)
	env = env.scrubbed(r.Key)
	switch {
	case r.Status == http.StatusRequestTimeout, r.Status < 200, r.Status >= 500:
		return env, errStatus(r.Status)
	case r.Status >= 300 || err != nil:
		return env, err
	case env.success:
		env.id, err = of(r.Method).promise.keeps(env.results)
	}
	return env, err
}

// limited recognises a rate limit told by envelope alone: Ashby answers 200 for
// most of what would be a 4xx, and says these codes with its 429s. To read it as
// a refusal would lose the write for good.
func limited(e envelope) bool {
	return !e.success && (e.code == codeRateLimit || e.code == codeConcurrency)
}

// unclear is an answer that says nothing about what happened at Ashby.
func (r Reply) unclear(row int, kind fault.Kind, cause error, env envelope) Verdict {
	code, message := r.trouble()
	return Verdict{Row: row, Err: fault.New(kind, code, message).Because(hush(r.Key, cause)), open: env}
}

func (r Reply) throttled() *fault.Error {
	code, message := CodeRateLimited, "Ashby asks us to slow down; the work goes on by itself"
	if r.Header.Get(headerScope) == scopePartner {
		code, message = CodePartnerLimited, "Ashby is limiting all traffic of this integration; the work goes on by itself"
	}
	return fault.New(fault.Throttled, code, message).After(retryAfter(r.Header.Get("Retry-After"), r.At))
}

func keyRefused(code string) *fault.Error {
	return fault.New(fault.KeyRefused, code, "Ashby does not accept the API key; check that it is complete and active")
}

// forbidden is a refusal that may mean the permission; which one that would be is
// in the details, for when Probe finds the key alive.
func (r Reply) forbidden() *fault.Error {
	err := keyRefused(CodeForbidden)
	if need := of(r.Method).permission; need != "" {
		return err.With(permissionDetail(need))
	}
	return err
}

func permissionDetail(need connection.Permission) fault.Detail {
	return fault.Detail{Path: PathPermission, Code: string(need), Message: "tick " + box(need) + " for this key in Ashby"}
}

func (r Reply) notPermitted() *fault.Error {
	need := of(r.Method).permission
	message := fmt.Sprintf("the API key lacks a permission that %s needs", r.Method)
	if need == "" {
		return fault.New(fault.PermissionMissing, CodePermission, message)
	}
	return fault.New(fault.PermissionMissing, CodePermission, message+" ("+box(need)+")").With(permissionDetail(need))
}

// ourBug is a refusal of the request's form. What Ashby says about it goes to
// the details, not into the code, so that alarms can go by the code.
func (r Reply) ourBug(env envelope) *fault.Error {
	code := CodeOurBugRequest
	switch {
	case r.Status < 400:
		code = CodeOurBugRedirect
	case r.Status == http.StatusNotFound, r.Status == http.StatusMethodNotAllowed:
		code = CodeOurBugPath
	}
	message := fmt.Sprintf("Ashby did not accept the form of our request (HTTP %d); we have been told", r.Status)
	return fault.New(fault.Rejected, code, message).With(env.details()...)
}

// rejected is Ashby's definite no: its code verbatim, its sentence made
// presentable.
func (r Reply) rejected(env envelope, more ...fault.Detail) *fault.Error {
	code, message := env.code, presentable(env.text)
	if code == "" {
		code = CodeUnnamed
	}
	if message == "" {
		message = "Ashby refused " + r.Method
	}
	if existsAlready(r.Method, env.code, env.text) {
		more = append(more, mark(DetailAlreadyExists))
	}
	if restartSync[env.code] {
		more = append(more, mark(DetailRestartSync))
	}
	return fault.New(fault.Rejected, code, message).With(append(more, env.details()...)...)
}
