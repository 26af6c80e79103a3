package ashby

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// maxRetryAfter caps what Ashby may ask us to wait: a slip in a header must not
// park a team for days.
const maxRetryAfter = time.Hour

var errTooLarge = errors.New("the answer passes the limit")

// trouble names why an answer is unclear, for people and logs; what follows from
// it does not depend on the name.
func (r Reply) trouble() (code, message string) {
	timeout, isNet := errors.AsType[net.Error](r.Err)
	switch {
	case r.NotSent:
		return CodeNotSent, "Ashby could not be reached; nothing was sent"
	case errors.Is(r.Err, errTooLarge):
		return CodeAnswerTooLarge, "Ashby's answer was too large to read"
	case errors.Is(r.Err, context.Canceled):
		return CodeCancelled, "the call to Ashby was given up"
	case errors.Is(r.Err, context.DeadlineExceeded), errors.Is(r.Err, os.ErrDeadlineExceeded), isNet && timeout.Timeout(),
		r.Status == http.StatusRequestTimeout:
		return CodeTimeout, "Ashby did not answer in time"
	case r.Err != nil && r.Status == 0:
		return CodeConnectionLost, "the connection to Ashby was lost before it answered"
	case r.Status >= 500:
		return CodeAshbyDown, fmt.Sprintf("Ashby is not available (HTTP %d)", r.Status)
	case r.Err != nil:
		return CodeAnswerCut, "Ashby's answer was cut short"
	case r.Status < 200:
		return CodeUnexpected, fmt.Sprintf("Ashby gave an answer without meaning (HTTP %d)", r.Status)
	}
	return CodeAnswerUnread, "Ashby's answer could not be read"
}

// errStatus is the cause of a verdict that rests on the status alone.
type errStatus int

func (s errStatus) Error() string { return "HTTP status " + strconv.Itoa(int(s)) }

// retryAfter reads the header in either form, seconds or a date; zero when it is
// absent, past or nonsense. Ashby does not document that it sends one.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	wait := time.Duration(0)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		if math.IsNaN(seconds) || seconds <= 0 {
			return 0
		}
		wait = time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	} else if date, err := http.ParseTime(header); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// mark is the detail by which this package tells those who act on a fault what
// kind of answer it was.
func mark(code string) fault.Detail { return fault.Detail{Path: PathAnswer, Code: code} }

// details lists every problem that an envelope names.
func (e envelope) details() []fault.Detail {
	var out []fault.Detail
	for _, p := range e.problems {
		d := fault.Detail{Path: token(p.parameter), Code: p.text}
		if !codeLike(p.text) {
			d.Code, d.Message = e.code, presentable(p.text)
		}
		if d.Path != "" || d.Code != e.code || d.Message != "" {
			out = append(out, d)
		}
	}
	return out
}

// scrubbed takes the key out of all that an envelope says in words.
func (e envelope) scrubbed(key secret.Value) envelope {
	for _, s := range []*string{&e.code, &e.text, &e.request, &e.cursor, &e.token} {
		*s = scrub(key, *s)
	}
	for i := range e.problems {
		e.problems[i].text = scrub(key, e.problems[i].text)
		e.problems[i].parameter = scrub(key, e.problems[i].parameter)
	}
	for i := range e.warnings {
		e.warnings[i] = presentable(scrub(key, e.warnings[i]))
	}
	if !codeLike(e.code) {
		e.code = ""
	}
	return e
}
