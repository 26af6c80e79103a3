package contract

import (
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

func readActor(f *form) event.Actor {
	a := event.Actor{ID: f.id(), Email: f.text("email", maxShort), Name: f.text("name", maxShort)}
	if admin := f.flag("admin"); admin != nil {
		a.Admin, a.AdminSaid = *admin, true
	}
	f.done()
	return a
}

func readCampaign(f *form) *event.Campaign {
	c := &event.Campaign{ID: f.id(), Name: f.text("name", maxShort)}
	if owner := f.object("owner"); owner != nil {
		c.Owner = readActor(owner)
	}
	if n := f.get("step", text, number); n != nil {
		if len(n.text) > maxShort || (n.kind == number && len(n.text) > maxNumber) {
			f.add(step(f.path, "step"), "too_long")
		} else {
			c.Step = n.text
		}
	}
	f.done()
	return c
}

func readPerson(f *form) event.Person {
	p := event.Person{ID: f.id(), UpdatedAt: f.time("updated_at")}
	p.Stage, _ = word(f, "stage", "unknown_stage", event.ParseStage)
	if snapshot := f.object("snapshot"); snapshot != nil {
		p.Snapshot = readSnapshot(snapshot)
	}
	p.Changed = readChanged(f)
	f.done()
	return p
}

// readMessage fills in channel and direction from the type where they are not
// given.
func readMessage(f *form, t event.Type) *event.Message {
	m := &event.Message{
		Channel: t.Channel(), Direction: directionOf(t),
		Subject: f.text("subject", maxText), Body: f.cut("body", maxMessage),
		From: f.text("from", maxURL), To: f.text("to", maxURL),
		ProviderID: f.text("provider_id", maxURL), Header: f.text("message_id_header", maxURL),
		Thread: f.text("thread", maxURL), URL: f.text("url", maxURL), Duration: f.seconds("duration_seconds"),
	}
	if automatic := f.flag("automatic"); automatic != nil {
		m.Automatic = *automatic
	}
	if c, ok := word(f, "channel", "unknown_channel", func(s string) (event.Channel, bool) {
		return event.Channel(s), event.Channel(s).Known()
	}); ok {
		m.Channel = c
	}
	if d, ok := word(f, "direction", "unknown_direction", func(s string) (event.Direction, bool) {
		d := event.Direction(s)
		return d, d == event.Outbound || d == event.Inbound
	}); ok {
		m.Direction = d
	}
	f.done()
	return m
}

func directionOf(t event.Type) event.Direction {
	switch {
	case t.Reply() || t == event.LinkedInConnectionAccepted || t == event.EmailBounced:
		return event.Inbound
	case t.Outreach():
		return event.Outbound
	default:
		return ""
	}
}

func readOverrides(f *form) []event.Override {
	var out []event.Override
	seen := map[event.OverrideLevel]bool{}
	for _, o := range f.objects("overrides", 2) {
		var v event.Override
		level, given := word(o, "level", "unknown_level", func(s string) (event.OverrideLevel, bool) {
			l := event.OverrideLevel(s)
			return l, l == event.ForPerson || l == event.ForCampaign
		})
		switch at := step(o.path, "level"); {
		case !given && missing(o, "level"):
			o.add(at, "required")
		case given && seen[level]:
			o.add(at, "repeated_level")
		case level == event.ForCampaign && missing(f, "campaign"):
			o.add(at, "no_campaign")
		}
		seen[level] = true
		v.Level, v.Author, v.OnlySynced = level, o.optionalID("author"), o.flag("only_synced")
		if t, ok := word(o, "trigger", "unknown_trigger", func(s string) (string, bool) {
			return s, setting.Trigger(s).Known()
		}); ok {
			v.Trigger = &t
		}
		o.done()
		out = append(out, v)
	}
	return out
}

func readValues(f *form) []event.Given {
	var out []event.Given
	for _, o := range f.objects("values", maxValues) {
		g := event.Given{Field: o.text("field", maxShort), By: o.optionalID("by")}
		if strings.TrimSpace(g.Field) == "" && missing(o, "field") {
			o.add(step(o.path, "field"), "required")
		}
		at := step(o.path, "value")
		switch n := o.get("value", text, number, boolean, list); {
		case n == nil && missing(o, "value"):
			o.add(at, "required")
		case n == nil:
		case n.kind == list:
			g.List = o.texts(n, at, maxURL)
		case len(n.text) > maxText || (n.kind == number && len(n.text) > maxNumber):
			o.add(at, "too_long")
		default:
			g.Text = n.text
		}
		o.done()
		out = append(out, g)
	}
	return out
}
