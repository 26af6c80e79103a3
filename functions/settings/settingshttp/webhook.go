package settingshttp

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/usecase/subscribe"
)

// Webhooks are the addresses that a team's events go to, and what signs them.
type Webhooks struct {
	Events      SignedHook     `json:"events" doc:"where signed events go"`
	SourceWhale Hook           `json:"sourcewhale_hook" doc:"where SourceWhale's own webhooks go; the address is the proof, so it is secret"`
	Ashby       RegisteredHook `json:"ashby_hook" doc:"where Ashby tells of merged and deleted candidates"`
	Notes       []Note         `json:"notes,omitempty"`
}

// Hook is an address.
type Hook struct {
	URL       string     `json:"url" example:"https://sync.example.com/v1/hooks/sourcewhale/AQEAAAABdDHZUyvz7EMVSC-3b1koyoOotuhLvQ"`
	RotatedAt *time.Time `json:"rotated_at,omitempty"`
	RotatedBy string     `json:"rotated_by,omitempty" doc:"user id"`
}

// SignedHook is an address with the secret that signs what goes there.
type SignedHook struct {
	Hook
	Secret   string `json:"secret" doc:"of the Standard Webhooks scheme" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`
	Accepted int    `json:"accepted" doc:"secrets that are accepted now: this one and its neighbour, so that both sides change over in peace"`
}

// RegisteredHook is an address that Ashby was told.
type RegisteredHook struct {
	Hook
	Registered []string `json:"registered" doc:"kinds of webhook that Ashby sends there" example:"[\"candidateDelete\",\"candidateMerge\"]"`
}

// RotateWebhook is the body of rotateWebhook.
type RotateWebhook struct {
	_       struct{} `additionalProperties:"false"`
	Purpose string   `json:"purpose" enum:"events,sourcewhale_hook,ashby_hook" doc:"what moves on to its next secret or address"`
}

var rotated = map[string]webhook.Purpose{
	"events": webhook.Events, "sourcewhale_hook": webhook.SourceWhaleHook, "ashby_hook": webhook.AshbyHook,
}

type webhooksAnswer struct{ Body Webhooks }

func (s *surface) webhookOperations() {
	const path, turn = "/v1/webhooks", "/v1/webhooks/rotate"
	get := operation("getWebhooks", http.MethodGet, path, "Show the addresses of the team's webhooks, and the secret that signs events", webhooksExample,
		http.StatusForbidden)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*webhooksAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		return webhooksOf(s.subscribe.Show(ctx, who(ctx).Team))
	})
	post := operation("rotateWebhook", http.MethodPost, turn, "Move on to the next secret of events, or the next address of a hook", webhooksExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	post.Description = "What was used before is accepted until an operator revokes it, so that nothing is lost while the other side changes over. " +
		"Ashby is told its new address at once. 409 rotation_pending while the secret before the present one is still accepted."
	register(s.api, post, func(ctx context.Context, in *rawBody) (*webhooksAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		purpose, err := purposeIn(in.RawBody)
		if err != nil {
			return nil, err
		}
		return webhooksOf(s.subscribe.Rotate(ctx, who(ctx).Team, who(ctx).User, purpose))
	})
	describe[RotateWebhook](s, http.MethodPost, turn, map[string]string{"purpose": "events"})
}

func purposeIn(body []byte) (webhook.Purpose, error) {
	raw, mistakes, err := soleIn(body, "purpose")
	if err != nil {
		return "", err
	}
	var name string
	purpose, ok := webhook.Purpose(""), false
	if json.Unmarshal(raw, &name) == nil {
		purpose, ok = rotated[name]
	}
	if !ok {
		mistakes = append(mistakes, fault.Detail{Path: "purpose", Code: "unknown_purpose", Message: "choose events, sourcewhale_hook or ashby_hook"})
	}
	return purpose, refused(mistakes)
}

func webhooksOf(h subscribe.Hooks, err error) (*webhooksAnswer, error) {
	if err != nil {
		return nil, err
	}
	hook := func(h subscribe.Hook) Hook { return Hook{h.URL, moment(h.At), h.By} }
	out := Webhooks{
		Events:      SignedHook{hook(h.Events), h.Secret.Reveal(), h.Accepted},
		SourceWhale: hook(h.SourceWhale),
		Ashby:       RegisteredHook{hook(h.Ashby), append([]string{}, h.Registered...)},
	}
	if h.Unregistered {
		out.Notes = []Note{{
			Code:    "webhooks_not_registered",
			Message: "Ashby could not be told its new address; it goes on sending to the one before, which is still accepted",
		}}
	}
	return &webhooksAnswer{out}, nil
}

var webhooksExample = object{
	"events": object{ //nolint:gosec // the secret of an example
		"url": "https://sync.example.com/v1/events", "secret": "whsec_…", "accepted": 2,
		"rotated_at": "2026-11-23T12:00:00Z", "rotated_by": "user-17",
	},
	"sourcewhale_hook": object{"url": "https://sync.example.com/v1/hooks/sourcewhale/AQEAAAABdDHZUyvz7EMVSC-3b1koyoOotuhLvQ"},
	"ashby_hook": object{
		"url":        "https://sync.example.com/v1/hooks/ashby/AQIAAAACdDEx0lwNNppwQiPfh3dMNm6dTp6N0g",
		"registered": []any{"candidateDelete", "candidateMerge"},
	},
}
