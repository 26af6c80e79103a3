package settingshttp

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

// Connection is a team's tie to Ashby.
type Connection struct {
	Status      string       `json:"status" enum:"not_connected,connected,connected_with_limits,attention_needed,paused,disconnected"`
	Reason      string       `json:"reason,omitempty" doc:"of attention_needed, as a code" example:"key_refused"`
	Message     string       `json:"message" doc:"the status, for people"`
	Key         *Key         `json:"key,omitempty" doc:"the key in use, as far as it is shown"`
	Permissions []Permission `json:"permissions" doc:"every permission in use, in the order of the page"`
	Mapped      []Mapped     `json:"mapped,omitempty" doc:"variables that this activation mapped to a custom field"`
	Unmapped    []string     `json:"unmapped,omitempty" doc:"of company and role: those that do not reach Ashby yet"`
	Notes       []Note       `json:"notes,omitempty"`
	ActivatedAt *time.Time   `json:"activated_at,omitempty"`
	ActivatedBy string       `json:"activated_by,omitempty" doc:"user id"`
	CheckedAt   *time.Time   `json:"checked_at,omitempty" doc:"when Ashby last told about the key"`
	PausedAt    *time.Time   `json:"paused_at,omitempty" doc:"since when an admin holds all work; it stays through a change of key"`
	PausedBy    string       `json:"paused_by,omitempty" doc:"user id"`
}

// Key is what is shown of a key.
type Key struct {
	LastFour    string `json:"last_four,omitempty" example:"9f2c"`
	Fingerprint string `json:"fingerprint" doc:"tells keys apart; the key cannot be found from it" example:"5d41402abc4b2a76b9719d911017c592"`
	Title       string `json:"title,omitempty" doc:"as Ashby names the key" example:"SourceWhale"`
}

// Permission is a grant on the key, with what it is for.
type Permission struct {
	Permission string `json:"permission" example:"candidatesRead"`
	Box        string `json:"box" doc:"the box to tick on Ashby's page of the key" example:"Candidates: read"`
	Feature    string `json:"feature" doc:"what is off without it"`
	Needed     bool   `json:"needed" doc:"nothing works without it"`
	State      string `json:"state" enum:"granted,missing,unknown"`
	Message    string `json:"message,omitempty" doc:"when it is missing: what to do, for people"`
}

// Mapped is a variable with the field it goes to.
type Mapped struct {
	Variable string `json:"variable" example:"company"`
	Field    string `json:"field" doc:"id"`
	Title    string `json:"title" example:"Current company"`
}

// Note is a remark with a stable code.
type Note struct {
	Setting string `json:"setting,omitempty" doc:"which it is about" example:"only_synced"`
	Code    string `json:"code"`
	Message string `json:"message" doc:"for people"`
}

// ActivateConnection is the body of activateConnection.
type ActivateConnection struct {
	_ struct{} `additionalProperties:"false"`

	Key string `json:"key" doc:"an Ashby API key; white space around it is dropped. It is never shown again" minLength:"1" maxLength:"256"`
}

type connectionAnswer struct{ Body Connection }

var statusMessages = map[connection.Status]string{
	connection.NotConnected: "There is no Ashby key yet. Paste one and activate it.",
	connection.Connected:    "Connected. Everything that your settings allow reaches Ashby.",
	connection.Limited:      "Connected with limits: the key lacks permissions, so some features are off.",
	connection.Attention:    "Ashby needs your attention; work is kept and goes on once this is mended.",
	connection.Paused:       "Paused. Work is kept and goes on when you resume.",
	connection.Disconnected: "Disconnected. The key is deleted; links and history are kept.",
}

var reasonMessages = map[string]string{
	"key_refused":                "Ashby does not accept the key any more: it was deactivated or replaced. Activate a new one; work is kept.",
	"key_missing":                "The key is gone from our safe. Activate it again; work is kept.",
	connection.OtherOrganisation: "This key seems to belong to a different Ashby organisation. Choose whether to keep links or start afresh.",
}

