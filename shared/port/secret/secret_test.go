package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

const canary = "canary-7f3a"

// keyed has secrets where reflection reaches them by every way.
type keyed struct {
	Public  secret.Value
	private secret.Value
	Pointer *secret.Value
	Any     any
	List    []secret.Value
	Map     map[string]secret.Value
	Keys    map[secret.Value]int
	Inner   struct{ deep secret.Value }
}

type keyError struct{ key secret.Value }

func (e keyError) Error() string { return fmt.Sprintf("key %v refused", e.key) }

func carriers() map[string]any {
	v := secret.NewValue(canary)
	k := keyed{Public: v, private: v, Pointer: &v, Any: v, List: []secret.Value{v}, Map: map[string]secret.Value{"k": v}, Keys: map[secret.Value]int{v: 1}}
	k.Inner.deep = v
	return map[string]any{
		"value": v, "pointer": &v, "struct": k, "pointer to struct": &k, "slice": []any{v, &v}, "map": map[string]any{"k": v},
		"map key": map[secret.Value]string{v: "x"}, "array": [2]secret.Value{v, v}, "error": keyError{v},
		"wrapped error": fmt.Errorf("call: %w", errors.Join(keyError{v})),
	}
}

// leaks looks for the canary as it is, quoted, in hex and in decimal bytes.
func leaks(s string) bool {
	hex := fmt.Sprintf("%x", canary)
	decimal := strings.Trim(fmt.Sprint([]byte(canary)), "[]")
	lower := strings.ToLower(s)
	return strings.Contains(s, canary) || strings.Contains(lower, hex) || strings.Contains(s, decimal)
}

func TestNoVerbOfFmtPrintsASecret(t *testing.T) {
	for what, carrier := range carriers() {
		for _, verb := range "vTtbcdoOqxXUeEfFgGspw" {
			for _, flags := range []string{"", "+", "#", " ", "0", "-10", "+#", ".40"} {
				format := "%" + flags + string(verb)
				if out := fmt.Sprintf(format, carrier); leaks(out) {
					t.Errorf("%s by %s: %s", what, format, out)
				}
			}
		}
		if out := fmt.Sprint(carrier) + fmt.Sprintln(carrier); leaks(out) {
			t.Errorf("%s by Sprint: %s", what, out)
		}
	}
}

func TestNoLogPrintsASecret(t *testing.T) {
	for what, carrier := range carriers() {
		var out bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(handler).With("with", carrier).Info("message", "key", carrier, slog.Group("group", "inner", carrier))
		}
		if leaks(out.String()) || out.Len() == 0 {
			t.Errorf("%s: %s", what, out.String())
		}
	}
}

func TestNoEncoderPrintsASecret(t *testing.T) {
	for what, carrier := range carriers() {
		text, _ := json.Marshal(carrier) // what cannot be encoded does not leak either
		indented, _ := json.MarshalIndent(carrier, "", " ")
		marked, _ := xml.Marshal(carrier)
		var binary bytes.Buffer
		_ = gob.NewEncoder(&binary).Encode(carrier)
		for _, out := range []string{string(text), string(indented), string(marked), binary.String()} {
			if leaks(out) {
				t.Errorf("%s: %s", what, out)
			}
		}
	}
}

func TestNoPanicPrintsASecret(t *testing.T) {
	for what, carrier := range carriers() {
		func() {
			defer func() {
				if out := fmt.Sprint(recover()); leaks(out) {
					t.Errorf("%s: %s", what, out)
				}
			}()
			panic(carrier)
		}()
	}
}

func TestLeakDetectorSeesEveryForm(t *testing.T) {
	for _, format := range []string{"%s", "%q", "%x", "%X"} {
		if !leaks(fmt.Sprintf(format, canary)) {
			t.Errorf("%s is not seen", format)
		}
	}
	if !leaks(fmt.Sprint([]byte(canary))) || leaks("[secret]") {
		t.Error("bytes are not seen, or the mask is")
	}
}

func TestRevealGivesTheContentAndNothingElseDoes(t *testing.T) {
	v := secret.NewValue(canary)
	if v.Reveal() != canary || v.Empty() || v.String() != "[secret]" {
		t.Fatalf("reveal %q, empty %v, prints %q", v.Reveal(), v.Empty(), v)
	}
	var zero secret.Value
	if !zero.Empty() || zero.Reveal() != "" || !secret.NewValue("").Empty() {
		t.Fatal("the zero value is not empty")
	}
}
