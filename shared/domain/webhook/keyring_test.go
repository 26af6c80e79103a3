package webhook_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

var (
	masterA = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	masterB = base64.StdEncoding.EncodeToString([]byte("fedcba9876543210fedcba9876543210"))
)

func documentOf(masters ...string) string {
	return `{"masters":["` + strings.Join(masters, `","`) + `"]}`
}

func parseRing(tb testing.TB, text string) webhook.Keyring {
	tb.Helper()
	ring, err := webhook.ParseKeyring(text)
	if err != nil {
		tb.Fatal(err)
	}
	return ring
}

func TestDerivationsArePinned(t *testing.T) {
	// A change of these would cut off every team at once.
	ring := parseRing(t, documentOf(masterA))
	for what, c := range map[string][2]string{
		"team secret":      {ring.TeamSecret("t1", 1).Reveal(), "whsec_buWbNAmQ4oBKJ/Mx1QEjL33d7nwfkBMquLDuYcHcMyE="},
		"sourcewhale hook": {ring.HookToken("t1", webhook.SourceWhaleHook, 1), "AQEAAAABdDHZUyvz7EMVSC-3b1koyoOotuhLvQ"},
		"ashby hook":       {ring.HookToken("t1", webhook.AshbyHook, 2), "AQIAAAACdDEx0lwNNppwQiPfh3dMNm6dTp6N0g"},
		"ashby secret":     {ring.AshbySecret("t1", 2), "QRvDAHNenCZCKG9MfmV_eI6KK_vJqdzj9kVBZzyIQi8"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s = %s", what, c[0])
		}
	}
}

func TestNothingDerivedServesTwoUses(t *testing.T) {
	seen := map[string]string{}
	for _, master := range []string{masterA, masterB} {
		ring := parseRing(t, documentOf(master))
		for _, team := range []string{"t1", "t", "1", "hook_ashby"} {
			for g := 1; g <= 2; g++ {
				for what, v := range map[string]string{
					"secret": ring.TeamSecret(team, g).Reveal(), "ashby": ring.AshbySecret(team, g),
					"hook s": ring.HookToken(team, webhook.SourceWhaleHook, g), "hook a": ring.HookToken(team, webhook.AshbyHook, g),
				} {
					if before, ok := seen[v]; ok {
						t.Errorf("%s of %s and %s are one", what, team, before)
					}
					seen[v] = what + " of " + team
				}
			}
		}
	}
}

func TestTokensProveTeamPurposeAndGeneration(t *testing.T) {
	ring := parseRing(t, documentOf(masterA))
	for _, purpose := range []webhook.Purpose{webhook.SourceWhaleHook, webhook.AshbyHook} {
		for _, team := range []string{"t1", "ünï-cödé", strings.Repeat("x", 128)} {
			token := ring.HookToken(team, purpose, 3)
			got, generation, err := ring.VerifyToken(token, purpose)
			if err != nil || got != team || generation != 3 {
				t.Errorf("%s: %q %d %v", purpose, got, generation, err)
			}
			if strings.ContainsAny(token, "+/=?&#%") {
				t.Errorf("a token that is no path segment: %s", token)
			}
		}
	}
	if _, _, err := ring.VerifyToken(ring.HookToken("t1", webhook.SourceWhaleHook, 1), webhook.AshbyHook); err == nil {
		t.Error("a token served another purpose")
	}
	if got := ring.HookToken("t1", webhook.Events, 1); got != "" {
		t.Errorf("a token for signed events: %s", got)
	}
}

func TestEveryChangeOfATokenIsRefused(t *testing.T) {
	ring := parseRing(t, documentOf(masterA))
	token := ring.HookToken("t1", webhook.AshbyHook, 1)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for bit := range 8 {
			changed := slices.Clone(raw)
			changed[i] ^= 1 << bit
			refused(t, ring, base64.RawURLEncoding.EncodeToString(changed))
		}
	}
	for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if other := token[:len(token)-1] + string(last); other != token {
			refused(t, ring, other)
		}
	}
	for _, other := range []string{"", "x", token + "A", token[1:], token[:len(token)-1], token + "=", strings.Repeat("A", 5000)} {
		refused(t, ring, other)
	}
	refused(t, parseRing(t, documentOf(masterB)), token)
	refused(t, webhook.Keyring{}, token)
}

func refused(t *testing.T, ring webhook.Keyring, token string) {
	t.Helper()
	team, _, err := ring.VerifyToken(token, webhook.AshbyHook)
	if !fault.Is(err, fault.Unauthenticated) || team != "" {
		t.Errorf("token %.40q: team %q, %v", token, team, err)
	}
}

