package settingshttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
)

// TeamSettings is what a team chose and what is in force.
type TeamSettings struct {
	Version   int        `json:"version" doc:"0: the team never saved any"`
	Author    string     `json:"author,omitempty" doc:"user id of who saved this version"`
	SavedAt   *time.Time `json:"saved_at,omitempty"`
	Values    TeamValues `json:"values" doc:"the team's own choices; null inherits"`
	Effective InForce    `json:"effective" doc:"what holds for events to which no user, campaign or person adds anything"`
	Locked    *Locked    `json:"locked,omitempty" doc:"present while trigger and only_synced are the admins' alone"`
	Notes     []Note     `json:"notes,omitempty"`
}

// Locked says who locked the team's trigger and only_synced, and when.
type Locked struct {
	By string    `json:"by" doc:"user id"`
	At time.Time `json:"at"`
}

// Values are settings of one level; null inherits, which is distinct from a value
// equal to the parent's.
type Values struct {
	Trigger    *string   `json:"trigger" enum:"on_add,on_reply,on_interested,never" doc:"when a person is put into Ashby"`
	OnlySynced *bool     `json:"only_synced" doc:"only add notes to synced records"`
	NoteTypes  *[]string `json:"note_types" nullable:"true" doc:"the types of events that give a note"`
	Manual     *bool     `json:"sync_manual_updates" doc:"write what a team member changes by hand"`
	Displayed  *[]string `json:"displayed" nullable:"true" doc:"ids of the fields for which users may give values; a user's are some of the team's"`
	Filterable *[]string `json:"filterable" nullable:"true" doc:"ids of the fields that a search offers; a user's are some of the team's"`
	Mandatory  []string  `json:"mandatory" doc:"ids of the fields without which nobody is put into Ashby; a user's are additions to the team's"`
	Protected  []string  `json:"protected" doc:"ids of the fields that are only written while they are blank; a user's are additions to the team's. The team's are those whose policy in the mapping is only_if_blank: one value, two views"`
}

// TeamValues are the team's own choices.
type TeamValues struct {
	Values
	NativeEmail  *bool `json:"native_email" doc:"emails go to Ashby as emails, not as notes"`
	Backfill     *bool `json:"backfill" doc:"what was withheld is written when a person is put into Ashby later"`
	PrivateNotes *bool `json:"private_notes" doc:"notes are private in Ashby, where the key allows it"`
}

// InForce is each setting's value with where it comes from: those that are frozen
// with an event, and those that count as they stand.
type InForce struct {
	Effective
	Displayed    Chosen[[]string] `json:"displayed"`
	Filterable   Chosen[[]string] `json:"filterable"`
	Mandatory    Gathered         `json:"mandatory"`
	Protected    Gathered         `json:"protected"`
	NativeEmail  Chosen[bool]     `json:"native_email"`
	Backfill     Chosen[bool]     `json:"backfill"`
	PrivateNotes Chosen[bool]     `json:"private_notes"`
}

// Gathered is a set of fields to which several levels add.
type Gathered struct {
	Value    []string  `json:"value" doc:"ids of fields"`
	Elements []Element `json:"elements" doc:"which level gave each; a field once for each level that has it"`
}

// Element is a field of a set with the level that has it.
type Element struct {
	Field   string `json:"field"`
	Level   string `json:"level" enum:"user,team"`
	ID      string `json:"id,omitempty" doc:"of the user"`
	Version int    `json:"version" doc:"of the level's settings"`
}

// Effective is each setting's value with where it comes from.
type Effective struct {
	Trigger    Chosen[string]   `json:"trigger"`
	OnlySynced Chosen[bool]     `json:"only_synced"`
	NoteTypes  Chosen[[]string] `json:"note_types"`
	Manual     Chosen[bool]     `json:"sync_manual_updates"`
}

// Chosen is a value with the level it comes from.
type Chosen[T any] struct {
	Value    T        `json:"value"`
	Level    string   `json:"level" enum:"person,campaign,user,team,built_in"`
	ID       string   `json:"id,omitempty" doc:"of the person, campaign or user"`
	Version  int      `json:"version,omitempty" doc:"of the level's settings; absent for values that came with an event"`
	Shadowed []string `json:"shadowed,omitempty" doc:"less specific levels that have a value of their own"`
	Forced   []string `json:"forced_by_lock,omitempty" doc:"more specific levels whose value the lock set aside"`
}

