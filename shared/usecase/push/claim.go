package push

import (
	"context"
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// Within a drain, people who share an identity key take turns (lock.go). What
// follows holds between drains, whatever was frozen and came back: a create is
// announced in one write with a claim on each of the person's keys. Who finds a key
// claimed waits for what the other create comes to, and then goes by that.

// whyClaimed is what is said of an event that waits for another create.
const whyClaimed = "somebody with the same address, profile or number is just being put into Ashby"

// claimAgain is how soon another's create is asked after again, at least.
const claimAgain = 5 * time.Second

// contested is what another's claims do to a create that is planned.
type contested uint8

const (
	unclaimed contested = iota
	undecided           // another create for one of the keys is not settled yet
	decided             // others' creates made something: the plan must know of it
)

// contest looks at the claims on the keys of a create that is to be announced.
// What was made for one of them goes into the next plan; a second look passes over
// it, for the plan has judged it by then.
func (w *worker) contest(ctx context.Context, p planned) (contested, error) {
	w.claims = nil
	keys := plan.IdentityKeys(p.person.Snapshot())
	keys = keys[:min(len(keys), delivery.MostClaims)]
	found, err := w.Ledger.Claims(ctx, w.team, keys)
	if err != nil {
		return unclaimed, err
	}
	stands := map[string]delivery.StoredClaim{}
	news := false
	for _, c := range found {
		stands[c.Key] = c
		switch {
		case c.Event == w.current().Event:
		case c.Candidate != "":
			made := plan.Made{Key: c.Key, Candidate: c.Candidate}
			if !slices.Contains(w.made, made) {
				w.made, news = append(w.made, made), true
			}
		default:
			open, err := w.stillClaiming(ctx, c)
			if err != nil || open {
				return undecided, err
			}
		}
	}
	if news {
		return decided, nil
	}
	for _, key := range keys {
		w.claims = append(w.claims, stands[key])
		w.claims[len(w.claims)-1].Key = key
	}
	return unclaimed, nil
}

// stillClaiming reports whether the create of a claim may yet make a candidate. The
// record says so; a claim whose event was taken away, or ended otherwise, is none.
func (w *worker) stillClaiming(ctx context.Context, c delivery.StoredClaim) (bool, error) {
	_, records, err := w.Ledger.Load(ctx, w.team, c.Person, []string{c.Event})
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(records, func(r delivery.Stored) bool { return r.Event == c.Event })
	return i >= 0 && records[i].Claiming(plan.StepCreate) && slices.Contains(records[i].Claims, c.Key), nil
}

// awaitClaim lets the event wait for what another create comes to.
func (w *worker) awaitClaim(ctx context.Context) error {
	r := w.current().Record
	wait := max(claimAgain, w.wait(r.Retries))
	return w.stay(ctx, r, w.Now().UTC().Add(wait), whyClaimed, r.Retries+1)
}

// claimKeys are the identity keys that a create claims.
func (w *worker) claimKeys() []string {
	var keys []string
	for _, c := range w.claims {
		keys = append(keys, c.Key)
	}
	return keys
}

// claimChanges gives what a move of the current record does to claims: the intent of a
// create takes them, its outcome says what was made, and where it made nothing they
// are given up.
func (w *worker) claimChanges(ctx context.Context, to delivery.Record) ([]delivery.ClaimChange, error) {
	if intent, ok := announced(w.current().Record, to); ok && intent.ID == plan.StepCreate {
		return w.taking(intent), nil
	}
	if !w.current().Claiming(plan.StepCreate) || to.Claiming(plan.StepCreate) {
		return nil, nil
	}
	stand, err := w.Ledger.Claims(ctx, w.team, to.Claims)
	return to.EndClaims(plan.StepCreate, stand), err
}

// announced gives the step that a move of a record announces; ok is false when it
// announces none.
func announced(from, to delivery.Record) (s delivery.Step, ok bool) {
	for _, s := range to.Steps {
		if before, _ := from.Step(s.ID); s.Status == delivery.Intent && s.Token != before.Token {
			return s, true
		}
	}
	return delivery.Step{}, false
}

// fenced reports whether a move is to be refused when the person was changed
// meanwhile, even if it leaves them as they are: it announces a write that rests on
// who they are. A note rests on its record alone.
func fenced(from, to delivery.Record) bool {
	s, ok := announced(from, to)
	return ok && s.ID != plan.StepNote
}

// taking gives the claims as the intent of a create takes them.
func (w *worker) taking(s delivery.Step) []delivery.ClaimChange {
	var changes []delivery.ClaimChange
	for _, from := range w.claims {
		changes = append(changes, delivery.ClaimChange{From: from, To: &delivery.Claim{
			Key: from.Key, Person: w.id, Event: w.current().Event, Token: s.Token, At: s.IntentAt,
		}})
	}
	return changes
}

// creates reports whether the plan's create is still to be announced.
func (w *worker) creates(p planned) bool {
	return slices.ContainsFunc(w.undone(p), func(s plan.Step) bool { return s.ID == plan.StepCreate })
}
