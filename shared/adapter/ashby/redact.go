package ashby

import (
	"encoding/base64"
	"strings"
	"unicode"

	"github.com/sourcewhale/ashby-sync/shared/domain/pattern"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const (
	maxText  = 300 // runes of Ashby's words that a customer may see
	maxToken = 80  // bytes of an id or header that we keep
)

// Addresses, links and phone numbers that Ashby repeats from a request; codes
// and ids stay.
var (
	anAddress = pattern.Late(`[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+`)
	aLink     = pattern.Late(`(?i)\b(?:https?://|www\.)[^\s"'<>]+`)
	aPhone    = pattern.Late(`\+\d[\d ().\-]{5,}\d`)
)

// presentable makes Ashby's words fit to be shown: one line of printable
// characters, no personal data that it repeats from the request, cut at 300
// runes with a mark.
func presentable(s string) string {
	if len(s) > 8*maxText { // enough for 300 runes of any width, before costlier work
		s = s[:8*maxText]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = aLink().ReplaceAllString(s, "[link]")
	s = anAddress().ReplaceAllString(s, "[email]")
	s = aPhone().ReplaceAllString(s, "[number]")
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxText {
		s = string(runes[:maxText-1]) + "…"
	}
	return s
}

// token keeps an id or a header's value only if it is short and plain ASCII.
func token(s string) string {
	if len(s) > maxToken {
		return ""
	}
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return ""
		}
	}
	return s
}

// basic is the value of the Authorization header: the key as user, no password.
func basic(key secret.Value) string { return "Basic " + encoded(key) }

func encoded(key secret.Value) string {
	return base64.StdEncoding.EncodeToString([]byte(key.Reveal() + ":"))
}

// scrub takes the key out of anything that came back, in case an answer repeats
// it, plain or as it stood in the header.
func scrub(key secret.Value, s string) string {
	if key.Empty() {
		return s
	}
	s = strings.ReplaceAll(s, encoded(key), key.String())
	return strings.ReplaceAll(s, key.Reveal(), key.String())
}

// hushed is an error whose text has been scrubbed; what it is stays known to
// errors.Is and errors.As.
type hushed struct {
	err  error
	text string
}

func hush(key secret.Value, err error) error {
	if err == nil {
		return nil
	}
	return hushed{err, presentable(scrub(key, err.Error()))}
}

func (h hushed) Error() string { return h.text }
func (h hushed) Unwrap() error { return h.err }
