package sim

import (
	"hash/fnv"
	"math/rand/v2"
)

// apart is a stream of chances of its own for one idea of the worlds, made of the
// seed and the idea's name. What is drawn from it moves nothing else, so that a
// world that the idea does not touch is the same with it and without.
func (w *World) apart(idea string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(idea))                    // it never fails
	return rand.New(rand.NewPCG(w.Seed, h.Sum64())) //nolint:gosec // a world is to be the same again
}
