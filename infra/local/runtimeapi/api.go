package runtimeapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxPayload is Lambda's limit on an answer, 6 MB.
const maxPayload = 6 << 20

// routes are the Runtime API and as much of the Extensions API as a runtime uses
// that wants to be told of its end.
func (h *Host) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*environment, http.ResponseWriter, *http.Request){
		"GET /{environment}/2018-06-01/runtime/invocation/next":           (*environment).next,
		"POST /{environment}/2018-06-01/runtime/invocation/{id}/response": (*environment).response,
		"POST /{environment}/2018-06-01/runtime/invocation/{id}/error":    (*environment).failure,
		"POST /{environment}/2018-06-01/runtime/init/error":               (*environment).initFailure,
		"POST /{environment}/2020-01-01/extension/register":               (*environment).register,
		"GET /{environment}/2020-01-01/extension/event/next":              (*environment).hang,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			e := h.find(r.PathValue("environment"))
			if e == nil {
				refuse(w, http.StatusForbidden, "InvalidEnvironment")
				return
			}
			serve(e, w, r)
		})
	}
	return mux
}

// next answers when there is an event for this process.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	var in *invocation
	select {
	case in = <-e.work:
	case <-r.Context().Done():
		return
	}
	in.id = rand.Text()
	e.mu.Lock()
	e.current = in
	e.mu.Unlock()
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", in.id)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(e.function.Timeout).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", e.arn())
	_, _ = w.Write(in.payload) // a process that is gone is noticed by its end
}

// response takes a result.
func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		e.finish(r, outcome{err: &Error{TooLarge, "Response payload size exceeded maximum allowed payload size (6291456 bytes)."}})
		refuse(w, http.StatusRequestEntityTooLarge, TooLarge)
		return
	}
	out := outcome{payload: body}
	if failed := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); failed != "" {
		out = outcome{err: &Error{failed, "the response broke off"}} // a handler whose reader failed halfway
	}
	e.settle(w, r, err, out)
}

// failure takes a handler's error or panic.
func (e *environment) failure(w http.ResponseWriter, r *http.Request) {
	told, err := readError(w, r)
	e.settle(w, r, err, outcome{err: told})
}

// initFailure takes the reason for which a process cannot serve.
func (e *environment) initFailure(w http.ResponseWriter, r *http.Request) {
	told, err := readError(w, r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidErrorShape")
		return
	}
	e.mu.Lock()
	e.broken = told
	e.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

func (e *environment) register(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Lambda-Extension-Identifier", e.id)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{
		"functionName": e.function.Name, "functionVersion": "$LATEST", "handler": "bootstrap",
	})
}

// hang never tells of an event: whoever registered wants SIGTERM only.
func (e *environment) hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// settle ends the invocation unless its answer did not arrive whole.
func (e *environment) settle(w http.ResponseWriter, r *http.Request, unread error, out outcome) {
	switch {
	case unread != nil:
		refuse(w, http.StatusBadRequest, "InvalidRequest")
	case !e.finish(r, out):
		refuse(w, http.StatusBadRequest, "InvalidRequestID")
	default:
		w.WriteHeader(http.StatusAccepted)
	}
}

// finish reports whether the request is about the invocation in hand, which then
// has its outcome.
func (e *environment) finish(r *http.Request, out outcome) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current == nil || e.current.id != r.PathValue("id") {
		return false
	}
	e.current.result <- out
	e.current = nil
	return true
}

func readError(w http.ResponseWriter, r *http.Request) (*Error, error) {
	var told Error
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPayload)).Decode(&told)
	return &told, err
}

func refuse(w http.ResponseWriter, status int, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Error{kind, http.StatusText(status)}) // the caller is gone if this fails
}
