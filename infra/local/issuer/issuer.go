// Package issuer stands in for SourceWhale's sign-in on a laptop: it signs tokens
// with a key of its own and publishes the public part as JWKS.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What the tokens say about themselves; the settings API must be told the same.
const (
	Name     = "http://issuer.local"
	Audience = "ashby-sync-local"
	Path     = "/.well-known/jwks.json" // where to mount the Issuer
)

const bits = 2048

// Life is how long a token for a local run holds.
const Life = 30 * 24 * time.Hour

// Issuer signs tokens and, as an http.Handler, publishes its key.
type Issuer struct {
	key *rsa.PrivateKey
	id  string
	now func() time.Time
}

// Open takes the key from a file (PEM, readable by its owner only), and makes it
// when there is none.
func Open(path string, now func() time.Time) (*Issuer, error) {
	key, err := load(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key.N.Bytes())
	return &Issuer{key: key, id: hex.EncodeToString(sum[:8]), now: now}, nil
}

// Token signs a token for a user of a team. The role is viewer, member or super.
func (i *Issuer) Token(team, user, role string, admin bool, ttl time.Duration) (string, error) {
	now := i.now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": Name, "aud": Audience, "sub": user, "team": team, "role": role, "admin": admin,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(ttl).Unix(),
	})
	token.Header["kid"] = i.id
	signed, err := token.SignedString(i.key)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}

// ServeHTTP gives the public key as JWKS.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{{ // the caller is gone if this fails
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.id,
		"n": base64.RawURLEncoding.EncodeToString(i.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(i.key.E)).Bytes()),
	}}})
}

func generate() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	return key, nil
}
