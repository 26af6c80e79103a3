package setting

import "github.com/sourcewhale/ashby-sync/shared/domain/event"

// Asker is the user whose own settings count for an event: who acted, else who
// owns the campaign; empty: the team's count.
func Asker(e event.Event) string {
	if e.Actor.ID != "" || e.Campaign == nil {
		return e.Actor.ID
	}
	return e.Campaign.Owner.ID
}

// Given are the layers that come with an event, for its person and its campaign.
// A trigger that nobody knows is none.
func Given(e event.Event) []Layer {
	var out []Layer
	for _, o := range e.Overrides {
		l := Layer{Level: Person, ID: e.Person.ID, Author: o.Author}
		if o.Level == event.ForCampaign {
			if e.Campaign == nil {
				continue
			}
			l.Level, l.ID = Campaign, e.Campaign.ID
		}
		if o.Trigger != nil {
			if t := Trigger(*o.Trigger); t.Known() {
				l.Values.Trigger = &t
			}
		}
		l.Values.OnlySynced = o.OnlySynced
		out = append(out, l)
	}
	return out
}
