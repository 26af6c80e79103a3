package field

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/pattern"
)

// Ashby refuses a whole call for one malformed address, so that only the plainest
// form counts: a dotted local part and a host name with a top-level domain.
var email = pattern.Late(
	"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@" +
		`([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$`)

const (
	longestEmail = 254 // RFC 5321, as corrected
	longestURL   = 2000
)

// IsEmail reports whether text is one plain email address.
func IsEmail(text string) bool { return len(text) <= longestEmail && email().MatchString(text) }

var hostName = pattern.Late(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$`)

// IsURL reports whether text is one http or https address, in characters that
// need no more escaping, and without credentials.
func IsURL(text string) bool {
	if len(text) > longestURL || strings.ContainsFunc(text, unfitForURL) {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil &&
		hostName().MatchString(strings.ToLower(u.Hostname())) && u.String() == text
}

func unfitForURL(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"`\\{}|^", r) }

// Printable drops what no field of Ashby takes: what is not UTF-8, and control
// characters but line breaks and tabs.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}
