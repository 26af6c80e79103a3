// Package mapfields shows which fields Ashby has, and shows, checks and saves
// which SourceWhale variable goes to which of them.
package mapfields

import (
	"context"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Store keeps a team's connection and its mapping with every revision.
type Store interface {
	Connection(ctx context.Context, team string) (connection.Connection, error)
	Mapping(ctx context.Context, team string) (mapping.Mapping, error)
	// SaveMapping stores a mapping over the version it bears and gives it as
	// stored. When another version is stored: Conflict.
	SaveMapping(ctx context.Context, team string, m mapping.Mapping) (mapping.Mapping, error)
	// MappingHistory gives saved mappings, newest first, at most limit of them.
	MappingHistory(ctx context.Context, team string, limit int) ([]mapping.Mapping, error)
	// Standing gives what holds for a user's events of the settings that count as
	// they stand; without a user, the team's.
	Standing(ctx context.Context, team, user string) (setting.Standing, error)
}

// People counts those who have work on the way and are not in Ashby; more says that
// there may be more of them.
type People interface {
	Outside(ctx context.Context, team string, most int) (count int, more bool, err error)
}

// Keys gives the key of a connection.
type Keys interface {
	Key(ctx context.Context, team, version string) (secret.Value, error)
}

// Ashby has the custom fields of candidates, archived ones among them. Fields
// may be ten minutes old unless fresh ones are asked for. Errors are faults.
type Ashby interface {
	Fields(ctx context.Context, fresh bool) ([]field.Field, error)
	CreateField(ctx context.Context, f New) (field.Field, error)
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

// Mapper has the verbs of this package.
type Mapper struct {
	Store   Store
	People  People
	Keys    Keys
	Waiting Waiting
	Open    func(key secret.Value, fingerprint string) Ashby
}

// store saves a mapping, and lets what waits for a field that it may fill now be
// looked at again.
func (m *Mapper) store(ctx context.Context, team string, next mapping.Mapping) (mapping.Mapping, error) {
	if err := m.Waiting.Expect(ctx, team, ""); err != nil {
		return mapping.Mapping{}, err
	}
	saved, err := m.Store.SaveMapping(ctx, team, next)
	if err == nil {
		_ = m.Waiting.Release(ctx, team, "") // it only makes soon what is to happen anyway
	}
	return saved, err
}

// open gives the team's account; Conflict "not_connected" when it has none.
func (m *Mapper) open(ctx context.Context, team string) (Ashby, error) {
	c, err := m.Store.Connection(ctx, team)
	if err != nil {
		return nil, err
	}
	if c.Fingerprint == "" {
		return nil, notConnected()
	}
	key, err := m.Keys.Key(ctx, team, c.SecretVersion)
	if err != nil {
		return nil, err
	}
	return m.Open(key, c.Fingerprint), nil
}

func notConnected() error {
	return fault.New(fault.Conflict, codeNotConnected, "which custom fields there are is Ashby's to say; connect it first")
}

const codeNotConnected = "not_connected"

// Fields lists all fields of candidates: the built-in ones, then Ashby's custom
// ones as they are now, or were at most ten minutes ago. Connected is false when
// there is no key to ask with; then the built-in ones are all.
func (m *Mapper) Fields(ctx context.Context, team string, fresh bool) (all []field.Field, connected bool, err error) {
	account, err := m.open(ctx, team)
	if err != nil {
		if fault.Of(err).Code() == codeNotConnected {
			return field.BuiltIns(), false, nil
		}
		return nil, false, err
	}
	custom, err := account.Fields(ctx, fresh)
	return append(field.BuiltIns(), custom...), true, err
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
