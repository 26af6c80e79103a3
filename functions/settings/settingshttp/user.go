package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
)

// MySettings is what the caller chose for themselves and what is in force for the
// events in which they act.
type MySettings struct {
	Version   int        `json:"version" doc:"0: the caller never saved any"`
	SavedAt   *time.Time `json:"saved_at,omitempty"`
	Values    Values     `json:"values" doc:"the caller's own choices; null inherits the team's"`
	Effective InForce    `json:"effective" doc:"what holds for the caller's events to which no campaign or person adds anything"`
	Locked    *Locked    `json:"locked,omitempty" doc:"present while trigger and only_synced are the admins' alone"`
	Notes     []Note     `json:"notes,omitempty"`
}

// PatchMySettings is the body of patchMySettings: what is named changes, null takes
// the caller's own choice away, the rest stays.
type PatchMySettings struct {
	_ struct{} `additionalProperties:"false"`

	Trigger    *string   `json:"trigger,omitempty" enum:"on_add,on_reply,on_interested,never" nullable:"true"`
	OnlySynced *bool     `json:"only_synced,omitempty" nullable:"true"`
	NoteTypes  *[]string `json:"note_types,omitempty" nullable:"true"`
	Manual     *bool     `json:"sync_manual_updates,omitempty" nullable:"true"`
	Displayed  *[]string `json:"displayed,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields, some of the team's"`
	Filterable *[]string `json:"filterable,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields, some of the team's"`
	Mandatory  *[]string `json:"mandatory,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields, in addition to the team's"`
	Protected  *[]string `json:"protected,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields, in addition to the team's"`
}

// EffectiveSettings is what is in force for a user's events.
type EffectiveSettings struct {
	User      string  `json:"user" doc:"whose events it is for"`
	Effective InForce `json:"effective" doc:"what holds for their events to which no campaign or person adds anything"`
	Locked    *Locked `json:"locked,omitempty" doc:"present while trigger and only_synced are the admins' alone"`
	Notes     []Note  `json:"notes,omitempty"`
}

type mySettingsAnswer struct {
	ETag string `header:"ETag" doc:"the version, for If-Match"`
	Body MySettings
}

type effectiveQuery struct {
	User string `query:"user" doc:"a user's id, for admins; absent: the caller"`
}

type effectiveAnswer struct{ Body EffectiveSettings }

func (s *surface) mySettingsOperations() {
	const path = "/v1/settings/me"
	get := operation("getMySettings", http.MethodGet, path, "Show the caller's own settings and what is in force for them", mySettingsExample)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*mySettingsAnswer, error) {
		return myAnswer(s.configure.User(ctx, who(ctx).Team, who(ctx).User))
	})
	patch := operation("patchMySettings", http.MethodPatch, path, "Change some of the caller's own settings", mySettingsExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	patch.Description = "Saves what is named, over the version given in If-Match; a stale one is refused with 409 and the current version as ETag. " +
		"While an admin has locked trigger and only_synced, others' saves of these are refused with 403 (locked); what they saved before is kept. " + setsRefused
	patch.MaxBodyBytes = settingsBody
	register(s.api, patch, s.saveMine)
	describe[PatchMySettings](s, http.MethodPatch, path, map[string]any{"trigger": "on_reply", "sync_manual_updates": nil})

	effective := operation("getEffectiveSettings", http.MethodGet, "/v1/settings/effective", "Show what is in force for a user's events",
		inForceExample, http.StatusForbidden, http.StatusUnprocessableEntity)
	register(s.api, effective, s.inForce)
}

func (s *surface) saveMine(ctx context.Context, in *settingsPatch) (*mySettingsAnswer, error) {
	if err := who(ctx).Act(); err != nil {
		return nil, err
	}
	patch, expected, err := patchIn(in, setting.ParsePatch)
	if err != nil {
		return nil, err
	}
	return myAnswer(s.configure.SaveUser(ctx, who(ctx), patch, expected))
}

// inForce shows others' settings to admins only: they are theirs to choose.
func (s *surface) inForce(ctx context.Context, in *effectiveQuery) (*effectiveAnswer, error) {
	user := who(ctx).User
	if in.User != "" && in.User != user {
		if err := who(ctx).Administer(); err != nil {
			return nil, err
		}
		if !fit(in.User) {
			return nil, refused([]fault.Detail{{Path: "user", Code: "invalid_value", Message: "this is no user's id"}})
		}
		user = in.User
	}
	v, err := s.configure.User(ctx, who(ctx).Team, user)
	if err != nil {
		return nil, err
	}
	return &effectiveAnswer{EffectiveSettings{user, inForceOf(v), lockedOf(v.Locked), notesOf(v.Notes)}}, nil
}

func myAnswer(v configure.View, err error) (*mySettingsAnswer, error) {
	if err != nil {
		return nil, tagged(err)
	}
	return &mySettingsAnswer{ETag: tag(v.Own.Version), Body: MySettings{
		Version: v.Own.Version, SavedAt: moment(v.Own.At), Values: valuesOf(v.Own),
		Effective: inForceOf(v), Locked: lockedOf(v.Locked), Notes: notesOf(v.Notes),
	}}, nil
}
