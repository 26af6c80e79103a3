package mapfields

import (
	"context"
	"slices"
	"strconv"
	"strings"

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
		return m.view(ctx, team, stored, field.BuiltIns())
	}
	all, connected, err := m.Fields(ctx, team, false)
	switch {
	case err != nil:
		return View{Mapping: stored, Fields: field.BuiltIns(), Unchecked: fault.Of(err)}, nil
	case !connected:
		return View{Mapping: stored, Fields: all, Unchecked: fault.Of(notConnected())}, nil
	}
	return m.view(ctx, team, stored, all)
}

// view gives a mapping with what is to be said of it, given all fields.
func (m *Mapper) view(ctx context.Context, team string, stored mapping.Mapping, fields []field.Field) (View, error) {
	unfilled, err := m.unfilled(ctx, team, stored, fields)
	return View{Mapping: stored, Fields: fields, Warnings: append(stored.Warnings(fields), unfilled...)}, err
}

// mostLookedAt bounds how much work is looked through to say how many would wait.
const mostLookedAt = 500

// unfilled warns of the mandatory fields that nothing fills with this mapping, and
// says how many people would wait for that now.
func (m *Mapper) unfilled(ctx context.Context, team string, next mapping.Mapping, fields []field.Field) ([]mapping.Mistake, error) {
	standing, err := m.Store.Standing(ctx, team, "")
	if err != nil {
		return nil, err
	}
	var titles []string
	for _, id := range standing.Mandatory {
		if next.Rule(id).Policy != field.Never && (next.Targets(id) || slices.Contains(standing.Shown, id)) {
			continue
		}
		title := field.TitleOf(id)
		if i := slices.IndexFunc(fields, func(f field.Field) bool { return f.ID == id }); i >= 0 {
			title = fields[i].Title
		}
		titles = append(titles, "“"+title+"”")
	}
	if len(titles) == 0 {
		return nil, nil
	}
	count, more, err := m.People.Outside(ctx, team, mostLookedAt)
	if err != nil {
		return nil, err
	}
	waiting := strconv.Itoa(count)
	if more {
		waiting += " or more"
	}
	return []mapping.Mistake{{
		Path: "entries", Code: mapping.MandatoryUnfilled,
		About: strings.Join(titles, ", ") + "; people with work on the way who are not in Ashby yet and would wait: " + waiting,
	}}, nil
}

// mostRevisions bounds how far history goes back.
const mostRevisions = 100

// History gives the mappings that the team saved, newest first.
func (m *Mapper) History(ctx context.Context, team string) ([]mapping.Mapping, error) {
	return m.Store.MappingHistory(ctx, team, mostRevisions)
}
