package settingshttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
)

// History is a page of the versions of settings, newest first.
type History struct {
	Level    string    `json:"level" enum:"team,me"`
	Versions []Version `json:"versions"`
	Next     string    `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// Version is one save with what it changed.
type Version struct {
	Version int       `json:"version"`
	Author  string    `json:"author" doc:"user id"`
	SavedAt time.Time `json:"saved_at"`
	Changes []Change  `json:"changes" doc:"against the version before"`
}

// Change is what became of one setting. A value is of the setting's own type; null
// inherits.
type Change struct {
	Setting string `json:"setting" enum:"trigger,only_synced,note_types,sync_manual_updates,displayed,filterable,mandatory,protected,native_email,backfill,private_notes,lock"`
	From    any    `json:"from"`
	To      any    `json:"to"`
}

// RollbackSettings is the body of the rollbacks.
type RollbackSettings struct {
	_ struct{} `additionalProperties:"false"`

	Version int `json:"version" minimum:"0" doc:"the version to have again; 0: as before the first"`
}

type historyQuery struct {
	Level  string `query:"level" enum:"team,me" default:"team" doc:"the team's settings, or the caller's own"`
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type historyAnswer struct{ Body History }

func (s *surface) settingsHistoryOperations() {
	list := operation("listSettingsHistory", http.MethodGet, "/v1/settings/history", "List the versions of the team's or the caller's settings",
		historyExample, http.StatusUnprocessableEntity)
	register(s.api, list, s.history)

	const team, mine = "/v1/settings/team/rollback", "/v1/settings/me/rollback"
	refusals := []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}
	const how = "Makes a new version that is equal to the one named, over the version given in If-Match. To roll back to the current version changes nothing."
	back := operation("rollbackTeamSettings", http.MethodPost, team, "Make an earlier version of the team's settings anew", settingsExample, refusals...)
	back.Description = how
	register(s.api, back, s.rollbackTeam)
	describe[RollbackSettings](s, http.MethodPost, team, map[string]any{"version": 2})
	back = operation("rollbackMySettings", http.MethodPost, mine, "Make an earlier version of the caller's own settings anew", mySettingsExample, refusals...)
	back.Description = how
	register(s.api, back, s.rollbackMine)
	describe[RollbackSettings](s, http.MethodPost, mine, map[string]any{"version": 2})
}

func (s *surface) history(ctx context.Context, in *historyQuery) (*historyAnswer, error) {
	place, err := versionPlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	user := ""
	if in.Level == "me" {
		user = who(ctx).User
	}
	page, next, err := s.configure.History(ctx, who(ctx).Team, user, place, in.Limit)
	if err != nil {
		return nil, err
	}
	out := History{Level: in.Level, Versions: []Version{}, Next: cursorOut(next)}
	for _, c := range page {
		out.Versions = append(out.Versions, versionOf(c))
	}
	return &historyAnswer{out}, nil
}

func (s *surface) rollbackTeam(ctx context.Context, in *settingsPatch) (*settingsAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	to, expected, err := earlierIn(in)
	if err != nil {
		return nil, err
	}
	return teamAnswer(s.configure.RollbackTeam(ctx, who(ctx).Team, who(ctx).User, to, expected))
}

func (s *surface) rollbackMine(ctx context.Context, in *settingsPatch) (*mySettingsAnswer, error) {
	if err := who(ctx).Act(); err != nil {
		return nil, err
	}
	to, expected, err := earlierIn(in)
	if err != nil {
		return nil, err
	}
	return myAnswer(s.configure.RollbackUser(ctx, who(ctx), to, expected))
}

// earlierIn reads the version to have again, and the one that was seen.
func earlierIn(in *settingsPatch) (to, expected int, err error) {
	raw, mistakes, err := soleIn(in.RawBody, "version")
	if err != nil {
		return 0, 0, err
	}
	if expected, err = versionIn(in.IfMatch); err != nil {
		return 0, 0, err
	}
	to, wrong := versionMember(raw)
	return to, expected, refused(append(mistakes, wrong...))
}

func versionMember(raw json.RawMessage) (int, []fault.Detail) {
	mistake := func(code, message string) (int, []fault.Detail) {
		return 0, []fault.Detail{{Path: "version", Code: code, Message: message}}
	}
	if raw == nil {
		return mistake("required", "say which version to have again")
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(raw)))
	if err != nil || n < 0 {
		return mistake("wrong_type", "a version is a whole number, from 0 on")
	}
	return n, nil
}

// versionForm is a place in the history.
var versionForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z#\d{9}$`)

func versionPlace(cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	place, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !versionForm.Match(place) {
		return "", fault.New(fault.Invalid, "cursor_malformed", "this cursor is none that we gave; begin without one")
	}
	return string(place), nil
}

func versionOf(c configure.Change) Version {
	out := Version{Version: c.Version, Author: c.Author, SavedAt: c.At.UTC(), Changes: []Change{}}
	for _, d := range c.Changed {
		out.Changes = append(out.Changes, Change{string(d.Setting), shown(d.From), shown(d.To)})
	}
	return out
}

// shown gives a setting's value as JSON knows it.
func shown(value any) any {
	switch v := value.(type) {
	case setting.Trigger:
		return string(v)
	case []event.Type:
		return texts(v)
	}
	return value
}
