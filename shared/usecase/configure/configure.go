// Package configure shows and saves what a team and its users choose: their own
// values, what is in force and where that comes from, and every version before.
package configure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Store keeps settings with every revision: a team's where no user is named, else
// the user's.
type Store interface {
	Settings(ctx context.Context, team, user string) (setting.Document, error)
	// SaveSettings stores a document over the version that it bears, and gives it
	// with its new version. When another is stored: Conflict, with the document
	// that stands there.
	SaveSettings(ctx context.Context, team, user string, next setting.Document) (setting.Document, error)
	// Revisions gives a page of the versions, newest first. The cursor is empty for
	// the first page; next is empty after the last.
	Revisions(ctx context.Context, team, user, cursor string, limit int) (page []setting.Document, next string, err error)
	// Lock gives the team's lock as it stands now, with who is an admin now.
	Lock(ctx context.Context, team string) (setting.Lock, error)
	Mapping(ctx context.Context, team string) (mapping.Mapping, error)
}

// Fields lists the fields of Ashby's candidates: the built-in ones, and where the
// team is connected the custom ones too.
type Fields interface {
	Fields(ctx context.Context, team string, fresh bool) (all []field.Field, connected bool, err error)
}

// Waiting lets the events of a team that wait for a mandatory field be looked at
// again.
type Waiting interface {
	// Expect says so of a change that is about to be made, whatever becomes of who
	// makes it.
	Expect(ctx context.Context, team, person string) error
	// Release says so of a change that was made.
	Release(ctx context.Context, team, person string) error
}

// Configurator has the verbs of this package.
type Configurator struct {
	Store   Store
	Fields  Fields
	Waiting Waiting
	Now     func() time.Time
}

// View is the settings of a team or a user as they are shown.
type View struct {
	Own       setting.Document  // of the team, or of the user
	Effective setting.Effective // for events to which no campaign or person adds anything
	Standing  setting.Standing
	Locked    *setting.Locked // the team's lock; nil: off
	Notes     []Note
}

// Note is a remark on settings, with a stable code.
type Note struct {
	Setting setting.Name
	Code    string
	Message string
}

// Stale is the error of a save over a version that is no longer the stored one.
type Stale struct{ Current int }

// Error says so.
func (s *Stale) Error() string { return fmt.Sprintf("the stored version is %d", s.Current) }

// Unwrap makes it a fault of kind Conflict, which names the current version.
func (s *Stale) Unwrap() error {
	return fault.New(fault.Conflict, "stale", "somebody else saved meanwhile; look at the current version and save again").
		With(fault.Detail{Path: "If-Match", Code: "stale", Message: s.Error()})
}

// save stores a document over the version it bears. Where it names what decides
// which field is mandatory and can be filled, what waits for one is looked at again.
// Errors: *Stale.
func (c *Configurator) save(ctx context.Context, team, user string, next setting.Document, named []setting.Name) (setting.Document, error) {
	frees := slices.ContainsFunc(named, func(n setting.Name) bool {
		return n == setting.DisplayedName || n == setting.MandatoryName || n == setting.ProtectedName
	})
	if frees {
		if err := c.Waiting.Expect(ctx, team, ""); err != nil {
			return setting.Document{}, err
		}
	}
	saved, err := c.Store.SaveSettings(ctx, team, user, next)
	if fault.Is(err, fault.Conflict) {
		return setting.Document{}, &Stale{saved.Version}
	}
	if frees && err == nil {
		_ = c.Waiting.Release(ctx, team, "") // it only makes soon what is to happen anyway
	}
	return saved, err
}

// own gives the stored document if it is the version that the author saw.
func (c *Configurator) own(ctx context.Context, team, user string, expected int) (setting.Document, error) {
	d, err := c.Store.Settings(ctx, team, user)
	if err == nil && d.Version != expected {
		return setting.Document{}, &Stale{d.Version}
	}
	return d, err
}

func notesOf(e setting.Effective, locked *setting.Locked) []Note {
	var notes []Note
	if e.Trigger == setting.OnAdd {
		notes = append(notes, Note{
			setting.OnlySyncedName, "no_effect_with_on_add",
			"while people are added to Ashby when they are added to a campaign, everybody is synced and this switch has no effect",
		})
	}
	for _, name := range e.Forced() {
		if locked != nil {
			notes = append(notes, Note{name, "forced_by_lock", lockedBy(*locked) + "; this choice is kept and counts again when they unlock"})
		}
	}
	return notes
}

func lockedBy(l setting.Locked) string {
	return fmt.Sprintf("%s locked this for the whole team on %s", l.By, l.At.UTC().Format("2006-01-02 at 15:04 UTC"))
}
