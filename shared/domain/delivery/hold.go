package delivery

// Hold is the reason for which an event that is due does not go, although its own
// record names none: the team's connection, or another event of its person.
type Hold string

// The holds.
const (
	HoldUnconnected  Hold = "not_connected"
	HoldDisconnected Hold = "disconnected"
	HoldKeyRefused   Hold = "key_refused"
	HoldKeyMissing   Hold = "key_missing"
	HoldOrganisation Hold = "other_organisation"
	HoldPaused       Hold = "paused"
	HoldUnknownStep  Hold = "behind_unknown_write" // of another event of the person
	HoldEarlier      Hold = "behind_earlier_event" // of the person, which waits itself or is to be tried again
)

var holds = map[Hold]struct {
	owner Owner
	exit  Exit
}{
	HoldUnconnected:  {OwnerAdmin, "activate a key"},
	HoldDisconnected: {OwnerAdmin, "activate a key"},
	HoldKeyRefused:   {OwnerAdmin, "activate a key that Ashby accepts, or check the connection when the key is back"},
	HoldKeyMissing:   {OwnerAdmin, "activate the key again"},
	HoldOrganisation: {OwnerAdmin, "choose whether to keep the links or start afresh"},
	HoldPaused:       {OwnerAdmin, "resume the connection"},
	HoldUnknownStep:  {OwnerPush, "look in Ashby whether the write was applied"},
	HoldEarlier:      {OwnerPush, "try the earlier event again when it is due"},
}

// HeldBy gives the owner and the exit of a hold; ok is false for none.
func HeldBy(h Hold) (Owner, Exit, bool) {
	w, ok := holds[h]
	return w.owner, w.exit, ok
}
