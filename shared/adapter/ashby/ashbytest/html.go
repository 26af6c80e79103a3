package ashbytest

import (
	"errors"
	"html"
	"io"
	"slices"
	"strings"

	parser "golang.org/x/net/html"
)

// kept are the only elements that a note can have.
var kept = []string{"b", "i", "u", "a", "ul", "ol", "li", "code", "pre"}

// stripHTML removes every element but the kept ones and every attribute but the
// target of a link. The text inside removed elements stays, except that of
// scripts and style sheets.
func stripHTML(source string) string {
	var out strings.Builder
	walkHTML(source, func(t parser.Token) {
		switch t.Type {
		case parser.TextToken:
			out.WriteString(html.EscapeString(t.Data))
		case parser.StartTagToken, parser.SelfClosingTagToken:
			if slices.Contains(kept, t.Data) {
				out.WriteString("<" + t.Data + target(t) + ">")
			}
		case parser.EndTagToken:
			if slices.Contains(kept, t.Data) {
				out.WriteString("</" + t.Data + ">")
			}
		}
	})
	return out.String()
}

func target(t parser.Token) string {
	if t.Data != "a" {
		return ""
	}
	for _, attribute := range t.Attr {
		if attribute.Key == "href" {
			return ` href="` + html.EscapeString(attribute.Val) + `"`
		}
	}
	return ""
}

// plainText is the text of HTML alone.
func plainText(source string) string {
	var out strings.Builder
	walkHTML(source, func(t parser.Token) {
		if t.Type == parser.TextToken {
			out.WriteString(t.Data)
		}
	})
	return out.String()
}

// walkHTML visits the tokens of HTML, but for the content of scripts and style
// sheets.
func walkHTML(source string, visit func(parser.Token)) {
	z := parser.NewTokenizer(strings.NewReader(source))
	skip := ""
	for {
		if z.Next() == parser.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				panic(z.Err()) // a string cannot fail to be read
			}
			return
		}
		t := z.Token()
		switch {
		case t.Type == parser.StartTagToken && (t.Data == "script" || t.Data == "style"):
			skip = t.Data
		case t.Type == parser.EndTagToken && t.Data == skip:
			skip = ""
		case skip == "":
			visit(t)
		}
	}
}
