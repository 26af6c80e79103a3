package plan

import (
	"html"
	"regexp"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/pattern"
)

// The one rule by which quoted threads are cut: everything from the first of
// these on is the thread. Nothing in front of it is ever touched.
var threadStarts = []func() *regexp.Regexp{
	pattern.Late(`(?m)^[ \t]*On [^\n]{5,200}(\n[^\n]{1,200})?wrote:[ \t]*$`),
	pattern.Late(`(?mi)^[ \t]*-{2,}[ \t]*(original message|forwarded message)[ \t]*-{2,}`),
	pattern.Late(`(?m)^[ \t]*_{10,}[ \t]*\n[ \t]*From:`),
	pattern.Late(`(?m)^[ \t]*From:[^\n]+\n([^\n]*\n)?[ \t]*(Sent|Date):[^\n]+\n`),
	pattern.Late(`(?m)^[ \t]*>[^\n]*(\n[ \t]*>[^\n]*|\n[ \t]*$)*\s*\z`),
}

func withoutThread(text string) string {
	end := len(text)
	for _, re := range threadStarts {
		if at := re().FindStringIndex(text); at != nil && at[0] < end {
			end = at[0]
		}
	}
	if kept := strings.TrimSpace(text[:end]); kept != "" {
		return kept
	}
	return text // nothing but a thread: better that than nothing
}

var (
	unseen = pattern.Late(`(?is)<(script|style|head|title)\b.*?(</(script|style|head|title)\s*>|\z)|<!--.*?(-->|\z)`)
	quoted = pattern.Late(`(?is)<(blockquote|div[^>]+class="?gmail_quote)\b`)
	breaks = pattern.Late(`(?i)<(br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol)\b[^>]*>`)
	tags   = pattern.Late(`(?s)<[a-zA-Z/!?][^>]*(>|\z)`) // any other < is text, as in a browser

	// startsWithTag tells HTML from text, which may begin with a heart or an address.
	startsWithTag = pattern.Late(`^\s*<(!|\?|/?[a-zA-Z][a-zA-Z0-9:-]*[\s/>])`)
	blanks        = pattern.Late(`\n[ \t]*\n([ \t]*\n)+`)
)

// htmlText reads an HTML message as text: blocks become lines, a quoted block
// and what follows is cut, tags go, entities become what they mean.
func htmlText(s string) string {
	s = unseen().ReplaceAllString(s, "")
	if at := quoted().FindStringIndex(s); at != nil && strings.TrimSpace(tags().ReplaceAllString(s[:at[0]], "")) != "" {
		s = s[:at[0]]
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), " ")
	s = breaks().ReplaceAllString(s, "\n")
	s = html.UnescapeString(tags().ReplaceAllString(s, ""))
	return blanks().ReplaceAllString(s, "\n\n")
}
