package plan

import (
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// Explanation is what is kept of a plan, beside the event's record: enough to go
// on with it after a crash, and to say later what was done and why.
type Explanation struct {
	Effective      setting.Effective
	Asks           []Ask   // what was read of Ashby, in order
	Outcome        Outcome // without the person, who is kept elsewhere
	KeyFingerprint string
	MappingVersion int
	TeamVersion    int // of the team's settings, of which those count that are not frozen
	UserVersion    int // of the acting user's; 0: nobody's, or they never chose
	PlannedAt      time.Time
	Carried        []string // earlier edits that went together with the event
}
