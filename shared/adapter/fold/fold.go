// Package fold makes texts comparable: without case, accents, width and spare
// blanks, so that a search for "jose munoz" finds "José  Muñoz".
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain are letters that Unicode does not take apart, as people without them on
// their keyboard type them.
var plain = strings.NewReplacer(
	"ß", "ss", "ς", "σ", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ħ", "h", "ı", "i", "ŋ", "n",
)

// Text folds a text. To fold it again changes nothing.
func Text(text string) string {
	if isPlain(text) {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	var b strings.Builder
	blank := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r) || unicode.IsControl(r):
			blank = b.Len() > 0
		default:
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return plain.Replace(b.String())
}

// isPlain reports whether the text is of ASCII letters only, as most are.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 || text[i] < ' ' || text[i] == 0x7f {
			return false
		}
	}
	return true
}
