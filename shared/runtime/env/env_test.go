package env_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

func from(m map[string]string) func(string) string { return func(k string) string { return m[k] } }

func TestSettingsAreReadWithTheirFallbacks(t *testing.T) {
	r := env.Read(from(map[string]string{
		"QUEUE": " https://queue.local/1/events ", "WINDOW": "8", "TIMEOUT": "1500ms", "LEVEL": "debug",
	}))
	if got := r.Required("QUEUE"); got != "https://queue.local/1/events" {
		t.Errorf("Required = %q", got)
	}
	if got := r.URL("QUEUE", ""); got != "https://queue.local/1/events" {
		t.Errorf("URL = %q", got)
	}
	if got := r.URL("ASHBY", "https://api.ashbyhq.com"); got != "https://api.ashbyhq.com" {
		t.Errorf("URL fallback = %q", got)
	}
	if got := r.OptionalURL("NONE"); got != "" {
		t.Errorf("OptionalURL = %q", got)
	}
	if r.URLOr("NONE", "http://a") != "http://a" || r.URLOr("QUEUE", "http://a") != "https://queue.local/1/events" {
		t.Error("URLOr")
	}
	if got := r.Int("WINDOW", 4, 1, 12); got != 8 {
		t.Errorf("Int = %d", got)
	}
	if got := r.Int("NONE", 4, 1, 12); got != 4 {
		t.Errorf("Int fallback = %d", got)
	}
	if got := r.Duration("TIMEOUT", time.Second, 0, time.Minute); got != 1500*time.Millisecond {
		t.Errorf("Duration = %v", got)
	}
	if got := r.OneOf("LEVEL", "info", "info", "debug"); got != "debug" {
		t.Errorf("OneOf = %q", got)
	}
	if got := r.Optional("NONE", "x"); got != "x" {
		t.Errorf("Optional = %q", got)
	}
	if err := r.Err(); err != nil {
		t.Errorf("Err = %v", err)
	}
}

func TestEveryMistakeIsToldAtOnceAndNoValueIsRepeated(t *testing.T) {
	r := env.Read(from(map[string]string{
		"U1": "hunter2.example/x", "U2": "ftp://hunter2@host", "INT": "hunter2", "BIG": "13", "DUR": "hunter2",
		"ONE": "hunter2", "BLANK": "  ",
	}))
	r.Required("GONE")
	r.Required("BLANK")
	r.URL("NOURL", "")
	r.URL("U1", "")
	r.OptionalURL("U2")
	if r.Int("INT", 4, 1, 12) != 4 || r.Int("BIG", 4, 1, 12) != 4 {
		t.Error("a refused number must not come through")
	}
	r.Duration("DUR", 0, 0, time.Minute)
	r.OneOf("ONE", "info", "info", "debug")
	err := r.Err()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"GONE", "BLANK", "NOURL", "U1", "U2", "INT", "BIG", "DUR", "ONE"} {
		if !strings.Contains(err.Error(), name+" ") {
			t.Errorf("%s is not told of in %q", name, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a value leaked: %q", err)
	}
}

func TestSettingsThatGoTogetherAreThereOrNot(t *testing.T) {
	for name, c := range map[string]struct {
		given map[string]string
		there bool
		told  []string
	}{
		"all":  {map[string]string{"A": "1", "B": "2", "C": "3"}, true, nil},
		"none": {map[string]string{"A": " "}, false, nil},
		"one":  {map[string]string{"A": "hunter2"}, false, []string{"B is required, because A, B, C go together", "C is required"}},
		"two":  {map[string]string{"A": "1", "C": "hunter2"}, false, []string{"B is required"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := env.Read(from(c.given))
			if got := r.AllOrNone("A", "B", "C"); got != c.there {
				t.Errorf("got %v", got)
			}
			err := r.Err()
			if (err == nil) != (c.told == nil) {
				t.Fatalf("got %v", err)
			}
			for _, told := range c.told {
				if !strings.Contains(err.Error(), told) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("got %v, want %s", err, told)
				}
			}
		})
	}
}
