package acceptance_test

import (
	"testing"
)

// TestTheProductKeepsItsPromises runs every case, each with a team of its own.
func TestTheProductKeepsItsPromises(t *testing.T) {
	t.Parallel()
	tell(t, embedded(t), func(story) bool { return true })
}

func tell(t *testing.T, s *service, which func(story) bool) {
	t.Helper()
	for _, sec := range sections {
		for _, c := range sec.cases {
			if !which(c) {
				continue
			}
			t.Run(slug(c.name), func(t *testing.T) {
				t.Parallel()
				c.run(newWorld(t, s))
			})
		}
	}
}