func TestTheFirstMasterSignsAndAllVerify(t *testing.T) {
	before, during := parseRing(t, documentOf(masterA)), parseRing(t, documentOf(masterB, masterA))
	if during.TeamSecret("t1", 1).Reveal() == before.TeamSecret("t1", 1).Reveal() {
		t.Error("the first master does not sign")
	}
	if _, _, err := during.VerifyToken(before.HookToken("t1", webhook.AshbyHook, 1), webhook.AshbyHook); err != nil {
		t.Errorf("an old token: %v", err)
	}
	body, now := []byte("{}"), time.Unix(1700000000, 0)
	for _, signer := range []webhook.Keyring{before, during} {
		s := webhook.Signed{ID: "m", Timestamp: "1700000000", Signature: webhook.Sign(signer.TeamSecret("t1", 1), "m", now, body)}
		if err := webhook.Verify(during.TeamKeys("t1"), s, body, now); err != nil {
			t.Errorf("signed events: %v", err)
		}
		if err := webhook.Verify(during.TeamKeys("t2"), s, body, now); err == nil {
			t.Error("another team's keys verified them")
		}
		if err := webhook.VerifyAshby(during.AshbySecrets("t1", 1), webhook.SignAshby(signer.AshbySecret("t1", 1), body), body); err != nil {
			t.Errorf("Ashby's hook: %v", err)
		}
	}
}

func TestRevokedGenerationsAreRefusedAndTheNextIsLive(t *testing.T) {
	ring := parseRing(t, `{"masters":["`+masterA+`"],"revoked":[
		{"team":"t1","purpose":"events","generation":1},{"team":"t1","purpose":"events","generation":3},
		{"team":"t1","purpose":"hook_ashby","generation":1}]}`)
	if got := ring.Live("t1"); !slices.Equal(got, []int{2, 4}) {
		t.Errorf("live generations %v", got)
	}
	if got := ring.Live("t2"); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("another team's live generations %v", got)
	}
	for _, c := range []struct {
		team    string
		purpose webhook.Purpose
		g       int
		ok      bool
	}{
		{"t1", webhook.AshbyHook, 1, false},
		{"t1", webhook.AshbyHook, 2, true},
		{"t1", webhook.SourceWhaleHook, 1, true},
		{"t2", webhook.AshbyHook, 1, true},
		{"t1", webhook.SourceWhaleHook, 0, false},
	} {
		if _, _, err := ring.VerifyToken(ring.HookToken(c.team, c.purpose, c.g), c.purpose); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, k := range ring.TeamKeys("t1") {
		if k.Reveal() == ring.TeamSecret("t1", 1).Reveal() {
			t.Error("a revoked secret still verifies")
		}
	}
}

func TestAGeneratedMasterServesAloneAndThenBehindOthers(t *testing.T) {
	// 64 letters and digits, as Secrets Manager generates them, are base64 of 48 bytes.
	generated := strings.Repeat("aZ09", 16)
	fresh := parseRing(t, `{"generated":"`+generated+`","revoked":[]}`)
	listed := parseRing(t, documentOf(generated))
	if fresh.TeamSecret("t1", 1).Reveal() != listed.TeamSecret("t1", 1).Reveal() {
		t.Error("a generated master derives otherwise than a listed one")
	}
	rotated := parseRing(t, `{"masters":["`+masterA+`"],"generated":"`+generated+`"}`)
	if rotated.TeamSecret("t1", 1).Reveal() != parseRing(t, documentOf(masterA)).TeamSecret("t1", 1).Reveal() {
		t.Error("the listed master does not sign")
	}
	if _, _, err := rotated.VerifyToken(fresh.HookToken("t1", webhook.AshbyHook, 1), webhook.AshbyHook); err != nil {
		t.Errorf("a token of the generated master no longer holds: %v", err)
	}
}

func TestAKeyringThatCannotServeIsRefusedWithoutRepeatingIt(t *testing.T) {
	short := base64.StdEncoding.EncodeToString([]byte("hunter2hunter2"))
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "hunter2", "no masters": "{}", "empty masters": `{"masters":[]}`, "short": documentOf(short),
		"no base64": documentOf("hunter2hunter2hunter2hunter2hunter2-"), "too many": documentOf(slices.Repeat([]string{masterA}, 9)...),
		"unknown purpose": `{"masters":["` + masterA + `"],"revoked":[{"team":"t","purpose":"hunter2","generation":1}]}`,
		"no generation":   `{"masters":["` + masterA + `"],"revoked":[{"team":"t","purpose":"events"}]}`,
	} {
		_, err := webhook.ParseKeyring(text)
		if !fault.Is(err, fault.Internal) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), short) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANewDocumentServes(t *testing.T) {
	text, err := webhook.NewDocument(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if parseRing(t, text).TeamSecret("t1", 1).Empty() {
		t.Error("it derives nothing")
	}
	if _, err := webhook.NewDocument(bytes.NewReader(nil)); err == nil {
		t.Error("made without randomness")
	}
}

func FuzzVerifyTokenAcceptsOnlyWhatWasMinted(f *testing.F) {
	minted := parseRing(f, documentOf(masterA)).HookToken("t1", webhook.AshbyHook, 1)
	f.Add(minted)
	f.Add("AQIAAAAB")
	f.Fuzz(func(t *testing.T, token string) {
		ring := parseRing(t, documentOf(masterA))
		team, generation, err := ring.VerifyToken(token, webhook.AshbyHook)
		if err == nil && token != ring.HookToken(team, webhook.AshbyHook, generation) {
			t.Errorf("accepted %q", token)
		}
	})
}
