package webhook

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
)

// Key is a signing secret. Its bytes hide behind a pointer, because fmt walks
// into unexported fields; every way to print it says "[key]".
type Key struct{ content *[]byte }

// NewKey makes a key of raw bytes.
func NewKey(raw []byte) Key {
	raw = append([]byte(nil), raw...)
	return Key{&raw}
}

// ParseKey reads a Standard Webhooks secret: "whsec_" and base64 (the prefix may
// be missing). The error does not repeat the text.
func ParseKey(text string) (Key, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(text), keyPrefix))
	if err != nil || len(raw) == 0 {
		return Key{}, errors.New("not a webhook secret")
	}
	return NewKey(raw), nil
}

// Reveal gives the secret as its owner enters it: "whsec_…". For showing it once
// and for signing elsewhere.
func (k Key) Reveal() string { return keyPrefix + base64.StdEncoding.EncodeToString(k.bytes()) }

// Empty reports whether there is nothing inside; an empty key verifies nothing.
func (k Key) Empty() bool { return len(k.bytes()) == 0 }

func (k Key) bytes() []byte {
	if k.content == nil {
		return nil
	}
	return *k.content
}

// String hides the key.
func (Key) String() string { return "[key]" }

// GoString hides the key from %#v.
func (Key) GoString() string { return "[key]" }

// LogValue hides the key from slog.
func (Key) LogValue() slog.Value { return slog.StringValue("[key]") }

// MarshalText hides the key from encoders.
func (Key) MarshalText() ([]byte, error) { return []byte("[key]"), nil }
