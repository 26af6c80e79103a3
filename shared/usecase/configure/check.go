package configure

import (
	"context"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// check refuses sets of fields that could not work, those of a user (against the
// team's) or of the team (nil). Ashby is asked only about custom fields. Errors:
// Invalid "settings_refused" with every mistake by path; Conflict "not_connected"
// where custom fields are named and there is nobody to ask; those of reading Ashby.
func (c *Configurator) check(ctx context.Context, team string, shared *setting.Document, next setting.Document, named []setting.Name) error {
	sets := []setting.Name{setting.DisplayedName, setting.FilterableName, setting.MandatoryName, setting.ProtectedName}
	if !slices.ContainsFunc(named, func(n setting.Name) bool { return slices.Contains(sets, n) }) {
		return nil
	}
	terms := setting.Terms{Fields: field.BuiltIns(), Team: shared}
	var err error
	if terms.Mapping, err = c.Store.Mapping(ctx, team); err != nil {
		return err
	}
	if len(next.Named(append([]setting.Name{setting.MandatoryName}, named...))) > 0 {
		all, connected, err := c.Fields.Fields(ctx, team, true)
		switch {
		case err != nil:
			return err
		case !connected:
			return fault.New(fault.Conflict, "not_connected", "which custom fields there are is Ashby's to say; connect it first")
		}
		terms.Fields = all
	}
	var details []fault.Detail
	for _, m := range terms.Check(next, named) {
		details = append(details, fault.Detail{Path: m.Path, Code: string(m.Code), Message: wording.Choice(m)})
	}
	if len(details) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "settings_refused", "these choices cannot work").With(details...)
}

// changed lists the settings in which two documents differ.
func changed(before, next setting.Document) []setting.Name {
	var names []setting.Name
	for _, d := range setting.Differences(before, next) {
		names = append(names, d.Setting)
	}
	return names
}
