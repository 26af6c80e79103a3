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

// Remembered is how many worlds are remembered for each mutant.
const Remembered = 2

// Seeds gives the worlds in which each mutant was noticed the last time, the first to
// be tried first. After any change of the service or of the worlds they may be good
// for nothing.
func Seeds() map[string][]uint64 { return parse(remembered) }

func parse(text string) map[string][]uint64 {
	seeds := map[string][]uint64{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		for _, word := range words[1:] {
			if seed, err := strconv.ParseUint(word, 10, 64); err == nil {
				seeds[words[0]] = append(seeds[words[0]], seed)
			}
		}
	}
	return seeds
}

// Remember writes down the worlds in which mutants were noticed, beside those of the
// others that are known.
func Remember(root string, seeds map[string][]uint64) error {
	all := Seeds()
	maps.Copy(all, seeds)
	return os.WriteFile(filepath.Join(root, "infra/sim/mutant/seeds.txt"), []byte(format(all)), 0o600)
}

func format(seeds map[string][]uint64) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(seeds)) {
		if _, err := Named([]string{name}); err == nil && len(seeds[name]) > 0 {
			fmt.Fprintln(&out, name, strings.Trim(fmt.Sprint(seeds[name]), "[]"))
		}
	}
	return out.String()
}
