package start

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// host is the Runtime API that the programs start against. It does nothing but note
// the time, for what it does itself is measured too.
type host struct {
	address string
	server  *http.Server

	mu     sync.Mutex
	seq    int
	visits map[string]*visit
}

// visit is one process and the event that waits for it.
type visit struct {
	event               []byte
	given               bool
	readyAt, answeredAt time.Time
	failed              error
	answered            chan struct{}
	once                sync.Once
}

func newHost(ctx context.Context) (*host, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &host{address: l.Addr().String(), visits: map[string]*visit{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{id}/2018-06-01/runtime/invocation/next", h.next)
	mux.HandleFunc("POST /{id}/2018-06-01/runtime/invocation/{request}/response", h.response)
	mux.HandleFunc("POST /{id}/2018-06-01/runtime/invocation/{request}/error", h.failure)
	mux.HandleFunc("POST /{id}/2018-06-01/runtime/init/error", h.failure)
	mux.HandleFunc("/", emptyAWS)
	h.server = &http.Server{Handler: mux, ReadHeaderTimeout: patience}
	go func() { _ = h.server.Serve(l) }() // until it is closed
	return h, nil
}

func (h *host) close() { _ = h.server.Close() }

func (h *host) expect(event []byte) (string, *visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	id, v := "e"+strconv.Itoa(h.seq), &visit{event: event, answered: make(chan struct{})}
	h.visits[id] = v
	return id, v
}

func (h *host) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.visits, id)
}

func (h *host) visit(r *http.Request) *visit {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v := h.visits[r.PathValue("id")]; v != nil {
		return v
	}
	return &visit{given: true, answered: make(chan struct{})}
}

// next gives the one event, and then none until the process ends.
func (h *host) next(w http.ResponseWriter, r *http.Request) {
	now, v := time.Now(), h.visit(r)
	if v.given {
		<-r.Context().Done()
		return
	}
	v.readyAt, v.given = now, true
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", "request")
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(now.Add(patience).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:bench")
	_, _ = w.Write(v.event)
}

func (h *host) response(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	now, v := time.Now(), h.visit(r)
	w.WriteHeader(http.StatusAccepted)
	v.end(now, nil)
}

func (h *host) failure(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	w.WriteHeader(http.StatusAccepted)
	h.visit(r).end(time.Now(), errors.New(strings.TrimSpace(string(text))))
}

func (v *visit) end(at time.Time, failed error) {
	v.once.Do(func() {
		v.answeredAt, v.failed = at, failed
		close(v.answered)
	})
}

// environment is what Lambda sets, and what the template declares, for any function.
func (h *host) environment(id, name string) []string {
	aws := "http://" + h.address
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + h.address + "/" + id, "AWS_LAMBDA_FUNCTION_NAME=" + name, "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "_HANDLER=bootstrap", "PATH=/usr/bin:/bin", "TZ=:UTC", "STAGE=bench",
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIDSAMPLE", "AWS_SECRET_ACCESS_KEY=sample", "AWS_SESSION_TOKEN=session",
		"AWS_ENDPOINT_URL=" + aws, "ASHBY_BASE_URL=" + aws,
		"CONFIG_TABLE=config", "TIMELINE_TABLE=timeline", "CANDIDATES_TABLE=candidates",
		fmt.Sprintf("EVENTS_QUEUE_URL=%s/1/events", aws), fmt.Sprintf("EVENTS_DLQ_URL=%s/1/dead", aws),
		fmt.Sprintf("WORK_QUEUE_URL=%s/1/work.fifo", aws), fmt.Sprintf("WORK_DLQ_URL=%s/1/dead.fifo", aws),
		"TEAM_SECRET_PREFIX=bench/team/", "INTAKE_SECRET=bench/intake",
		"JWT_ISSUER=https://login.example.com", "JWT_AUDIENCE=ashby-sync", "JWKS_URL=" + aws + "/jwks",
	}
}
