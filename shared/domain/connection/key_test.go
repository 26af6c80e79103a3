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
	for name, c := range map[string]struct {
		scopes  []string
		missing []connection.Permission
		p       connection.Permission
		want    connection.Grant
	}{
		"a call found it missing":               {nil, []connection.Permission{connection.OrganizationRead}, connection.OrganizationRead, connection.Missing},
		"a call found it missing, scopes or no": {[]string{"organization:read"}, []connection.Permission{connection.OrganizationRead}, connection.OrganizationRead, connection.Missing},
		"a call would have found it missing":    {nil, nil, connection.CandidatesRead, connection.Granted},
		"scopes name it":                        {[]string{"hiring_process_metadata:write"}, nil, connection.HiringMetadataWrite, connection.Granted},
		"scopes name it as endpoints do":        {[]string{"hiringProcessMetadataWrite"}, nil, connection.HiringMetadataWrite, connection.Granted},
		"scopes name others":                    {[]string{"candidates:read"}, nil, connection.HiringMetadataWrite, connection.Missing},
		"scopes in words we do not know":        {[]string{"everything"}, nil, connection.HiringMetadataWrite, connection.Unknown},
		"scopes that may not be read":           {nil, nil, connection.HiringMetadataWrite, connection.Unknown},
	} {
		if got := connection.Grants(c.scopes, c.missing)[c.p]; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
