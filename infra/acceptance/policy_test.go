package acceptance_test

import (
	"net/http"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// place is somewhere in Ashby.
func place(city, region, country string) *ashbytest.Location {
	return &ashbytest.Location{ID: "somewhere", City: city, Region: region, Country: country}
}

// policy sets a field's policy through the mapping.
func (w *world) policy(field, policy string, clears bool) {
	w.Helper()
	m := w.admin.get("/v1/mapping").is(200)
	policies, _ := m.at("policies").(map[string]any)
	if policies == nil {
		policies = object{}
	}
	policies[field] = object{"policy": policy, "clear": clears}
	w.admin.put("/v1/mapping", object{"entries": entriesOf(m), "policies": policies}).is(200)
}

// entriesOf gives the entries of a mapping as they can be saved again.
func entriesOf(m reply) []any {
	var out []any
	for _, e := range m.list("entries") {
		e := e.(map[string]any)
		delete(e, "title")
		out = append(out, e)
	}
	return out
}

// maps adds entries to the mapping, each in the place of those with its target or its text variable.
func (w *world) maps(entries ...object) reply {
	w.Helper()
	return w.admin.put("/v1/mapping", object{"entries": w.mapping(entries...), "policies": w.admin.get("/v1/mapping").at("policies")})
}

func (w *world) mapping(entries ...object) []any {
	w.Helper()
	out := entriesOf(w.admin.get("/v1/mapping").is(200))
	for _, e := range entries {
		out = slices.DeleteFunc(out, func(o any) bool { return o.(map[string]any)["to"] == e["to"] })
		out = append(out, e)
	}
	return out
}

func entry(to, take string, from ...string) object {
	e := object{"from": from, "to": to}
	if take != "" {
		e["take"] = take
	}
	return e
}

var policyCases = []story{
	{name: "A protected primary email keeps its place, and the new address becomes an alternate", run: func(w *world) {
		w.connected("trigger", "on_add", "protected", []string{"email"})
		id := w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"zoe.new@example.com", "zoe@example.com"}))
		w.settled()
		w.codes("matched")
		w.same("addresses", w.ashby.addresses(w.ashby.get(id)), []string{"zoe@example.com", "zoe.new@example.com"})
	}},
	{name: "An unprotected primary email is replaced, and the old one is kept as an alternate", run: func(w *world) {
		w.connected("trigger", "on_add")
		id := w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"zoe.new@example.com", "zoe@example.com"}))
		w.settled()
		w.same("addresses", w.ashby.addresses(w.ashby.get(id)), []string{"zoe.new@example.com", "zoe@example.com"})
	}},
	{name: "A protected name is left as Ashby has it", run: func(w *world) {
		w.connected("trigger", "on_add", "protected", []string{"name"})
		id := w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Name = "Zoë V." })
		e := of("email_sent", "zoe").known()
		w.sends(e)
		w.settled()
		w.same("name", w.ashby.get(id).Name, "Zoë V.")
		w.skipped(e, "name", "protected")
	}},
	{name: "An unprotected name follows SourceWhale", run: func(w *world) {
		w.connected("trigger", "on_add")
		id := w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Name = "Z. Vale" })
		w.sends(of("email_sent", "zoe").known())
		w.settled()
		w.same("name", w.ashby.get(id).Name, "Zoe Vale")
	}},
	{name: "A protected location that is partly filled is one unit and stays", run: func(w *world) {
		w.connected("trigger", "on_add", "protected", []string{"location"})
		id := w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Location = place("", "", "Norway") })
		e := of("email_sent", "zoe").known().with("city", "London", "country", "United Kingdom")
		w.sends(e)
		w.settled()
		w.skipped(e, "location", "protected")
		w.holds("it stays", w.ashby.get(id).Location.City == "" && w.ashby.get(id).Location.Country == "Norway")
	}},
	{name: "A protected location that is blank is filled as a whole", run: func(w *world) {
		w.connected("trigger", "on_add", "protected", []string{"location"})
		id := w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known().with("city", "London", "country", "United Kingdom"))
		w.settled()
		w.holds("city and country", w.ashby.get(id).Location != nil && w.ashby.get(id).Location.City == "London")
	}},
	{name: "Of two social links the protected one stays and the other is written, and none is lost", run: func(w *world) {
		w.connected("trigger", "on_add", "protected", []string{"link.LinkedIn"})
		id := w.ashby.add("zoe", func(c *ashbytest.Candidate) {
			c.Links = []ashbytest.SocialLink{{Type: "LinkedIn", URL: "https://www.linkedin.com/in/zoe-of-old"}, {Type: "Website", URL: "https://zoe.example.com"}}
		})
		e := of("email_sent", "zoe").known().with("socialLinks", []string{"https://www.linkedin.com/in/zoe-new", "https://github.com/zoe-vale"})
		w.sends(e)
		w.settled()
		c := w.ashby.get(id)
		w.same("LinkedIn", w.ashby.link(c, "LinkedIn"), "https://www.linkedin.com/in/zoe-of-old")
		w.same("GitHub", w.ashby.link(c, "GitHub"), "https://github.com/zoe-vale")
		w.same("Website", w.ashby.link(c, "Website"), "https://zoe.example.com")
	}},
	{name: "A user's protected fields are added to the team's", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.member.patch(ofMine, object{"protected": []string{"name"}}).is(200)
		id := w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Name = "Z. Vale" })
		w.sends(of("email_sent", "zoe").known().by("mel", false))
		w.settled()
		w.same("name", w.ashby.get(id).Name, "Z. Vale")
	}},
	{name: "Protected and the policy only_if_blank are one value in two views", run: func(w *world) {
		w.connected()
		w.settings("protected", []string{"email"})
		w.same("in the mapping", w.viewer.get("/v1/mapping").text("policies.email.policy"), "only_if_blank")
		w.policy("phone", "only_if_blank", false)
		w.same("in the settings", w.viewer.get(ofTeam).text("values.protected"), "[email phone]")
	}},
	{name: "A field of policy never is not written, not even while it is blank", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.policy("phone", "never", false)
		e := of("email_sent", "zoe").known().with("phones", []string{"+12025550143"})
		w.sends(e)
		w.settled()
		w.skipped(e, "phone", "never")
		w.holds("no phone", len(w.ashby.candidate("zoe").Phones) == 0)
	}},
	{name: "A cleared value is not written without the clear flag", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		e := edit("zoe", "company", nil)
		w.sends(e, of("email_sent", "zoe"))
		w.settled()
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
		w.skipped(e, w.ashby.made.Fields["Company"], "no_value")
	}},
	{name: "A cleared value clears the field where the flag is set", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.policy(w.ashby.made.Fields["Company"], "always", true)
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		w.sends(edit("zoe", "company", nil), of("email_sent", "zoe"))
		w.settled()
		w.holds("the company is gone", w.ashby.value("zoe", "Company") == nil)
	}},
	{name: "A clear flag is refused but with policy always and on custom fields, and append on a text", run: func(w *world) {
		w.connected()
		m := w.admin.get("/v1/mapping")
		company, title := w.ashby.made.Fields["Company"], w.ashby.made.Fields["Title"]
		w.admin.put("/v1/mapping", object{"entries": entriesOf(m), "policies": object{
			company: object{"policy": "only_if_blank", "clear": true}, "name": object{"policy": "always", "clear": true}, title: object{"policy": "append"},
		}}).refused(http.StatusUnprocessableEntity, "mapping_refused")
	}},
	{name: "A value that does not convert is skipped with its reason, and the rest goes on", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.maps(entry(w.ashby.made.Fields["Years of experience"], "", "customVariable")).is(200)
		e := of("email_sent", "zoe").known().with("customVariable", "a lot", "company", "Harbour Labs")
		w.sends(e)
		w.settled()
		w.codes("created")
		w.skipped(e, w.ashby.made.Fields["Years of experience"], "not_convertible")
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Labs")
	}},
	{name: "A private field that the key cannot see is left alone, for it only looks blank", run: func(w *world) {
		rating := w.ashby.made.Fields["Private rating"]
		w.connected("trigger", "on_add")
		w.maps(entry(rating, "", "customVariable")).is(200)
		w.ashby.key = w.ashby.newKey(func(k *ashbytest.Key) { k.Private = false })
		w.connected()
		w.ashby.add("zoe", func(c *ashbytest.Candidate) { c.Fields = []ashbytest.Value{{Field: rating, Value: float64(4)}} })
		e := of("email_sent", "zoe").known().with("customVariable", "2")
		w.sends(e)
		w.settled()
		w.holds("it is skipped", w.fieldOf(e, rating)["action"] == "skip")
		w.same("rating", w.ashby.value("zoe", "Private rating"), float64(4))
	}},
	{name: "A value that Ashby has already, written otherwise, is equal and costs no write", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.add("zoe", func(c *ashbytest.Candidate) {
			c.Phones = []ashbytest.Contact{{Value: "+12025550143", Type: "Work", IsPrimary: true}}
			c.Links = []ashbytest.SocialLink{{Type: "LinkedIn", URL: "https://linkedin.com/in/zoe-vale/"}}
		})
		w.sends(of("email_sent", "zoe").known().with("emails", []string{"Zoe@Example.com"}, "phones", []string{"+1 (202) 555-0143"},
			"socialLinks", []string{"http://www.linkedin.com/in/zoe-vale?trk=public"}))
		w.settled()
		w.codes("matched")
		w.ashby.wrote("candidate.createNote")
	}},
	{name: "No write to a candidate notifies subscribers", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.ashby.add("zoe")
		w.sends(of("email_sent", "zoe").known().with("phones", []string{"+12025550143"}, "company", "Harbour Labs"), of("email_sent", "yan").known())
		w.settled()
		for _, c := range w.ashby.people() {
			w.holds(c.Name+" notified nobody", c.Notified == 0)
		}
	}},
	{name: "What a recruiter corrected in Ashby is not trampled by an edit of something else", run: func(w *world) {
		w.connected("trigger", "on_add")
		w.sends(of("email_sent", "zoe").known().with("company", "Harbour Labs"))
		w.settled()
		w.ashby.edits(w.ashby.candidate("zoe").ID, func(c *ashbytest.Candidate) {
			for i := range c.Fields {
				c.Fields[i].Value = "Harbour Laboratories"
			}
		})
		e := edit("zoe", "role", "Engineer").with("company", "Harbour Labs")
		w.sends(e, of("email_sent", "zoe"))
		w.settled()
		w.same("company", w.ashby.value("zoe", "Company"), "Harbour Laboratories")
		w.same("role", w.ashby.value("zoe", "Title"), "Engineer")
		w.skipped(e, w.ashby.made.Fields["Company"], "unchanged_at_source")
	}},
}
