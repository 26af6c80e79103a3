package wording

// Previewed says a warning of a preview, by its code.
func Previewed(code string) string { return previews[code] }

var previews = map[string]string{
	"not_active":        "The connection to Ashby is not active, so nothing of this is sent until it is.",
	"withheld_follow":   "What was withheld of the person earlier is written too, after this; it is not shown here.",
	"notes_not_private": "The team wants notes to be private, but the key may not see private ones, so they are not.",
}
