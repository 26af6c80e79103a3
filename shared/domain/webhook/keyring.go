package webhook

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"log/slog"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Purpose keeps what is derived for one use from serving another.
type Purpose string

// The purposes.
const (
	Events          Purpose = "events"           // the team's secret for signed events
	SourceWhaleHook Purpose = "hook_sourcewhale" // token in the path of SourceWhale's hooks
	AshbyHook       Purpose = "hook_ashby"       // token in the path of Ashby's hooks, and their secret
)

const (
	masterBytes = 32
	maxMasters  = 8
	// live is how many generations of a team's secret are accepted at a time: the
	// one in use and the one to rotate to.
	live = 2
)

// Keyring derives every team's secrets and tokens from a few master keys, so that
// intake needs one secret and no look-up. The first master signs, all verify. It
// does not print itself. The zero value knows nobody.
type Keyring struct{ inner *ring }

type ring struct {
	masters [][]byte
	revoked map[revocation]bool
}

// document is the secret as it is stored, its names in lower case.
type document struct {
	Masters []string // base64, 32 bytes or more each
	// Generated is one more master, after the others: what Secrets Manager made when
	// the stack was created, which can generate a text but not a list.
	Generated string
	Revoked   []revocation
}

type revocation struct {
	Team       string
	Purpose    Purpose
	Generation int
}

// ParseKeyring reads the master secret:
//
//	{"masters":["<base64>",…],"revoked":[{"team":"…","purpose":"events","generation":1},…]}
//
// A new deployment's has "generated":"<base64>" instead of masters; a master put
// into the list later takes precedence over it.
//
// The error is Internal (the secret is ours) and repeats nothing of it.
func ParseKeyring(text string) (Keyring, error) {
	var d document
	if json.Unmarshal([]byte(text), &d) != nil {
		return Keyring{}, unusable("it is not the JSON it should be")
	}
	if d.Generated != "" {
		d.Masters = append(d.Masters, d.Generated)
	}
	if len(d.Masters) == 0 || len(d.Masters) > maxMasters {
		return Keyring{}, unusable("it must hold one to eight masters")
	}
	r := &ring{revoked: map[revocation]bool{}}
	for _, m := range d.Masters {
		raw, err := base64.StdEncoding.DecodeString(m)
		if err != nil || len(raw) < masterBytes {
			return Keyring{}, unusable("a master is not base64 of 32 bytes or more")
		}
		r.masters = append(r.masters, raw)
	}
	for _, e := range d.Revoked {
		if !slices.Contains([]Purpose{Events, SourceWhaleHook, AshbyHook}, e.Purpose) || e.Generation < 1 || e.Team == "" {
			return Keyring{}, unusable("a revocation lacks its team, purpose or generation")
		}
		r.revoked[e] = true
	}
	return Keyring{r}, nil
}

// NewDocument makes a master secret with one random master, for a new deployment
// or a local run.
func NewDocument(random io.Reader) (string, error) {
	raw := make([]byte, masterBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{
		"masters": []string{base64.StdEncoding.EncodeToString(raw)}, "revoked": []string{},
	})
	return string(text), err
}

// Live lists the generations accepted for a team's signed events: the lowest two
// that are not revoked. The first is the one to show; the second is the one to
// rotate to before the first is revoked.
func (k Keyring) Live(team string) []int {
	var out []int
	for g := 1; len(out) < live; g++ {
		if !k.Revoked(team, Events, g) {
			out = append(out, g)
		}
	}
	return out
}

// Revoked reports whether a generation is on the list of revoked ones.
func (k Keyring) Revoked(team string, purpose Purpose, generation int) bool {
	return k.inner != nil && k.inner.revoked[revocation{team, purpose, generation}]
}

// TeamSecret is the key with which a team signs its events; Reveal shows it as
// "whsec_…". Generations count from 1.
func (k Keyring) TeamSecret(team string, generation int) Key {
	if k.inner == nil {
		return Key{}
	}
	return NewKey(derive(k.inner.masters[0], "secret", team, Events, generation))
}

// TeamKeys lists every key that a team's events may be signed with now.
func (k Keyring) TeamKeys(team string) []Key {
	var keys []Key
	for _, g := range k.Live(team) {
		for _, m := range k.masters() {
			keys = append(keys, NewKey(derive(m, "secret", team, Events, g)))
		}
	}
	return keys
}

// AshbySecret is the secret token to register a team's Ashby webhooks with; it
// belongs to the hook token of the same generation.
func (k Keyring) AshbySecret(team string, generation int) string {
	if k.inner == nil {
		return ""
	}
	return ashbySecret(k.inner.masters[0], team, generation)
}

// AshbySecrets lists the secret tokens with which a hook of that team and
// generation may be signed: one for each master.
func (k Keyring) AshbySecrets(team string, generation int) []string {
	var out []string
	for _, m := range k.masters() {
		out = append(out, ashbySecret(m, team, generation))
	}
	return out
}

func ashbySecret(master []byte, team string, generation int) string {
	return base64.RawURLEncoding.EncodeToString(derive(master, "secret", team, AshbyHook, generation))
}

func (k Keyring) masters() [][]byte {
	if k.inner == nil {
		return nil
	}
	return k.inner.masters
}

// derive gives 32 bytes for one use (HKDF-SHA256). The parts are told apart by
// their lengths, so no two uses share an info.
func derive(master []byte, use, team string, purpose Purpose, generation int) []byte {
	info := []byte("ashby-sync/1")
	for _, part := range []string{use, string(purpose), team} {
		info = binary.BigEndian.AppendUint32(info, uint32(len(part)))
		info = append(info, part...)
	}
	info = binary.BigEndian.AppendUint32(info, uint32(generation))
	out, err := hkdf.Key(sha256.New, master, nil, string(info), masterBytes)
	if err != nil { // only if more than 255 hashes' worth is asked for
		panic("hkdf refused 32 bytes")
	}
	return out
}

func unusable(why string) error {
	return fault.New(fault.Internal, "keyring_unusable", "the intake master secret cannot be used: "+why)
}

// String hides the keys.
func (Keyring) String() string { return "[keyring]" }

// GoString hides the keys from %#v.
func (Keyring) GoString() string { return "[keyring]" }

// LogValue hides the keys from slog.
func (Keyring) LogValue() slog.Value { return slog.StringValue("[keyring]") }

// MarshalText hides the keys from encoders.
func (Keyring) MarshalText() ([]byte, error) { return []byte("[keyring]"), nil }
