package wording

import "github.com/sourcewhale/ashby-sync/shared/domain/delivery"

// holds are sentences; behind those that name an event comes its id.
var holds = map[delivery.Hold]string{
	delivery.HoldUnconnected:  "No Ashby key has been activated yet; the event is kept until there is one, for 30 days at most.",
	delivery.HoldDisconnected: "Ashby is disconnected; the event is kept until a key is activated, for 30 days at most.",
	delivery.HoldKeyRefused:   "Ashby does not accept the team's key, so the event is kept until it does.",
	delivery.HoldKeyMissing:   "The team's key is gone from our safe, so the event is kept until it is activated again.",
	delivery.HoldOrganisation: "The team's key seems to be of another Ashby organisation, so the event is kept until an admin decides.",
	delivery.HoldPaused:       "The connection to Ashby is paused, so the event is kept until an admin resumes it.",
	delivery.HoldUnknownStep:  "The event waits behind another one of this person, whose last write is being looked up",
	delivery.HoldEarlier:      "The event waits behind an earlier one of this person, which is not done with",
}

// Hold says why an event that is due does not go. behind is the event that it
// waits for, if it waits for one.
func Hold(h delivery.Hold, behind string) string {
	if behind == "" {
		return holds[h]
	}
	return holds[h] + ": " + behind + "."
}
