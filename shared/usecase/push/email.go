package push

import (
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// lookForEmail judges an email of which nobody knows whether it is filed. Ashby
// lists no emails, but takes each id once for a key: under the key that made the
// attempt it may be sent again, and one that is there already says so.
func (w *worker) lookForEmail(s delivery.Step) sight {
	if w.otherKey(s) {
		return sight{verdict: hidden, why: whyEmailKey}
	}
	return sight{verdict: repeatable}
}

const whyEmailKey = "the API key was changed since the email was sent, and only the earlier one can tell whether it arrived"

// barred reports whether an email that may have been filed was to be repeated by
// the key that made the attempt, which is another by now.
func (w *worker) barred(s delivery.Step) bool {
	return s.ID == plan.StepEmail && s.Status == delivery.NotSent && s.LookedBy != "" && s.LookedBy != w.connection.Fingerprint
}
