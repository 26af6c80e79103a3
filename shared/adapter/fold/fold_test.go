package fold_test

import (
	"testing"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
)

func TestCaseAccentsWidthAndBlanksDoNotCount(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"  Ada   Lane ":            "ada lane",
		"José\u00a0Muñoz":          "jose munoz",
		"Jose\u0301":               "jose",
		"STRASSE Straße":           "strasse strasse",
		"Łukasz Ørsted Æsir Œuvre": "lukasz orsted aesir oeuvre",
		"İstanbul ılık":            "istanbul ilik",
		"ＡＤＡ":                      "ada",
		"Σίσυφος":                  "σισυφοσ",
		"a\tb\r\nc\x00d":           "a b c d",
		"東京 太郎":                    "東京 太郎",
		"ﬁne ²":                    "fine 2",
		"\u0301\u0301":             "",
	} {
		if got := fold.Text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzFoldingTwiceIsFoldingOnce(f *testing.F) {
	for _, text := range []string{"Ada", "ſ", "ǅ", "K", "ẞ", "Ꮳ", "ᾳ", "\u1fbc", "\xff", "\u00a8", "ſ̣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := fold.Text(text)
		if twice := fold.Text(once); twice != once {
			t.Errorf("%q: once %q, twice %q", text, once, twice)
		}
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("%q became %q", text, once)
		}
	})
}
