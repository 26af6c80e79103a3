package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
)

// event in the contract's JSON.
type event map[string]any

// of is an event of a type about a person, in the campaign "spring".
func of(kind, person string) event {
	e := event{"type": kind, "campaign": object{"id": "spring", "name": "Spring", "step": 1}, "person": object{"id": person}}
	if strings.HasPrefix(kind, "email_") || strings.HasPrefix(kind, "linkedin_message") {
		e["message"] = object{"subject": "A role", "body": "Hello,\n\nmay we talk?", "from": "robin@team.example.com", "to": person + "@example.com"}
	}
	return e
}

// edit is an edit by hand that names what it changed; values go in pairs.
func edit(person string, values ...any) event {
	e := event{"type": "contact_edited", "origin": "manual", "person": object{"id": person}}
	e.with(values...)
	var changed []string
	for i := 0; i < len(values); i += 2 {
		changed = append(changed, values[i].(string))
	}
	e["person"].(object)["changed"] = changed
	return e
}

// known gives the person a name and an address of their own.
func (e event) known() event {
	id := e["person"].(object)["id"].(string)
	return e.with("firstName", strings.ToUpper(id[:1])+id[1:], "lastName", "Vale", "emails", []string{id + "@example.com"})
}

// with adds variables to the snapshot, in pairs.
func (e event) with(values ...any) event {
	p := e["person"].(object)
	if p["snapshot"] == nil {
		p["snapshot"] = object{}
	}
	for i := 0; i+1 < len(values); i += 2 {
		p["snapshot"].(object)[values[i].(string)] = values[i+1]
	}
	return e
}

func (e event) stage(stage string) event {
	e["person"].(object)["stage"] = stage
	return e
}

// by names who acted; an admin or not, as SourceWhale says.
func (e event) by(user string, admin bool) event {
	e["actor"] = object{"id": user, "admin": admin}
	return e
}

// override adds a setting that comes with the event.
func (e event) override(level, author string, settings ...any) event {
	o := pairs(settings)
	o["level"], o["author"] = level, author
	list, _ := e["overrides"].([]any)
	e["overrides"] = append(list, o)
	return e
}

// gives adds a value for a field.
func (e event) gives(field string, value any) event {
	list, _ := e["values"].([]any)
	e["values"] = append(list, object{"field": field, "value": value})
	return e
}

// says sets a part of the message.
func (e event) says(part string, value any) event {
	m, ok := e["message"].(object)
	if !ok {
		m = object{}
		e["message"] = m
	}
	m[part] = value
	return e
}

// set sets a member of the event itself; nil takes it away.
func (e event) set(name string, value any) event {
	if value == nil {
		delete(e, name)
		return e
	}
	e[name] = value
	return e
}

func (e event) id() string { id, _ := e["id"].(string); return id }

// sends sends events as SourceWhale does, signed, and wants them accepted. Ids and
// times that are not set follow one another.
func (w *world) sends(events ...event) {
	w.Helper()
	for _, e := range events {
		w.clock++
		if e.id() == "" {
			e["id"] = fmt.Sprintf("e%03d", w.clock)
		}
		if e["occurred_at"] == nil {
			e["occurred_at"] = w.began.Add(time.Duration(w.clock) * time.Minute).Format(time.RFC3339)
		}
		w.sent = append(w.sent, e)
	}
	if r := w.posts(events); r.status != http.StatusAccepted || len(r.list("results")) != len(events) || r.text("accepted") != fmt.Sprint(len(events)) {
		w.Fatalf("intake answered %d %s", r.status, r.raw)
	}
}

// posts sends events as they are, signed.
func (w *world) posts(events any) reply {
	w.Helper()
	body, err := json.Marshal(object{"team": w.team, "events": events})
	if err != nil {
		w.Fatal(err)
	}
	return w.signed(body)
}

// signed posts a body with the team's signature.
func (w *world) signed(body []byte) reply {
	w.Helper()
	id, now := "msg_"+w.team, time.Now()
	return w.posted("/v1/events", body, "Webhook-Id", id, "Webhook-Timestamp", fmt.Sprint(now.Unix()), "Webhook-Signature", webhook.Sign(w.secret, id, now, body))
}

func (w *world) posted(path string, body []byte, headers ...string) reply {
	w.Helper()
	r, err := request(w.service, http.MethodPost, path, "", body, headers...)
	if err != nil {
		w.Fatal(err)
	}
	r.world = w
	return r
}

// hook sends one of SourceWhale's thin hooks.
func (w *world) hook(body object) reply {
	w.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.Fatal(err)
	}
	address := w.admin.get("/v1/webhooks").is(200).text("sourcewhale_hook.url")
	return w.posted(strings.TrimPrefix(address, w.service.url), raw)
}
