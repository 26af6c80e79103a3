package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// The vector published by the Standard Webhooks project.
var (
	vectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorBody   = []byte(`{"test": 2432232314}`)
	vectorTime   = time.Unix(1614265330, 0)
	vector       = webhook.Signed{
		ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp: "1614265330",
		Signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
	}
)

func parseKey(tb testing.TB, text string) webhook.Key {
	tb.Helper()
	key, err := webhook.ParseKey(text)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func TestThePublishedVectorIsSignedAndVerified(t *testing.T) {
	key := parseKey(t, vectorSecret)
	if got := webhook.Sign(key, vector.ID, vectorTime, vectorBody); got != vector.Signature {
		t.Errorf("Sign = %s", got)
	}
	if err := webhook.Verify([]webhook.Key{key}, vector, vectorBody, vectorTime); err != nil {
		t.Errorf("Verify: %v", err)
	}
	if key.Reveal() != vectorSecret {
		t.Error("Reveal does not give the secret back")
	}
}

func TestVerifyAcceptsAndRefuses(t *testing.T) {
	key, other := parseKey(t, vectorSecret), webhook.NewKey([]byte("another key of some length......"))
	sig := vector.Signature
	for _, c := range []struct {
		name string
		keys []webhook.Key
		s    webhook.Signed
		body string
		skew time.Duration
		ok   bool
	}{
		{"one of several signatures", []webhook.Key{key}, webhook.Signed{vector.ID, vector.Timestamp, "v1,AAAA v1a,xyz " + sig}, "", 0, true},
		{"one of several keys", []webhook.Key{other, key}, vector, "", 0, true},
		{"five minutes late", []webhook.Key{key}, vector, "", 5 * time.Minute, true},
		{"five minutes early", []webhook.Key{key}, vector, "", -5 * time.Minute, true},
		{"later than that", []webhook.Key{key}, vector, "", 5*time.Minute + time.Second, false},
		{"earlier than that", []webhook.Key{key}, vector, "", -5*time.Minute - time.Second, false},
		{"another key", []webhook.Key{other}, vector, "", 0, false},
		{"no keys", nil, vector, "", 0, false},
		{"another body", []webhook.Key{key}, vector, `{"test":2432232314}`, 0, false},
		{"another id", []webhook.Key{key}, webhook.Signed{"msg_x", vector.Timestamp, sig}, "", 0, false},
		{"another time", []webhook.Key{key}, webhook.Signed{vector.ID, "1614265331", sig}, "", 0, false},
		{"another scheme", []webhook.Key{key}, webhook.Signed{vector.ID, vector.Timestamp, "v2" + sig[2:]}, "", 0, false},
		{"cut at the comma", []webhook.Key{key}, webhook.Signed{vector.ID, vector.Timestamp, "v1"}, "", 0, false},
		{"no id", []webhook.Key{key}, webhook.Signed{"", vector.Timestamp, sig}, "", 0, false},
		{"no signature", []webhook.Key{key}, webhook.Signed{vector.ID, vector.Timestamp, ""}, "", 0, false},
		{"a time that is none", []webhook.Key{key}, webhook.Signed{vector.ID, "now", sig}, "", 0, false},
		{"a time that overflows", []webhook.Key{key}, webhook.Signed{vector.ID, "9223372036854775807", sig}, "", 0, false},
		{"a flood of signatures", []webhook.Key{key}, webhook.Signed{vector.ID, vector.Timestamp, strings.Repeat("v1,A ", 20) + sig}, "", 0, false},
	} {
		body := vectorBody
		if c.body != "" {
			body = []byte(c.body)
		}
		err := webhook.Verify(c.keys, c.s, body, vectorTime.Add(c.skew))
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && (!fault.Is(err, fault.Unauthenticated) || fault.Of(err).Code() != "bad_signature") {
			t.Errorf("%s: refused otherwise than the rest: %v", c.name, err)
		}
	}
}

func TestAnEmptyKeyVerifiesNothing(t *testing.T) {
	s := vector
	s.Signature = webhook.Sign(webhook.Key{}, s.ID, vectorTime, vectorBody)
	if webhook.Verify([]webhook.Key{{}}, s, vectorBody, vectorTime) == nil {
		t.Error("a signature by no key was accepted")
	}
}

func TestWhatIsNoSecretIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, text := range []string{"", "whsec_", "whsec_hunter2!!", "hunter2-"} {
		_, err := webhook.ParseKey(text)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAshbysSignatureIsOverTheRawBody(t *testing.T) {
	// printf '{"action":"ping"}' | openssl dgst -sha256 -hmac s3cr3t
	const want = "sha256=6f9500ab9cd0a6cab96db3eac69b86caca2bbf807fcf886435876a5743724b84"
	body := []byte(`{"action":"ping"}`)
	got := webhook.SignAshby("s3cr3t", body)
	if got != want {
		t.Errorf("SignAshby = %s", got)
	}
	for _, c := range []struct {
		name, signature, body string
		secrets               []string
		ok                    bool
	}{
		{"right", got, string(body), []string{"old", "s3cr3t"}, true},
		{"upper-case hex", "SHA256=" + strings.ToUpper(got[7:]), string(body), []string{"s3cr3t"}, true},
		{"other body", got, `{"action": "ping"}`, []string{"s3cr3t"}, false},
		{"other secret", got, string(body), []string{"secret"}, false},
		{"no secrets", got, string(body), nil, false},
		{"empty secret", webhook.SignAshby("", body), string(body), []string{""}, false},
		{"no header", "", string(body), []string{"s3cr3t"}, false},
		{"no scheme", got[7:], string(body), []string{"s3cr3t"}, false},
	} {
		if err := webhook.VerifyAshby(c.secrets, c.signature, []byte(c.body)); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestKeysDoNotPrintThemselves(t *testing.T) {
	key := parseKey(t, vectorSecret)
	ring := parseRing(t, documentOf(masterA))
	for _, v := range []any{key, &key, []webhook.Key{key}, struct{ K webhook.Key }{key}, ring, &ring, map[string]any{"r": ring}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
			out := fmt.Sprintf(verb, v)
			for _, raw := range []string{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", masterA, fmt.Sprintf("%x", "0123456789abcdef"), "48, 49, 50"} {
				if strings.Contains(out, raw) {
					t.Errorf("%T by %s: %s", v, verb, out)
				}
			}
		}
	}
}

func FuzzVerifyAcceptsOnlyWhatWasSigned(f *testing.F) {
	f.Add(vector.ID, vector.Timestamp, vector.Signature, vectorBody)
	f.Add("a.b", "1", "v1,A v1,", []byte("{}"))
	f.Fuzz(func(t *testing.T, id, timestamp, signature string, body []byte) {
		key := parseKey(t, vectorSecret)
		s := webhook.Signed{ID: id, Timestamp: timestamp, Signature: signature}
		err := webhook.Verify([]webhook.Key{key}, s, body, vectorTime)
		if err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("refused by %v", err)
		}
		if err == nil && !slices.Contains(strings.Fields(signature), independently(id, timestamp, body)) {
			t.Errorf("accepted %q %q %q", id, timestamp, signature)
		}
	})
}

// independently signs with the vector's secret by the standard library alone.
func independently(id, timestamp string, body []byte) string {
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(vectorSecret, "whsec_"))
	mac := hmac.New(sha256.New, raw)
	mac.Write([]byte(id + "." + timestamp + "." + string(body)))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
