package sim

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// Story tells, for people, what became of the contacts that a breach is about:
// their events as they came, and what the service says of each.
func (w *World) Story(b Breach) string {
	var out strings.Builder
	for _, t := range w.teams {
		for _, h := range t.people {
			if strings.HasPrefix(b.What, t.id+": ") && strings.Contains(b.What+" ", h.id+" ") || strings.Contains(b.What, h.id+"-e") {
				w.tell(&out, t, h)
			}
		}
	}
	return out.String()
}

func (w *World) tell(out *strings.Builder, t *team, h *human) {
	fmt.Fprintf(out, "%s (%s): addresses %v, in Ashby %v, ambiguous %v, lost %v", h.id, t.profile.name, h.emails, h.known, h.ambiguous, h.lost)
	if h.shares != nil {
		fmt.Fprintf(out, ", shares with %s", h.shares.id)
	}
	out.WriteString("\n")
	for _, s := range t.history {
		fmt.Fprintf(out, "  from %s on: trigger %s, notes to synced records only %v\n", s.at.Sub(w.start), s.trigger, s.synced)
	}
	p, _, err := w.ledger().Person(context.Background(), t.id, h.id)
	w.must(err)
	fmt.Fprintf(out, "  link %+v\n", p.Link)
	for _, e := range h.events {
		r, _, err := w.ledger().Record(context.Background(), t.id, e.ID)
		w.must(err)
		fmt.Fprintf(out, "  %s %s %s %s changed %v company %q role %q\n    occurred %s accepted %s first %s acked %s\n    %s %s row %d tries %d retries %d %q\n",
			e.ID, e.Type, e.Origin, e.Person.Stage, e.Person.Changed, e.Person.Snapshot[contact.Company].Text, e.Person.Snapshot[contact.Role].Text,
			e.OccurredAt.Sub(w.start), e.AcceptedAt.Sub(w.start), e.first.Sub(w.start), e.acked.Sub(w.start),
			r.State, r.Code, r.Row, r.Tries, r.Retries, r.Detail)
		for _, s := range r.Steps {
			fmt.Fprintf(out, "    step %s %s attempts %d at %s done %s %s %s\n", s.ID, s.Status, s.Attempts, s.IntentAt.Sub(w.start), s.DoneAt.Sub(w.start), s.Code, s.Target)
		}
		x, ok, err := w.ledger().Explanation(context.Background(), t.id, r)
		w.must(err)
		for _, f := range x.Outcome.Fields {
			if ok && (f.Step != "" || f.Code != "no_value") {
				fmt.Fprintf(out, "    field %s %v %q -> %q %s %s\n", f.Title, f.Action, f.Before, f.After, f.Code, f.Step)
			}
		}
	}
}
