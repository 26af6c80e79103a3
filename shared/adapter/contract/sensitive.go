package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// sensitive goes by the name however it is written: with capitals, separators or
// spaces.
func sensitive(name string) bool {
	if contact.Sensitive(name) {
		return true
	}
	switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)) {
	case "gender", "dominantrace":
		return true
	}
	return false
}

// prune cuts sensitive variables out of a tree, at any depth, and says how many
// there were.
func prune(n *node) int {
	if n == nil {
		return 0
	}
	cut := 0
	for _, key := range slices.Clone(n.keys) {
		if sensitive(key) {
			cut += 1 + count(n.twice, key)
			n.remove(key)
			continue
		}
		cut += prune(n.fields[key])
	}
	for _, item := range n.items {
		cut += prune(item)
	}
	return cut
}

// pruneNames cuts the names of sensitive variables out of a list of names.
func pruneNames(n *node) int {
	if n == nil {
		return 0
	}
	before := len(n.items)
	n.items = slices.DeleteFunc(n.items, func(item *node) bool { return item.kind == text && sensitive(item.text) })
	return before - len(n.items)
}

func count(all []string, one string) int {
	n := 0
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// hash is the SHA-256 (hex) of the canonical JSON.
func (n *node) hash() string {
	var b bytes.Buffer
	n.canonical(&b)
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}
