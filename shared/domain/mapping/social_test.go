package mapping

import "testing"

func TestRecognise(t *testing.T) {
	for raw, want := range map[string]Profile{
		"https://www.linkedin.com/in/ada-lane/":           {"LinkedIn", "https://www.linkedin.com/in/ada-lane"},
		"linkedin.com/in/Ada-Lane":                        {"LinkedIn", "https://www.linkedin.com/in/ada-lane"},
		"http://uk.linkedin.com/in/ada-lane?trk=abc#x":    {"LinkedIn", "https://www.linkedin.com/in/ada-lane"},
		"m.linkedin.com/in/ada-lane/details/experience":   {"LinkedIn", "https://www.linkedin.com/in/ada-lane"},
		"//linkedin.com/in/ada":                           {"LinkedIn", "https://www.linkedin.com/in/ada"},
		"https://www.linkedin.com/in/ad%C3%A9":            {"LinkedIn", "https://www.linkedin.com/in/ad%C3%A9"},
		"https://www.linkedin.com/sales/lead/ACwAAA,NAME": {},
		"https://www.linkedin.com/talent/profile/AEMAAA":  {},
		"https://www.linkedin.com/company/engines":        {},
		"https://www.linkedin.com/in/":                    {},
		"https://linkedin.com.evil.example/in/ada":        {"Website", "https://linkedin.com.evil.example/in/ada"},
		"https://evil-linkedin.com/in/ada":                {"Website", "https://evil-linkedin.com/in/ada"},
		"https://x.com/ada?s=20":                          {"Twitter", "https://twitter.com/ada"},
		"mobile.twitter.com/ada/":                         {"Twitter", "https://twitter.com/ada"},
		"https://twitter.com":                             {},
		"github.com/Ada/repo":                             {"GitHub", "https://github.com/Ada/repo"},
		"https://ada.medium.com/story":                    {"Medium", "https://ada.medium.com/story"},
		"https://medium.com/@ada":                         {"Medium", "https://medium.com/@ada"},
		"https://stackoverflow.com/users/1/ada":           {"StackOverflow", "https://stackoverflow.com/users/1/ada"},
		"https://m.youtube.com/@ada":                      {"YouTube", "https://www.youtube.com/@ada"},
		"https://codepen.io/ada":                          {"CodePen", "https://codepen.io/ada"},
		"ada.example":                                     {"Website", "https://ada.example"},
		"http://ADA.example/cv?lang=en":                   {"Website", "http://ada.example/cv?lang=en"},
		"not a url":                                       {},
		"javascript:alert(1)":                             {},
		"ftp://ada.example":                               {},
		"https://user:pass@ada.example":                   {},
		"https://localhost/x":                             {},
		"https://ada.example/<script>":                    {},
		"":                                                {},
	} {
		got, ok := Recognise(raw)
		if ok != (want != Profile{}) {
			t.Errorf("%q: ok %v", raw, ok)
		}
		if ok && got != want {
			t.Errorf("%q: %+v, want %+v", raw, got, want)
		}
	}
}

func TestPhoneKeyNeedsTheCountry(t *testing.T) {
	for raw, want := range map[string]string{
		"+44 (20) 7946-0000": "tel:+442079460000", "0044 20 7946 0000": "tel:+442079460000",
		"020 7946 0000": "", "+12": "", "+1234567890123456": "", "": "",
	} {
		if got, ok := PhoneKey(raw); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", raw, got, ok, want)
		}
	}
}

func TestEmailAddress(t *testing.T) {
	for raw, want := range map[string]bool{
		"ada@example.com": true, " ada@example.com ": true, "Ada <ada@example.com>": false, "ada@localhost": false,
		"ada": false, "a@b.c, d@e.f": false, "": false,
	} {
		if _, ok := EmailAddress(raw); ok != want {
			t.Errorf("%q: %v, want %v", raw, ok, want)
		}
	}
}

func FuzzRecogniseGivesOnlyAddressesItRecognisesAgain(f *testing.F) {
	f.Add("uk.linkedin.com/in/Ada?x=1")
	f.Add("https://x.com/a/../b")
	f.Fuzz(func(t *testing.T, raw string) {
		p, ok := Recognise(raw)
		if !ok {
			return
		}
		again, ok := Recognise(p.URL)
		if !ok || again != p {
			t.Fatalf("%q gives %+v, which gives %+v %v", raw, p, again, ok)
		}
	})
}
