// Package secrettest is the suite that every secret store passes.
package secrettest

import (
	"crypto/rand"
	"fmt"
	"sync"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// Known names tests of the suite that an emulator is known to fail, with the
// emulator and the reason; they are skipped.
type Known map[string]string

var tests = []struct {
	name string
	run  func(t *testing.T, s secret.Store, name string)
}{
	{"a secret is read back with its version", readBack},
	{"a new version is current at once, the old one stays readable", newVersion},
	{"putting the same version again is no error", samePut},
	{"putting an older version again leaves the newer one current", olderPut},
	{"the same version with another value is refused and changes nothing", otherValue},
	{"what is not there is not found", absent},
	{"a deleted secret is gone with all versions", deleted},
	{"a deleted secret can be made again under its name", recreated},
	{"deleting what is not there is no error", deletedTwice},
	{"values come back byte for byte", bytewise},
	{"many readers at once read the same", concurrent},
	{"secrets do not mix", apart},
}

// Suite runs every test against the store, each under a name of its own.
func Suite(t *testing.T, s secret.Store, known Known) {
	names := map[string]bool{}
	for _, c := range tests {
		names[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if reason := known[c.name]; reason != "" {
				t.Skip("known: " + reason)
			}
			c.run(t, s, "suite/"+rand.Text())
		})
	}
	for name := range known {
		if !names[name] {
			t.Errorf("the suite has no test %q", name)
		}
	}
}

// version makes a fresh version id, a random UUID.
func version() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func put(t *testing.T, s secret.Store, name, value string) (id string) {
	t.Helper()
	id = version()
	if err := s.Put(t.Context(), name, id, secret.NewValue(value)); err != nil {
		t.Fatalf("put: %v", err)
	}
	return id
}

func remove(t *testing.T, s secret.Store, name string) {
	t.Helper()
	if err := s.Delete(t.Context(), name); err != nil {
		t.Fatalf("delete: %v", err)
	}
}

// reads checks a version ("": the current one) for its value and its id.
func reads(t *testing.T, s secret.Store, name, id, want, wantID string) {
	t.Helper()
	value, got, err := s.Get(t.Context(), name, id)
	if err != nil || value.Reveal() != want || got != wantID {
		t.Errorf("get %q: %q of version %q, %v; want %q of %q", id, value.Reveal(), got, err, want, wantID)
	}
}

func notFound(t *testing.T, s secret.Store, name, id string) {
	t.Helper()
	if value, _, err := s.Get(t.Context(), name, id); !fault.Is(err, fault.NotFound) || !value.Empty() {
		t.Errorf("get %q: a value: %v, %v; want not_found", id, !value.Empty(), err)
	}
}

func readBack(t *testing.T, s secret.Store, name string) {
	id := put(t, s, name, "one")
	reads(t, s, name, "", "one", id)
	reads(t, s, name, id, "one", id)
}

func newVersion(t *testing.T, s secret.Store, name string) {
	first := put(t, s, name, "one")
	second := put(t, s, name, "two")
	reads(t, s, name, "", "two", second)
	reads(t, s, name, first, "one", first)
	reads(t, s, name, second, "two", second)
}

func samePut(t *testing.T, s secret.Store, name string) {
	for _, value := range []string{"one", "two"} { // the first makes the secret, the second a version
		id := put(t, s, name, value)
		if err := s.Put(t.Context(), name, id, secret.NewValue(value)); err != nil {
			t.Fatalf("put again: %v", err)
		}
		reads(t, s, name, "", value, id)
	}
}

func olderPut(t *testing.T, s secret.Store, name string) {
	first := put(t, s, name, "one")
	second := put(t, s, name, "two")
	if err := s.Put(t.Context(), name, first, secret.NewValue("one")); err != nil {
		t.Fatalf("put again: %v", err)
	}
	reads(t, s, name, "", "two", second)
}

func otherValue(t *testing.T, s secret.Store, name string) {
	id := put(t, s, name, "one")
	if err := s.Put(t.Context(), name, id, secret.NewValue("other")); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want conflict", err)
	}
	reads(t, s, name, "", "one", id)
}

func absent(t *testing.T, s secret.Store, name string) {
	notFound(t, s, name, "")
	notFound(t, s, name, version())
	put(t, s, name, "one")
	notFound(t, s, name, version())
}

func deleted(t *testing.T, s secret.Store, name string) {
	first := put(t, s, name, "one")
	second := put(t, s, name, "two")
	remove(t, s, name)
	for _, id := range []string{"", first, second} {
		notFound(t, s, name, id)
	}
}

func recreated(t *testing.T, s secret.Store, name string) {
	old := put(t, s, name, "one")
	remove(t, s, name)
	id := put(t, s, name, "two")
	reads(t, s, name, "", "two", id)
	notFound(t, s, name, old)
}

func deletedTwice(t *testing.T, s secret.Store, name string) {
	remove(t, s, name)
	put(t, s, name, "one")
	remove(t, s, name)
	remove(t, s, name)
}

func bytewise(t *testing.T, s secret.Store, name string) {
	for _, value := range []string{"Grüße 世界 🐳", " blanks\tand\nlines \n", `{"a":"\u0000\\"}`, "%20+&=?#"} {
		id := put(t, s, name, value)
		reads(t, s, name, "", value, id)
	}
}

func concurrent(t *testing.T, s secret.Store, name string) {
	first := put(t, s, name, "one")
	second := put(t, s, name, "two")
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() { reads(t, s, name, first, "one", first) })
		readers.Go(func() { reads(t, s, name, "", "two", second) })
	}
	readers.Wait()
}

func apart(t *testing.T, s secret.Store, name string) {
	mine, other := put(t, s, name, "mine"), put(t, s, name+"-other", "other")
	remove(t, s, name+"-other")
	reads(t, s, name, "", "mine", mine)
	notFound(t, s, name, other)
	notFound(t, s, name+"-other", "")
}
