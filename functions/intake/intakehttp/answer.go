package intakehttp

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

type eventsAnswer struct {
	Accepted int      `json:"accepted"`
	Refused  int      `json:"refused"`
	Results  []result `json:"results"`
}

type result struct {
	Index  int             `json:"index"`
	ID     string          `json:"id,omitempty"`
	Status string          `json:"status"` // accepted, refused
	Errors []problem.Entry `json:"errors,omitempty"`
}

// hookAnswer tells whether a hook was taken in, or of a kind that we drop.
type hookAnswer struct {
	Accepted bool `json:"accepted"`
}

func resultOf(i int, v event.Verdict) result {
	r := result{Index: i, ID: v.ID, Status: "accepted"}
	if !v.Accepted() {
		r.Status = "refused"
	}
	for _, m := range v.Mistakes {
		r.Errors = append(r.Errors, problem.Entry(m))
	}
	return r
}

// serve reads the body, runs a route, answers and logs.
func (s *surface) serve(route func(*http.Request, []byte) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := s.now()
		body, err := io.ReadAll(io.LimitReader(r.Body, contract.MaxBody+1))
		var a answer
		if err != nil {
			err = fault.New(fault.Invalid, "body_cut", "the body could not be read to its end").Because(err)
		} else {
			a, err = route(r, body)
		}
		status := http.StatusAccepted
		if err != nil {
			status = problem.Status(err)
			problem.Write(w, r, err)
		} else {
			reply(w, status, a.body)
		}
		s.logLine(r, status, err, append(a.attrs,
			slog.Int("bytes", len(body)), slog.Int64("duration_ms", s.now().Sub(start).Milliseconds())))
	}
}

// logLine names the route by its pattern: the path has a token in it.
func (s *surface) logLine(r *http.Request, status int, err error, attrs []slog.Attr) {
	attrs = append([]slog.Attr{slog.String("route", r.Pattern), slog.Int("status", status)}, attrs...)
	level := slog.LevelInfo
	if err != nil {
		attrs = append(attrs, logging.Error(err))
	}
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.LogAttrs(r.Context(), level, "webhook", attrs...)
}

func reply(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil { // booleans, numbers and strings only: cannot be
		status, b = http.StatusInternalServerError, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b) // the caller is gone if this fails
}

// codes lists the distinct codes of the mistakes, sorted: paths would repeat keys
// that a stranger chose.
func codes(verdicts []event.Verdict) []string {
	var out []string
	for _, v := range verdicts {
		for _, m := range v.Mistakes {
			out = append(out, m.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func dropped(verdicts []event.Verdict) int {
	n := 0
	for _, v := range verdicts {
		n += v.Event.Dropped
	}
	return n
}

// plain gives a word that may be logged: a short identifier, or "other".
func plain(word string) string {
	foreign := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", r)
	}
	if len(word) > 40 || strings.ContainsFunc(word, foreign) {
		return "other"
	}
	return word
}