// PatchTeamSettings is the body of patchTeamSettings: what is named changes, null
// takes the team's own choice away, the rest stays.
type PatchTeamSettings struct {
	_ struct{} `additionalProperties:"false"`

	Trigger    *string   `json:"trigger,omitempty" enum:"on_add,on_reply,on_interested,never" nullable:"true"`
	OnlySynced *bool     `json:"only_synced,omitempty" nullable:"true"`
	NoteTypes  *[]string `json:"note_types,omitempty" nullable:"true"`
	Manual     *bool     `json:"sync_manual_updates,omitempty" nullable:"true"`
	Displayed  *[]string `json:"displayed,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields"`
	Filterable *[]string `json:"filterable,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields"`
	Mandatory  *[]string `json:"mandatory,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields"`
	Protected  *[]string `json:"protected,omitempty" nullable:"true" maxItems:"200" doc:"ids of fields; changes their policies in the mapping, which gets a new version too"`

	NativeEmail  *bool `json:"native_email,omitempty" nullable:"true"`
	Backfill     *bool `json:"backfill,omitempty" nullable:"true"`
	PrivateNotes *bool `json:"private_notes,omitempty" nullable:"true"`
	Lock         *bool `json:"lock,omitempty" nullable:"true" doc:"true: of trigger and only_synced only admins' choices count, at every level"`
}

type settingsAnswer struct {
	ETag string `header:"ETag" doc:"the version, for If-Match"`
	Body TeamSettings
}

type settingsPatch struct {
	IfMatch string `header:"If-Match" doc:"the version that was seen, as the ETag said it" example:"\"3\""`
	rawBody
}

const settingsBody = 64 << 10 // bytes, of sets of fields

const setsRefused = "Sets of fields that cannot work are refused with 422 settings_refused, every field by its path: one that Ashby does not have or cannot write, " +
	"a private one to search by, a mandatory one that nothing fills. Custom fields are looked up in Ashby; without a connection a set that names one is refused with 409 not_connected."

func (s *surface) settingsOperations() {
	const path = "/v1/settings/team"
	get := operation("getTeamSettings", http.MethodGet, path, "Show the team's settings and what is in force", settingsExample)
	register(s.api, get, func(ctx context.Context, _ *struct{}) (*settingsAnswer, error) {
		return teamAnswer(s.configure.Team(ctx, who(ctx).Team))
	})
	patch := operation("patchTeamSettings", http.MethodPatch, path, "Change some of the team's settings", settingsExample,
		http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
	patch.Description = "Saves what is named, over the version given in If-Match; a stale one is refused with 409 and the current version as ETag. " +
		"Every mistake is told at once (422). " + setsRefused
	patch.MaxBodyBytes = settingsBody
	register(s.api, patch, s.saveSettings)
	describe[PatchTeamSettings](s, http.MethodPatch, path, map[string]any{"trigger": "on_reply", "only_synced": nil})
}

func (s *surface) saveSettings(ctx context.Context, in *settingsPatch) (*settingsAnswer, error) {
	if err := who(ctx).Administer(); err != nil {
		return nil, err
	}
	patch, expected, err := patchIn(in, setting.ParseTeamPatch)
	if err != nil {
		return nil, err
	}
	return teamAnswer(s.configure.SaveTeam(ctx, who(ctx).Team, who(ctx).User, patch, expected))
}

// patchIn reads a patch and the version that it is over. Mistakes of the patch are
// told all at once.
func patchIn(
	in *settingsPatch, parse func(map[string]any) (setting.Patch, []fault.Detail),
) (patch setting.Patch, expected int, err error) {
	given, err := members(in.RawBody)
	if err != nil {
		return setting.Patch{}, 0, err
	}
	if expected, err = versionIn(in.IfMatch); err != nil {
		return setting.Patch{}, 0, err
	}
	patch, mistakes := parse(loose(given))
	for i := range mistakes {
		mistakes[i].Path = shortened(mistakes[i].Path)
	}
	return patch, expected, refused(mistakes)
}

// tagged tells of a stale save which version is the current one.
func tagged(err error) error {
	if stale, ok := errors.AsType[*configure.Stale](err); ok {
		return huma.ErrorWithHeaders(err, http.Header{"Etag": {tag(stale.Current)}})
	}
	return err
}

// loose reads members as the values that JSON knows.
func loose(given map[string]json.RawMessage) map[string]any {
	out := make(map[string]any, len(given))
	for name, raw := range given {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			v = struct{}{} // no JSON value: no setting takes it
		}
		out[name] = v
	}
	return out
}

