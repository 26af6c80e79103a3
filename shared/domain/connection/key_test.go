package connection_test

import (
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
)

func TestAFingerprintTellsKeysApartAndTellsNoKey(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	f := connection.Fingerprint(key)
	if len(f) != 32 || strings.Contains(key, f[:8]) || f != connection.Fingerprint(key) {
		t.Errorf("fingerprint %s", f)
	}
	if f == connection.Fingerprint(key+"0") {
		t.Error("two keys share a fingerprint")
	}
}

func TestOnlyLongKeysShowTheirEnd(t *testing.T) {
	for key, want := range map[string]string{
		"0123456789abcdef": "cdef", "0123456789abcde": "", "": "", "0123456789abcde\xff": "",
	} {
		if got := connection.LastFour(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func TestWhatAKeyMayDo(t *testing.T) {
	c := connection.Connection{Fingerprint: "f", Missing: []connection.Permission{connection.OrganizationRead}}
	if got := c.Grant(connection.OrganizationRead); got != connection.Missing {
		t.Errorf("a missing one is %s", got)
	}
	if got := c.Grant(connection.CandidatesRead); got != connection.Granted {
		t.Errorf("another is %s", got)
	}
	if got := (connection.Connection{}).Grant(connection.CandidatesRead); got != connection.Unknown {
		t.Errorf("without a key: %s", got)
	}
}

func TestScopesAreReadHoweverTheyAreSpelled(t *testing.T) {
	for scope, want := range map[string]bool{
		"hiringProcessMetadata:write": true, "hiring_process_metadata:write": true, "hiringProcessMetadataWrite": true,
		"hiringProcessMetadata:read": false, "write": false, "": false, "everything": false,
	} {
		if got := connection.Lists([]string{"jobs:read", scope}, connection.HiringMetadataWrite); got != want {
			t.Errorf("%q: %v", scope, got)
		}
	}
}
