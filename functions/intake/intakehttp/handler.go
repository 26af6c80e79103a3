package intakehttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
	"github.com/sourcewhale/ashby-sync/shared/usecase/accept"
)

// Parts is what intake is built of.
type Parts struct {
	Secrets secret.Store
	Keyring string       // name or ARN of the master secret
	Events  queue.Sender // the events queue
	Now     func() time.Time
	Log     *slog.Logger
}

// New builds the handler, and what to run once, early and beside it, so that the
// first request does not wait for the keys.
func New(p Parts) (handler http.Handler, warm func(context.Context)) {
	keys := accept.NewKeys(p.Secrets, p.Keyring, p.Now)
	s := &surface{accept.New(keys, contract.NewCourier(p.Events), p.Now), p.Now, p.Log}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/events", s.serve(s.events))
	mux.HandleFunc("POST /v1/hooks/sourcewhale/{token}", s.serve(s.hook))
	mux.HandleFunc("POST /v1/hooks/ashby/{token}", s.serve(s.candidateHook))
	return header.API(problem.Guard(p.Log, problem.Routes(mux))), func(ctx context.Context) { _, _, _ = keys.Current(ctx) }
}

type surface struct {
	intake *accept.Intake
	now    func() time.Time
	log    *slog.Logger
}

// answer is what a route answers and what its log line tells besides.
type answer struct {
	body  any
	attrs []slog.Attr
}

func (s *surface) events(r *http.Request, body []byte) (answer, error) {
	request, err := contract.Receive(body)
	if err != nil {
		return answer{}, err
	}
	verdicts, err := s.intake.Events(r.Context(), request, signed(r.Header), body, trace.ID(r.Context()))
	if verdicts == nil { // as a rule nothing is proven then: not even the team is worth telling
		return answer{}, err
	}
	a := eventsAnswer{Results: make([]result, len(verdicts))}
	for i, v := range verdicts {
		a.Results[i] = resultOf(i, v)
		if v.Accepted() {
			a.Accepted++
		} else {
			a.Refused++
		}
	}
	return answer{a, []slog.Attr{
		slog.String("team", request.Team()), slog.Int("accepted", a.Accepted), slog.Int("refused", a.Refused),
		slog.Any("codes", codes(verdicts)), slog.Int("dropped", dropped(verdicts)),
	}}, err
}

func (s *surface) hook(r *http.Request, body []byte) (answer, error) {
	id := trace.ID(r.Context())
	h, taken, err := s.intake.Hook(r.Context(), r.PathValue("token"), func(team string, at time.Time) (event.Hook, error) {
		return contract.Hook(body, team, at, id)
	})
	return answer{hookAnswer{taken}, []slog.Attr{
		slog.String("team", h.Team), slog.String("kind", plain(string(h.Kind))), slog.Bool("accepted", taken),
		slog.Int("dropped", h.Dropped),
	}}, err
}

func (s *surface) candidateHook(r *http.Request, body []byte) (answer, error) {
	id, signature := trace.ID(r.Context()), r.Header.Get("Ashby-Signature")
	h, taken, err := s.intake.CandidateHook(r.Context(), r.PathValue("token"), signature, body,
		func(team string, at time.Time) (event.CandidateHook, error) {
			return contract.CandidateHook(body, team, at, id)
		})
	return answer{hookAnswer{taken}, []slog.Attr{
		slog.String("team", h.Team), slog.String("action", plain(string(h.Action))), slog.Bool("accepted", taken),
	}}, err
}

func signed(h http.Header) webhook.Signed {
	return webhook.Signed{
		ID: h.Get("Webhook-Id"), Timestamp: h.Get("Webhook-Timestamp"), Signature: h.Get("Webhook-Signature"),
	}
}
