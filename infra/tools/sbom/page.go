package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// shipped gives the npm packages that a lock file has besides those for development, which are what is bundled.
func shipped(lock string) ([]any, error) {
	text, err := os.ReadFile(lock)
	if err != nil {
		return nil, err
	}
	var file struct {
		Packages map[string]struct {
			Version, Integrity, License string
			Dev                         bool
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", lock, err)
	}
	var found []any
	for _, path := range slices.Sorted(maps.Keys(file.Packages)) {
		at := strings.LastIndex(path, "node_modules/")
		p := file.Packages[path]
		if at < 0 || p.Dev {
			continue
		}
		name := path[at+len("node_modules/"):]
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.Integrity, "sha512-"))
		if err != nil || p.Version == "" {
			return nil, errors.Join(fmt.Errorf("%s: %s has no version or no hash", lock, name), err)
		}
		purl := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		found = append(found, map[string]any{
			"bom-ref": purl, "type": "library", "name": name, "version": p.Version, "scope": "required", "purl": purl,
			"licenses": []any{map[string]any{"license": map[string]any{"id": p.License}}},
			"hashes":   []any{map[string]any{"alg": "SHA-512", "content": hex.EncodeToString(sum)}},
		})
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has nothing that is shipped", lock)
	}
	return found, nil
}
