package plan

import (
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// place is a location as Ashby takes it.
type place struct{ city, region, country string }

// String gives the place on one line.
func (l place) String() string {
	return strings.Join(slices.DeleteFunc([]string{l.city, l.region, l.country}, func(s string) bool { return s == "" }), ", ")
}

func (l place) object() object {
	return object(withText(withText(withText(nil, "city", l.city), "region", l.region), "country", l.country))
}

// place reads city, state and country; where all are blank, the one-line
// location, which Ashby geocodes.
func (p *planner) place() place {
	s := p.snapshot
	l := place{oneLine(s.Text(contact.City)), oneLine(s.Text(contact.State)), oneLine(s.Text(contact.Country))}
	if l != (place{}) {
		return l
	}
	var parts []string
	for part := range strings.SplitSeq(oneLine(s.Text(contact.Location)), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	switch n := len(parts); n {
	case 0:
		return place{}
	case 1:
		return place{city: parts[0]}
	case 2:
		return place{city: parts[0], region: parts[1]}
	default:
		return place{city: parts[0], region: strings.Join(parts[1:n-1], ", "), country: parts[n-1]}
	}
}