func (s *surface) connectionOperations() {
	const path = "/v1/connection"
	get := operation("getConnection", http.MethodGet, path, "Show the connection to Ashby", connectionExample)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*connectionAnswer, error) {
		return connected(s.connect.Get(ctx, who(ctx).Team))
	})
	put := operation("activateConnection", http.MethodPut, path, "Check a key and turn the connection on, or change the key", connectionExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	put.Description = "Nothing changes unless the key is accepted. Refused: 422 key_refused. Ashby away or slow: 503 ashby_unreachable. " +
		"Rate limited: 429 rate_limited. In use by another team: 409 key_in_use. Permissions that are missing are listed in the answer."
	register(s.api, put, s.activate)
	describe[ActivateConnection](s, http.MethodPut, path, map[string]string{"key": "paste-your-ashby-api-key-here"})
	check := operation("checkConnection", http.MethodPost, path+"/check", "Ask Ashby about the key in use", connectionExample,
		http.StatusForbidden, http.StatusConflict, http.StatusTooManyRequests)
	register(s.api, check, func(ctx context.Context, _ *struct{}) (*connectionAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		return connected(s.connect.Check(ctx, who(ctx).Team))
	})
	s.connectionTurns()
	off := operation("disconnect", http.MethodDelete, path, "Delete the key and turn the connection off; links and history stay", disconnectedExample,
		http.StatusForbidden, http.StatusConflict)
	register(s.api, off, func(ctx context.Context, _ *struct{}) (*connectionAnswer, error) {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		return connected(s.connect.Disconnect(ctx, who(ctx).Team))
	})
}

func (s *surface) activate(ctx context.Context, in *rawBody) (*connectionAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	key, err := keyIn(in.RawBody)
	if err != nil {
		return nil, err
	}
	return connected(s.connect.Activate(ctx, who(ctx).Team, who(ctx).User, key))
}

func keyIn(body []byte) (secret.Value, error) {
	raw, mistakes, err := soleIn(body, "key")
	if err != nil {
		return secret.Value{}, err
	}
	var key string
	if raw != nil && string(raw) != "null" && json.Unmarshal(raw, &key) != nil {
		mistakes = append(mistakes, fault.Detail{Path: "key", Code: "wrong_type", Message: "a key is a text"})
	} else if key == "" {
		mistakes = append(mistakes, fault.Detail{Path: "key", Code: "required", Message: "paste an API key of your Ashby organisation"})
	}
	return secret.NewValue(key), refused(mistakes)
}

func connected(r connect.Report, err error) (*connectionAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &connectionAnswer{connectionOf(r)}, nil
}

func connectionOf(r connect.Report) Connection {
	c := r.Connection
	out := Connection{
		Status: string(c.Status), Reason: c.Reason, Message: statusMessages[c.Status],
		ActivatedAt: moment(c.ActivatedAt), ActivatedBy: c.ActivatedBy, CheckedAt: moment(c.CheckedAt),
		PausedAt: moment(c.PausedAt), PausedBy: c.PausedBy,
	}
	if why, ok := reasonMessages[c.Reason]; ok && c.Status == connection.Attention {
		out.Message = why
	}
	if c.Fingerprint != "" {
		out.Key = &Key{LastFour: c.LastFour, Fingerprint: c.Fingerprint, Title: c.KeyTitle}
	}
	for _, p := range r.Permissions {
		out.Permissions = append(out.Permissions, permissionOf(p))
	}
	for _, m := range r.Mapped {
		out.Mapped = append(out.Mapped, Mapped{string(m.Variable), m.Field, m.Title})
	}
	for _, v := range r.Unmapped {
		out.Unmapped = append(out.Unmapped, string(v))
	}
	if len(r.Unmapped) > 0 {
		out.Notes = append(out.Notes, Note{Code: "unmapped", Message: unmappedMessage(out.Unmapped)})
	}
	for _, n := range r.Notes {
		out.Notes = append(out.Notes, Note{Code: n.Code, Message: n.Message})
	}
	return out
}

func unmappedMessage(variables []string) string {
	if len(variables) == 1 {
		return variables[0] + " does not reach Ashby yet"
	}
	return "company and role do not reach Ashby yet"
}

func permissionOf(p connect.Permission) Permission {
	out := Permission{
		Permission: string(p.Permission), Box: p.Box, Feature: p.Feature, Needed: p.Needed, State: string(p.Grant),
	}
	if p.Grant == connection.Missing {
		out.Message = "Tick “" + p.Box + "” for this key in Ashby; until then this is off: " + p.Feature + "."
	}
	return out
}

// moment leaves out a time that is not known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
