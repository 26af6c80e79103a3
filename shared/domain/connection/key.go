package connection

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// fingerprintBytes is long enough that no two keys share a fingerprint.
const fingerprintBytes = 16

// Fingerprint tells keys apart without telling a key: a part of the hash of a
// key, 32 hex digits. Keys are long and random, so it cannot be guessed back.
func Fingerprint(key string) string {
	sum := sha256.Sum256([]byte("ashby-key\n" + key))
	return hex.EncodeToString(sum[:fingerprintBytes])
}

// shortestShown is the length below which four characters would be too much of
// a key to show.
const shortestShown = 16

// LastFour gives the end of a key, by which people recognise it; empty for keys
// so short that four characters would give too much away.
func LastFour(key string) string {
	if len(key) < shortestShown {
		return ""
	}
	end := key[len(key)-4:]
	if !utf8.ValidString(end) {
		return ""
	}
	return end
}
