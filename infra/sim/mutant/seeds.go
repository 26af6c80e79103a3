package mutant

import (
	_ "embed" // seeds.txt
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed seeds.txt
var remembered string

// Seeds gives the worlds in which mutants were noticed the last time, by name. After
// any change of the service or of the worlds they may be good for nothing.
func Seeds() map[string]uint64 {
	seeds := map[string]uint64{}
	for line := range strings.Lines(remembered) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if seed, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64); err == nil {
			seeds[name] = seed
		}
	}
	return seeds
}

// Remember writes down the worlds in which mutants were noticed, beside those of the
// others that are known.
func Remember(root string, seeds map[string]uint64) error {
	all := Seeds()
	maps.Copy(all, seeds)
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, err := Named([]string{name}); err == nil {
			fmt.Fprintf(&out, "%s %d\n", name, all[name])
		}
	}
	return os.WriteFile(filepath.Join(root, "infra/sim/mutant/seeds.txt"), []byte(out.String()), 0o600)
}
