package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const ashbyScheme = "sha256="

// SignAshby gives the Ashby-Signature header's value for a body: the secret
// token's own characters are the key, the raw body is the message.
func SignAshby(secretToken string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secretToken))
	mac.Write(body)
	return ashbyScheme + hex.EncodeToString(mac.Sum(nil))
}

// VerifyAshby reports whether the header's value was made with one of the secret
// tokens. There is no time in it: a receiver must bear repeats. A refusal is
// Unauthenticated "bad_signature".
func VerifyAshby(secretTokens []string, signature string, body []byte) error {
	given := []byte(strings.ToLower(strings.TrimSpace(signature)))
	for _, secret := range secretTokens {
		if secret != "" && hmac.Equal([]byte(SignAshby(secret, body)), given) {
			return nil
		}
	}
	return refusal("no signature matches")
}
