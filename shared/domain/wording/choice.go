package wording

import "github.com/sourcewhale/ashby-sync/shared/domain/setting"

var refusals = map[setting.Refusal]string{
	setting.NoSuchField:    "Ashby has no such field for candidates, or the key may not see it",
	setting.Unwritable:     "Ashby's API cannot write this field",
	setting.ArchivedField:  "the field is archived in Ashby; bring it back there, or choose another",
	setting.Unconvertible:  "values of this field's type are not handled for now",
	setting.NotDisplayable: "values for this field come from SourceWhale's variables, by the mapping, and are not given by users",
	setting.PrivateField:   "the field is private in Ashby, and a search would show what it hides",
	setting.NotSearchable:  "Ashby's lists of candidates do not say it, so there is nothing to search",
	setting.NothingFills:   "nothing can fill this field: map a variable to it, or let users give values for it",
	setting.NeverWritten:   "the field's policy is “never”, so nothing fills it",
	setting.NotOfTheTeam:   "the team has not chosen this field, and a user's own choice is some of the team's",
	setting.StillMandatory: "a mandatory field can only be filled while it is displayed; make it optional first, or map a variable to it",
}

// Refusal says why a field cannot be in a set of the settings.
func Refusal(c setting.Refusal) string { return refusals[c] }

// Choice says a mistake in the sets of the settings in full.
func Choice(m setting.Mistake) string {
	if m.About == "" {
		return Refusal(m.Code)
	}
	return m.About + ": " + Refusal(m.Code)
}
