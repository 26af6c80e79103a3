package accept_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

func TestTheQueueHasEveryAcceptedEventBeforeTheAnswer(t *testing.T) {
	w := newWorld(ringA)
	verdicts, err := w.send(t, ring(t, ringA), "t1", claim{"t1", []string{"good", "bad_id", "good"}})
	if err != nil || len(verdicts) != 3 {
		t.Fatalf("%v, %v", verdicts, err)
	}
	var ids []string
	for _, e := range w.shelf.events {
		ids = append(ids, e.ID)
		if !e.AcceptedAt.Equal(w.now) || e.Trace != "trace-1" {
			t.Errorf("%+v", e)
		}
	}
	if diff := cmp.Diff([]string{"0", "2"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestNothingFitIsInvalidWithEveryMistake(t *testing.T) {
	w := newWorld(ringA)
	verdicts, err := w.send(t, ring(t, ringA), "t1", claim{"t1", []string{"a", "b"}})
	want := []fault.Detail{{Path: "events[0]", Code: "a"}, {Path: "events[1]", Code: "b"}}
	if !fault.Is(err, fault.Invalid) || len(verdicts) != 2 || !cmp.Equal(fault.Of(err).Details(), want) || w.shelf.count() != 0 {
		t.Errorf("%v %v", verdicts, err)
	}
}

func TestWhatIsWrongWithARequestIsToldToItsTeamOnly(t *testing.T) {
	w := newWorld(ringA)
	wrong := claim{"t1", []string{"wrong", "good"}}
	if verdicts, err := w.send(t, ring(t, ringA), "t2", wrong); !fault.Is(err, fault.Unauthenticated) || verdicts != nil {
		t.Errorf("another team: %v %v", verdicts, err)
	}
	if verdicts, err := w.send(t, ring(t, ringA), "t1", wrong); !errors.Is(err, errWrong) || verdicts != nil {
		t.Errorf("the team: %v %v", verdicts, err)
	}
	if w.shelf.count() != 0 {
		t.Error("something was queued")
	}
}

func TestOnlyTheTeamItselfCanSign(t *testing.T) {
	var texts []string
	for _, c := range []struct {
		name         string
		master, team string
		claimed      string
	}{
		{"another team's secret", ringA, "t2", "t1"},
		{"a team that nobody knows", ringA, "t1", "t-unknown"},
		{"another deployment's secret", ringBA, "t1", "t1"},
	} {
		w := newWorld(ringA)
		verdicts, err := w.send(t, ring(t, c.master), c.team, claim{c.claimed, []string{"good"}})
		if !fault.Is(err, fault.Unauthenticated) || verdicts != nil || w.shelf.count() != 0 {
			t.Fatalf("%s: %v %v", c.name, verdicts, err)
		}
		texts = append(texts, fault.Of(err).Code()+fault.Of(err).Message())
	}
	if texts[0] != texts[1] || texts[1] != texts[2] {
		t.Errorf("the refusals can be told apart: %q", texts)
	}
}

func TestAQueueThatRefusesMakesTheWholeRequestUnavailable(t *testing.T) {
	for _, refusal := range []error{
		fault.New(fault.Unavailable, "queue_down", ""), fault.New(fault.Invalid, "message_invalid", ""), errors.New("who knows"),
	} {
		w := newWorld(ringA)
		w.shelf.err = refusal
		_, err := w.send(t, ring(t, ringA), "t1", claim{"t1", []string{"good"}})
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, refusal) {
			t.Errorf("%v: %v", refusal, err)
		}
		r := ring(t, ringA)
		if _, taken, err := w.Hook(t.Context(), r.HookToken("t1", webhook.SourceWhaleHook, 1), created); !fault.Is(err, fault.Unavailable) || taken {
			t.Errorf("hook: %v %v", taken, err)
		}
		if _, taken, err := w.candidate(t, r, 1, "{}", merged); !fault.Is(err, fault.Unavailable) || taken {
			t.Errorf("candidate hook: %v %v", taken, err)
		}
	}
}

func created(team string, at time.Time) (event.Hook, error) {
	return event.Hook{Kind: event.CandidateCreated, Team: team, AcceptedAt: at}, nil
}

func merged(team string, at time.Time) (event.CandidateHook, error) {
	return event.CandidateHook{Action: event.CandidateMerge, Team: team, AcceptedAt: at}, nil
}

// candidate sends one of Ashby's hooks, signed by the keyring.
func (w *world) candidate(
	t *testing.T, r webhook.Keyring, generation int, body string, read func(string, time.Time) (event.CandidateHook, error),
) (event.CandidateHook, bool, error) {
	t.Helper()
	return w.CandidateHook(t.Context(), r.HookToken("t1", webhook.AshbyHook, generation),
		webhook.SignAshby(r.AshbySecret("t1", generation), []byte(body)), []byte(body), read)
}

func TestAHookIsTheTokensTeams(t *testing.T) {
	w, r := newWorld(ringA), ring(t, ringA)
	h, taken, err := w.Hook(t.Context(), r.HookToken("t1", webhook.SourceWhaleHook, 1), created)
	if err != nil || !taken || h.Team != "t1" || !cmp.Equal(w.shelf.hooks, []event.Hook{h}) || !h.AcceptedAt.Equal(w.now) {
		t.Errorf("%+v %v %v", h, taken, err)
	}
	for name, token := range map[string]string{
		"none": "", "Ashby's": r.HookToken("t1", webhook.AshbyHook, 1), "other master's": ring(t, ringBA).HookToken("t1", webhook.SourceWhaleHook, 1),
	} {
		read := func(string, time.Time) (event.Hook, error) {
			t.Errorf("%s: the body was read", name)
			return event.Hook{}, nil
		}
		if _, taken, err := w.Hook(t.Context(), token, read); !fault.Is(err, fault.Unauthenticated) || taken {
			t.Errorf("%s: %v %v", name, taken, err)
		}
	}
}

func TestAnAshbyHookNeedsTokenAndSignature(t *testing.T) {
	w, r := newWorld(`{"masters":["`+masterA+`"],"revoked":[{"team":"t1","purpose":"hook_ashby","generation":1}]}`), ring(t, ringA)
	h, taken, err := w.candidate(t, r, 2, "{}", merged)
	if err != nil || !taken || h.Team != "t1" || !cmp.Equal(w.shelf.candidates, []event.CandidateHook{h}) {
		t.Errorf("%+v %v %v", h, taken, err)
	}
	if _, taken, err := w.candidate(t, r, 1, "{}", merged); !fault.Is(err, fault.Unauthenticated) || taken {
		t.Errorf("revoked: %v %v", taken, err)
	}
	token := r.HookToken("t1", webhook.AshbyHook, 2)
	for name, signature := range map[string]string{
		"none": "", "other body's": webhook.SignAshby(r.AshbySecret("t1", 2), []byte("{ }")),
		"other generation's": webhook.SignAshby(r.AshbySecret("t1", 3), []byte("{}")),
		"other team's":       webhook.SignAshby(r.AshbySecret("t2", 2), []byte("{}")),
	} {
		_, taken, err := w.CandidateHook(t.Context(), token, signature, []byte("{}"), merged)
		if !fault.Is(err, fault.Unauthenticated) || taken {
			t.Errorf("%s: %v %v", name, taken, err)
		}
	}
	if len(w.shelf.candidates) != 1 {
		t.Errorf("%d hooks queued", len(w.shelf.candidates))
	}
}

func TestHooksThatConcernNobodyAreAcknowledgedAndDropped(t *testing.T) {
	w, r := newWorld(ringA), ring(t, ringA)
	ping := func(team string, _ time.Time) (event.CandidateHook, error) {
		return event.CandidateHook{Team: team, Action: "ping"}, nil
	}
	if h, taken, err := w.candidate(t, r, 1, "{}", ping); err != nil || taken || h.Action != "ping" {
		t.Errorf("%+v %v %v", h, taken, err)
	}
	other := func(team string, _ time.Time) (event.Hook, error) { return event.Hook{Team: team, Kind: "other"}, nil }
	if h, taken, err := w.Hook(t.Context(), r.HookToken("t1", webhook.SourceWhaleHook, 1), other); err != nil || taken || h.Kind != "other" {
		t.Errorf("%+v %v %v", h, taken, err)
	}
	if w.shelf.count() != 0 {
		t.Error("something was queued")
	}
}

func TestWhatCannotBeReadIsRefusedForItsTeam(t *testing.T) {
	w, r := newWorld(ringA), ring(t, ringA)
	refusal := fault.New(fault.Invalid, "bad_hook", "")
	if h, taken, err := w.Hook(t.Context(), r.HookToken("t1", webhook.SourceWhaleHook, 1), func(string, time.Time) (event.Hook, error) {
		return event.Hook{}, refusal
	}); !errors.Is(err, refusal) || taken || h.Team != "t1" {
		t.Errorf("%+v %v %v", h, taken, err)
	}
	if h, taken, err := w.candidate(t, r, 1, "x", func(string, time.Time) (event.CandidateHook, error) {
		return event.CandidateHook{}, refusal
	}); !errors.Is(err, refusal) || taken || h.Team != "t1" {
		t.Errorf("%+v %v %v", h, taken, err)
	}
}
