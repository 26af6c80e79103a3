package field

import (
	"strings"
	"unicode"
)

// PlaceOf reads a place on one line, parts between commas: the first is the city,
// a second the region, the last of three or more the country. Which part is what
// nobody can tell for sure; Ashby geocodes it.
func PlaceOf(line string) (city, region, country string) {
	var parts []string
	for part := range strings.SplitSeq(line, ",") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			parts = append(parts, part)
		}
	}
	switch n := len(parts); n {
	case 0:
		return "", "", ""
	case 1:
		return parts[0], "", ""
	case 2:
		return parts[0], parts[1], ""
	default:
		return parts[0], strings.Join(parts[1:n-1], ", "), parts[n-1]
	}
}

// place makes the value of a custom field of type Location. A place has a letter.
func place(text string) (string, bool) {
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return "", false
	}
	city, region, country := PlaceOf(text)
	var members []string
	for _, m := range [][2]string{{"city", city}, {"region", region}, {"country", country}} {
		if m[1] != "" {
			members = append(members, encode(m[0])+":"+encode(m[1]))
		}
	}
	return "{" + strings.Join(members, ",") + "}", len(members) > 0
}
