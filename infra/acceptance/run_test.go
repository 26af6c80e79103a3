package acceptance_test

import (
	"testing"
)

// TestTheProductKeepsItsPromises runs every case in this process, each with a team of
// its own.
func TestTheProductKeepsItsPromises(t *testing.T) {
	t.Parallel()
	tell(t, embedded(t))
}

// TestTheDeployedServiceKeepsItsPromises runs every case against the bootstrap files,
// deployed as template.yaml says over AWS's wire.
func TestTheDeployedServiceKeepsItsPromises(t *testing.T) {
	t.Parallel()
	tell(t, deployed(t))
}

func tell(t *testing.T, s *service) {
	t.Helper()
	t.Run("the_matrix_of_roles_and_teams", func(t *testing.T) {
		t.Parallel()
		matrix(t, s)
	})
	for _, sec := range sections {
		for _, c := range sec.cases {
			t.Run(slug(c.name), func(t *testing.T) {
				t.Parallel()
				c.run(newWorld(t, s))
			})
		}
	}
}
