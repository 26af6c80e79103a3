// Package webhook proves who sent a request: Standard Webhooks signatures,
// Ashby's signatures, and the secrets and tokens that are derived for each team.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Tolerance is how far the time of a signature may be from ours, either way.
const Tolerance = 5 * time.Minute

const (
	maxSignatures = 16  // in one header; more is an attack on our time
	maxID         = 256 // bytes
	keyPrefix     = "whsec_"
	version       = "v1,"
)

// Signed is what the headers of a signed request say (standardwebhooks.com).
type Signed struct {
	ID        string // webhook-id
	Timestamp string // webhook-timestamp: unix seconds
	Signature string // webhook-signature: "v1,<base64>", several separated by spaces
}

// Sign gives the signature header's value for a message: HMAC-SHA256 over
// "id.timestamp.body".
func Sign(key Key, id string, at time.Time, body []byte) string {
	return sign(key, id, strconv.FormatInt(at.Unix(), 10), body)
}

// Verify reports whether one of the signatures was made with one of the keys, and
// not longer than Tolerance ago (or ahead). Every refusal looks the same to the
// caller, Unauthenticated "bad_signature"; the cause tells them apart for us.
func Verify(keys []Key, s Signed, body []byte, now time.Time) error {
	if s.ID == "" || len(s.ID) > maxID || s.Signature == "" {
		return refusal("headers missing")
	}
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if err != nil {
		return refusal("timestamp is no number")
	}
	if d := now.Sub(time.Unix(seconds, 0)); d > Tolerance || d < -Tolerance {
		return refusal("timestamp out of tolerance")
	}
	given := strings.Fields(s.Signature)
	if len(given) > maxSignatures {
		return refusal("too many signatures")
	}
	for _, key := range keys {
		want := []byte(sign(key, s.ID, s.Timestamp, body))
		for _, g := range given {
			if !key.Empty() && hmac.Equal(want, []byte(g)) {
				return nil
			}
		}
	}
	return refusal("no signature matches")
}

func sign(key Key, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key.bytes())
	for _, part := range []string{id, ".", timestamp, "."} {
		mac.Write([]byte(part))
	}
	mac.Write(body)
	return version + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func refusal(why string) error {
	return fault.New(fault.Unauthenticated, "bad_signature", "the request's signature or token is not valid").
		Because(errors.New(why))
}
