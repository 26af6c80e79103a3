package plan

import (
	"strings"
	"testing"
)

// BenchmarkNote builds the text of a note from a reply of one paragraph and from
// one that has to be cut.
func BenchmarkNote(b *testing.B) {
	for name, times := range map[string]int{"short": 4, "cut": 4000} {
		b.Run(name, func(b *testing.B) {
			e := reply(strings.Repeat("<p>Thank you, I would like to know more &amp; talk.</p>\n", times))
			b.ReportAllocs()
			for b.Loop() {
				if noteHTML(e) == "" {
					b.Fatal("nothing was built")
				}
			}
		})
	}
}
