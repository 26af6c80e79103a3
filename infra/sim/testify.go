package sim

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// testifyFor plans that admins whose team got another key look into the inbox when
// the troubles are over, and say what became of writes that only the earlier key
// could look for: they see in Ashby whether it has them.
func (w *World) testifyFor() {
	for _, t := range w.teams {
		for n := range 6 { // what is said lets the next event go, which may wait for their word too
			w.at(w.calm.Add(15*time.Minute+time.Duration(n)*10*time.Minute), "look into the inbox", func() {
				if !t.rotated.IsZero() {
					w.lookInto(t)
				}
			})
		}
	}
}

func (w *World) lookInto(t *team) {
	w.ask(t, http.MethodGet, "/v1/inbox/settling", nil, func(said []byte) {
		var page struct {
			Entries []struct{ Event, Write string }
		}
		w.must(json.Unmarshal(said, &page))
		for _, e := range page.Entries {
			w.later = append(w.later, action{time.Now(), "testify", func() { w.testify(t, e.Event, e.Write) }})
		}
	})
}

func (w *World) testify(t *team, event, write string) {
	answer := map[string]any{"answer": "send_again"}
	if c, ok := w.applied(t, event, write); ok {
		answer["answer"] = "applied"
		if write == plan.StepCreate {
			answer["candidate"] = c.Result
		}
	}
	w.persist(request{
		t: t, method: http.MethodPost, path: "/v1/events/" + event + "/settle", body: func() any { return answer }, tries: 3,
		done: func([]byte) { w.seen[Cell{string(testified), "", ""}]++ },
	})
}

// applied finds the write of an event in Ashby. One that may be made twice without
// harm nobody looks for.
func (w *World) applied(t *team, event, write string) (ashbytest.Call, bool) {
	sign := map[string]string{plan.StepNote: plan.Ref(event), plan.StepEmail: `"` + plan.ProviderID(event) + `"`}[write]
	for _, h := range t.people {
		for _, e := range h.events {
			if e.ID == event && write == plan.StepCreate {
				sign = `"` + h.emails[0] + `"`
			}
		}
	}
	for _, c := range w.sim.Calls(ashbytest.CallFilter{Org: t.org}) {
		if sign != "" && c.Applied && c.Result != "" && steps[c.Endpoint] == write && strings.Contains(string(c.Request), sign) {
			return c, true
		}
	}
	return ashbytest.Call{}, false
}
