package mapfields

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// View is a team's mapping as it is shown.
type View struct {
	Mapping  mapping.Mapping
	Fields   []field.Field     // built-in ones, and Ashby's custom ones where they are known
	Warnings []mapping.Mistake // what has become of targets at Ashby
	// Unchecked is why custom fields are not known, so that warnings may be
	// missing; nil when they are, or when the mapping names none.
	Unchecked *fault.Error
}

// Get gives a team's mapping. That Ashby cannot be asked about its fields does
// not stand in the way.
func (m *Mapper) Get(ctx context.Context, team string) (View, error) {
	stored, err := m.Store.Mapping(ctx, team)
	if err != nil {
		return View{}, err
	}
	if len(stored.Custom()) == 0 {
		return view(stored, field.BuiltIns()), nil
	}
	all, connected, err := m.Fields(ctx, team, false)
	switch {
	case err != nil:
		return View{Mapping: stored, Fields: field.BuiltIns(), Unchecked: fault.Of(err)}, nil
	case !connected:
		return View{Mapping: stored, Fields: all, Unchecked: fault.Of(notConnected())}, nil
	}
	return view(stored, all), nil
}

func view(m mapping.Mapping, fields []field.Field) View {
	return View{Mapping: m, Fields: fields, Warnings: m.Warnings(fields)}
}

// mostRevisions bounds how far history goes back.
const mostRevisions = 100

// History gives the mappings that the team saved, newest first.
func (m *Mapper) History(ctx context.Context, team string) ([]mapping.Mapping, error) {
	return m.Store.MappingHistory(ctx, team, mostRevisions)
}
