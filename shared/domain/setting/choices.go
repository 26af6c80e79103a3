package setting

import "slices"

// The settings that are not frozen with an event: they count as they stand when
// it is planned. The last three are the team's alone.
const (
	DisplayedName    Name = "displayed"
	FilterableName   Name = "filterable"
	MandatoryName    Name = "mandatory"
	ProtectedName    Name = "protected"
	NativeEmailName  Name = "native_email"
	BackfillName     Name = "backfill"
	PrivateNotesName Name = "private_notes"
)

// Choices are one level's settings that are not frozen with an event. Fields are
// named by Ashby's ids. A nil pointer inherits.
type Choices struct {
	Displayed    *[]string // for which users may give values; a user's are some of the team's
	Filterable   *[]string // that search offers; a user's are some of the team's
	Mandatory    []string  // without which nobody is created or linked; a user's are additions
	Protected    []string  // only written while blank; a user's are additions, the team's are its mapping's
	NativeEmail  *bool     // emails go to Ashby as emails, not as notes
	Backfill     *bool     // what was withheld is written when a person is put into Ashby later
	PrivateNotes *bool     // notes are private
}

// Element is a field of a set that several levels add to, with the level that did.
type Element struct {
	Setting Name
	Field   string
	Level   Level
	ID      string // of the user
	Version int
}

// Standing is what holds for a user's events of the settings that count as they
// stand, with where each comes from.
type Standing struct {
	Displayed    []string
	Shown        []string // what the team displays, whatever the user narrows it to
	Filterable   []string
	Mandatory    []string
	Protected    []string
	NativeEmail  bool
	Backfill     bool
	PrivateNotes bool
	TeamVersion  int
	UserVersion  int       // 0: no user, or one who never chose
	Sources      []Source  // displayed, filterable, native_email, backfill, private_notes
	Elements     []Element // of mandatory and protected; a field once for each level that has it
}

// Stand gives what holds for a user's events, by the team's settings and the
// user's own; without a user, the team's alone. What a user displays or filters
// by counts while the team does too; what they add to mandatory and protected
// fields is added to the team's.
func Stand(team Document, user string, own Document) Standing {
	if user == "" {
		own = Document{}
	}
	s := Standing{
		Shown:       listOf(team.Choices.Displayed),
		TeamVersion: team.Version, UserVersion: own.Version,
	}
	of := func(d Document, l Level) level { return level{d.Choices, Source{Level: l, Version: d.Version}} }
	levels := []level{of(own, User), of(team, Team)}
	levels[0].source.ID = user
	s.Displayed = s.narrowed(DisplayedName, levels, func(c Choices) *[]string { return c.Displayed })
	s.Filterable = s.narrowed(FilterableName, levels, func(c Choices) *[]string { return c.Filterable })
	s.NativeEmail = s.switched(NativeEmailName, levels[1], team.Choices.NativeEmail)
	s.Backfill = s.switched(BackfillName, levels[1], team.Choices.Backfill)
	s.PrivateNotes = s.switched(PrivateNotesName, levels[1], team.Choices.PrivateNotes)
	s.Mandatory = s.added(MandatoryName, levels, func(c Choices) []string { return c.Mandatory })
	s.Protected = s.added(ProtectedName, levels, func(c Choices) []string { return c.Protected })
	return s
}

// level is one level's choices with what a source says of it.
type level struct {
	choices Choices
	source  Source
}

// narrowed gives the team's set, or what the user keeps of it.
func (s *Standing) narrowed(name Name, levels []level, of func(Choices) *[]string) []string {
	from := Source{Setting: name, Level: BuiltIn}
	var value []string
	for i := len(levels) - 1; i >= 0; i-- {
		set := of(levels[i].choices)
		if set == nil {
			continue
		}
		shadowed := append([]Level{from.Level}, from.Shadowed...)
		from = levels[i].source
		from.Setting, from.Shadowed = name, shadowed
		if kept := slices.Clone(*set); from.Level == User {
			value = slices.DeleteFunc(kept, func(id string) bool { return !slices.Contains(value, id) })
		} else {
			value = kept
		}
	}
	s.Sources = append(s.Sources, from)
	return value
}

// switched gives a switch of the team's; all of them are off until it chooses.
func (s *Standing) switched(name Name, team level, on *bool) bool {
	from := Source{Setting: name, Level: BuiltIn}
	if on != nil {
		from = team.source
		from.Setting, from.Shadowed = name, []Level{BuiltIn}
	}
	s.Sources = append(s.Sources, from)
	return on != nil && *on
}

// added gives what any of the levels has, the team's first.
func (s *Standing) added(name Name, levels []level, of func(Choices) []string) []string {
	var value []string
	for _, l := range slices.Backward(levels) {
		for _, id := range of(l.choices) {
			s.Elements = append(s.Elements, Element{name, id, l.source.Level, l.source.ID, l.source.Version})
			if !slices.Contains(value, id) {
				value = append(value, id)
			}
		}
	}
	return value
}

func listOf(set *[]string) []string {
	if set == nil {
		return nil
	}
	return slices.Clone(*set)
}
