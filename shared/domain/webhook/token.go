package webhook

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
)

const (
	tokenVersion = 1
	tokenHead    = 1 + 1 + 4 // version, purpose, generation
	tokenMAC     = 20        // bytes
	maxToken     = 256       // characters
)

var (
	tokenBase64 = base64.RawURLEncoding.Strict()
	purposeByte = map[Purpose]byte{SourceWhaleHook: 1, AshbyHook: 2}
)

// HookToken is what the path of a team's hooks ends in. It proves itself: it
// carries team, generation and purpose with a MAC over them (base64url), so
// whoever checks it looks nothing up. Only hooks have tokens; for another purpose
// it is empty.
func (k Keyring) HookToken(team string, purpose Purpose, generation int) string {
	p, ok := purposeByte[purpose]
	if k.inner == nil || !ok {
		return ""
	}
	raw := []byte{tokenVersion, p}
	raw = binary.BigEndian.AppendUint32(raw, uint32(generation))
	raw = append(raw, team...)
	raw = append(raw, tokenProof(k.inner.masters[0], team, purpose, generation)...)
	return tokenBase64.EncodeToString(raw)
}

// VerifyToken reads a hook token that one of the masters made for the purpose and
// whose generation is not revoked. A refusal is Unauthenticated "bad_signature".
func (k Keyring) VerifyToken(token string, purpose Purpose) (team string, generation int, err error) {
	if len(token) > maxToken {
		return "", 0, refusal("token too long")
	}
	raw, err := tokenBase64.DecodeString(token)
	if err != nil || len(raw) <= tokenHead+tokenMAC || raw[0] != tokenVersion || raw[1] != purposeByte[purpose] {
		return "", 0, refusal("not a token of this purpose")
	}
	generation = int(binary.BigEndian.Uint32(raw[2:]))
	team, proof := string(raw[tokenHead:len(raw)-tokenMAC]), raw[len(raw)-tokenMAC:]
	if generation < 1 || k.Revoked(team, purpose, generation) {
		return "", 0, refusal("token revoked")
	}
	for _, m := range k.masters() {
		if hmac.Equal(proof, tokenProof(m, team, purpose, generation)) {
			return team, generation, nil
		}
	}
	return "", 0, refusal("token not ours")
}

// tokenProof is a MAC by derivation: only who has the master can make it, and it
// is bound to everything the token says.
func tokenProof(master []byte, team string, purpose Purpose, generation int) []byte {
	return derive(master, "token", team, purpose, generation)[:tokenMAC]
}
