package jwt

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Key sizes in bits; more costs time without adding safety.
const (
	minModulus = 2048
	maxModulus = 8192
)

// jwk is one key of a set (RFC 7517, 7518).
type jwk struct {
	Type      string `json:"kty"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}

// parseKeys gives the keys of a set that can verify RS256, by id. Others are left
// out; a set without any is an error, because an issuer always has one.
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("read the issuer's keys: %w", err)
	}
	keys := map[string]*rsa.PublicKey{}
	for _, k := range set.Keys {
		if key, ok := k.public(); ok {
			keys[k.ID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("read the issuer's keys: none is an RSA key for signatures")
	}
	return keys, nil
}

func (k jwk) public() (*rsa.PublicKey, bool) {
	if k.Type != "RSA" || k.ID == "" || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != "RS256" {
		return nil, false
	}
	n, nErr := base64.RawURLEncoding.DecodeString(k.Modulus)
	e, eErr := base64.RawURLEncoding.DecodeString(k.Exponent)
	n, e = bytes.TrimLeft(n, "\x00"), bytes.TrimLeft(e, "\x00")
	if nErr != nil || eErr != nil || len(n) > maxModulus/8 || len(e) == 0 || len(e) > 4 {
		return nil, false
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	odd := key.N.Bit(0) == 1 && key.E&1 == 1
	return key, odd && key.E >= 3 && key.N.BitLen() >= minModulus && key.E < 1<<31
}
