package contact

import (
	"maps"
	"slices"
)

// Variables lists every variable, by name.
func Variables() []Variable { return slices.Sorted(maps.Keys(kinds)) }
