package mapping

import (
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Match keys: what identifies a person besides an email address.
const (
	linkedInKey = "li:"
	phoneKey    = "tel:"
	emailKey    = "mail:"
)

// LinkedInKey gives the match key of a LinkedIn profile's URL.
func LinkedInKey(raw string) (string, bool) {
	p, ok := Recognise(raw)
	if !ok || p.Network != "LinkedIn" {
		return "", false
	}
	return linkedInKey + p.URL[strings.LastIndex(p.URL, "/")+1:], true
}

// EmailKey gives the match key of an address.
func EmailKey(address string) string { return emailKey + strings.ToLower(address) }

// PhoneKey gives the match key of a phone number in international form ("+44 …"
// or "0044 …"). A national number is no key: without its country it may be
// anybody's.
func PhoneKey(raw string) (string, bool) {
	n := Digits(dialled(raw))
	if n, found := strings.CutPrefix(n, "00"); found {
		return phoneKey + "+" + n, len(n) >= shortestPhone && len(n) <= longestPhone
	}
	if n, found := strings.CutPrefix(n, "+"); found {
		return phoneKey + "+" + n, len(n) >= shortestPhone && len(n) <= longestPhone
	}
	return "", false
}

// dialled leaves out what is not dialled from abroad: the trunk zero in brackets,
// as in "+44 (0)20 …", and an extension.
func dialled(raw string) string {
	raw = strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(raw)), "tel:"), "(0)", "")
	if i := strings.IndexAny(raw, "xe;,"); i > 0 { // x12, ext. 12, ;ext=12, and the pause before one
		raw = raw[:i]
	}
	return raw
}

// E.164: at most 15 digits; the shortest international numbers in use have 7.
const (
	shortestPhone = 7
	longestPhone  = 15
)

// IsPhoneKey reports whether a match key is a phone's.
func IsPhoneKey(key string) bool { return strings.HasPrefix(key, phoneKey) }

// Digits gives a number's digits, with its leading plus.
func Digits(raw string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(raw) {
		if r >= '0' && r <= '9' || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Keys gives a candidate's match keys, email addresses aside.
func Keys(c candidate.Candidate) []string {
	var keys []string
	for _, l := range c.Links {
		if k, ok := LinkedInKey(l.URL); ok {
			keys = append(keys, k)
		}
	}
	for _, a := range c.Phones {
		if k, ok := PhoneKey(a.Value); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

// EmailAddress gives a plain address, trimmed; ok is false for what is none.
func EmailAddress(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	return raw, field.IsEmail(raw)
}