var tagForm = regexp.MustCompile(`^(?:W/)?"(\d{1,9})"$`)

// versionIn reads If-Match. Some gateways weaken tags on their way; the version
// is the same.
func versionIn(header string) (int, error) {
	if header == "" {
		return 0, fault.New(fault.Invalid, "version_required", "say in If-Match which version you saw, as its ETag said it")
	}
	m := tagForm.FindStringSubmatch(header)
	if m == nil {
		return 0, fault.New(fault.Invalid, "version_malformed", `If-Match is one version in quotes, such as "3"`)
	}
	return strconv.Atoi(m[1])
}

func tag(version int) string { return fmt.Sprintf("%q", strconv.Itoa(version)) }

func teamAnswer(v configure.View, err error) (*settingsAnswer, error) {
	if err != nil {
		return nil, tagged(err)
	}
	return &settingsAnswer{ETag: tag(v.Own.Version), Body: TeamSettings{
		Version: v.Own.Version, Author: v.Own.Author, SavedAt: moment(v.Own.At), Values: teamValuesOf(v.Own),
		Effective: inForceOf(v), Locked: lockedOf(v.Locked), Notes: notesOf(v.Notes),
	}}, nil
}

func lockedOf(l *setting.Locked) *Locked {
	if l == nil {
		return nil
	}
	return &Locked{l.By, l.At.UTC()}
}

func notesOf(notes []configure.Note) []Note {
	var out []Note
	for _, n := range notes {
		out = append(out, Note{string(n.Setting), n.Code, n.Message})
	}
	return out
}

func valuesOf(d setting.Document) Values {
	v, c := d.Values, d.Choices
	out := Values{
		Trigger: (*string)(v.Trigger), OnlySynced: v.OnlySynced, Manual: v.Manual,
		Displayed: c.Displayed, Filterable: c.Filterable, Mandatory: texts(c.Mandatory), Protected: texts(c.Protected),
	}
	if v.NoteTypes != nil {
		types := texts(*v.NoteTypes)
		out.NoteTypes = &types
	}
	return out
}

func teamValuesOf(d setting.Document) TeamValues {
	c := d.Choices
	return TeamValues{Values: valuesOf(d), NativeEmail: c.NativeEmail, Backfill: c.Backfill, PrivateNotes: c.PrivateNotes}
}

func inForceOf(v configure.View) InForce {
	s := v.Standing
	from := map[setting.Name]setting.Source{}
	for _, source := range s.Sources {
		from[source.Setting] = source
	}
	gathered := func(name setting.Name, value []string) Gathered {
		out := Gathered{Value: texts(value), Elements: []Element{}}
		for _, e := range s.Elements {
			if e.Setting == name {
				out.Elements = append(out.Elements, Element{e.Field, string(e.Level), e.ID, e.Version})
			}
		}
		return out
	}
	return InForce{
		Effective:    effectiveOf(v.Effective),
		Displayed:    chosen(texts(s.Displayed), from[setting.DisplayedName]),
		Filterable:   chosen(texts(s.Filterable), from[setting.FilterableName]),
		Mandatory:    gathered(setting.MandatoryName, s.Mandatory),
		Protected:    gathered(setting.ProtectedName, s.Protected),
		NativeEmail:  chosen(s.NativeEmail, from[setting.NativeEmailName]),
		Backfill:     chosen(s.Backfill, from[setting.BackfillName]),
		PrivateNotes: chosen(s.PrivateNotes, from[setting.PrivateNotesName]),
	}
}

func effectiveOf(e setting.Effective) Effective {
	from := map[setting.Name]setting.Source{}
	for _, s := range e.Sources {
		from[s.Setting] = s
	}
	return Effective{
		Trigger:    chosen(string(e.Trigger), from[setting.TriggerName]),
		OnlySynced: chosen(e.OnlySynced, from[setting.OnlySyncedName]),
		NoteTypes:  chosen(texts(e.NoteTypes), from[setting.NoteTypesName]),
		Manual:     chosen(e.Manual, from[setting.ManualName]),
	}
}

func chosen[T any](value T, s setting.Source) Chosen[T] {
	return Chosen[T]{
		Value: value, Level: string(s.Level), ID: s.ID, Version: s.Version, Shadowed: texts(s.Shadowed), Forced: texts(s.Forced),
	}
}

// texts gives words as plain strings; never nil, so that JSON has a list.
func texts[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}
