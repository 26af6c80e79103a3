package ashbytest

import (
	"slices"
	"strings"
)

// networks are the types that a social link can have.
var networks = []string{"LinkedIn", "GitHub", "Twitter", "Medium", "StackOverflow", "YouTube", "CodePen", "Website"}

var createParams = []param{
	{name: "name", kind: nonBlank, required: true},
	{name: "email", kind: email},
	{name: "phoneNumber", kind: nonBlank},
	{name: "linkedInUrl", kind: link},
	{name: "githubUrl", kind: link},
	{name: "website", kind: link},
	{name: "alternateEmailAddresses", kind: texts},
	{name: "sourceId", kind: id},
	{name: "creditedToUserId", kind: id},
	{name: "location", kind: object},
	{name: "createdAt", kind: timestamp},
}

// candidateCreate always makes a new record, even for an address that another
// candidate has.
func candidateCreate(c *call) (any, *failure) {
	seq, rev := c.org.nextSeq(), c.org.nextRev()
	rec := &Candidate{
		ID: c.newID(), Org: c.org.ID, Seq: seq, Rev: rev,
		Name: strings.TrimSpace(c.text("name")), CreatedAt: c.time("createdAt"), AddedAt: c.now,
		UpdatedAt: c.now, IndexedAt: c.now.Add(c.modes.SearchLag.Duration()),
	}
	if c.modes.BackdatedAdd {
		rec.AddedAt = rec.CreatedAt
	}
	if c.has("email") {
		rec.Emails = []Contact{{c.text("email"), "Personal", true}}
	}
	for _, other := range c.texts("alternateEmailAddresses") {
		if !isEmail(other) {
			return nil, invalid("alternateEmailAddresses", "Invalid email address")
		}
		rec.Emails = addContact(rec.Emails, Contact{other, "Other", false})
	}
	if c.has("phoneNumber") {
		rec.Phones = []Contact{{c.text("phoneNumber"), "Personal", true}}
	}
	rec.Links = c.singleLinks(nil, "website")
	if f := c.assign(rec); f != nil {
		return nil, f
	}
	c.put(rec)
	c.log.Candidate, c.log.Result = rec.ID, rec.ID
	return c.show(rec), nil
}

// singleLinks sets the links that have a parameter of their own, each in place
// of the one of its network.
func (c *call) singleLinks(links []SocialLink, website string) []SocialLink {
	for _, p := range []struct{ param, network string }{
		{"linkedInUrl", "LinkedIn"}, {"githubUrl", "GitHub"}, {website, "Website"},
	} {
		if !c.has(p.param) {
			continue
		}
		links = slices.DeleteFunc(slices.Clone(links), func(l SocialLink) bool { return l.Type == p.network })
		links = append(links, SocialLink{p.network, c.text(p.param)})
	}
	return links
}

func (c *call) texts(name string) []string {
	list, _ := c.body[name].([]any)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// assign sets what create and update have in common.
func (c *call) assign(rec *Candidate) *failure {
	if c.has("sourceId") {
		if rec.Source = c.text("sourceId"); c.org.source(rec.Source) == nil {
			return notFound("source")
		}
	}
	if c.has("creditedToUserId") {
		if rec.CreditedTo = c.text("creditedToUserId"); c.org.user(rec.CreditedTo) == nil {
			return notFound("user")
		}
	}
	if place, ok := c.body["location"].(map[string]any); ok {
		l, ok := c.geocode(place)
		if !ok {
			return invalid("location", "Invalid value for location")
		}
		rec.Location = l
	}
	return nil
}

// geocode reads {city, region, country}, all strings, none required.
func (c *call) geocode(parts map[string]any) (*Location, bool) {
	l := &Location{ID: c.newID()}
	for name, into := range map[string]*string{"city": &l.City, "region": &l.Region, "country": &l.Country} {
		value, sent := parts[name]
		s, ok := value.(string)
		if sent && value != nil && !ok {
			return nil, false
		}
		*into = s
	}
	if c.modes.Geocode {
		l.Country = fullCountry(l.Country)
	}
	return l, true
}

func fullCountry(name string) string {
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "USA", "US", "U.S.":
		return "United States"
	case "UK", "GB":
		return "United Kingdom"
	}
	return name
}

var updateParams = []param{
	{name: "candidateId", kind: id, required: true},
	{name: "name", kind: nonBlank},
	{name: "email", kind: email},
	{name: "phoneNumber", kind: nonBlank},
	{name: "linkedInUrl", kind: link},
	{name: "githubUrl", kind: link},
	{name: "websiteUrl", kind: link},
	{name: "alternateEmail", kind: email},
	{name: "socialLinks", kind: objects},
	{name: "sourceId", kind: id},
	{name: "creditedToUserId", kind: id},
	{name: "location", kind: object},
	{name: "createdAt", kind: timestamp},
	{name: "sendNotifications", kind: flag},
}

// candidateUpdate changes what is sent and leaves the rest.
func candidateUpdate(c *call) (any, *failure) {
	old, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	rec := *old
	if c.has("name") {
		rec.Name = strings.TrimSpace(c.text("name"))
	}
	if c.has("email") {
		rec.Emails = c.promote(rec.Emails, c.text("email"))
	}
	if c.has("alternateEmail") {
		rec.Emails = addContact(rec.Emails, Contact{c.text("alternateEmail"), "Other", false})
	}
	if c.has("phoneNumber") {
		rec.Phones = c.promote(rec.Phones, c.text("phoneNumber"))
	}
	if rec.Links, f = c.links(rec.Links); f != nil {
		return nil, f
	}
	if f := c.assign(&rec); f != nil {
		return nil, f
	}
	if c.has("createdAt") {
		rec.CreatedAt = c.time("createdAt")
	}
	if c.flag("sendNotifications", true) {
		rec.Notified++
	}
	c.touch(old, &rec)
	return c.show(&rec), nil
}

// links is socialLinks, which replaces the whole list and makes the single
// parameters be ignored, or else the single parameters.
func (c *call) links(old []SocialLink) ([]SocialLink, *failure) {
	list, ok := c.body["socialLinks"].([]any)
	if !ok {
		return c.singleLinks(old, "websiteUrl"), nil
	}
	links := []SocialLink{}
	for _, item := range list {
		fields := item.(map[string]any) // check saw to that
		network, _ := fields["type"].(string)
		target, _ := fields["url"].(string)
		if !slices.Contains(networks, network) || !isURL(target) {
			return nil, invalid("socialLinks", "Invalid value for socialLinks")
		}
		links = append(links, SocialLink{network, target})
	}
	return links, nil
}

// promote makes a value primary: one that is on the record already keeps the
// others, a new one replaces the old primary or, by mode, demotes it.
func (c *call) promote(list []Contact, value string) []Contact {
	known := hasContact(list, value)
	var out []Contact
	for _, contact := range list {
		if contact.IsPrimary && !known && c.modes.OldPrimary == "dropped" {
			continue
		}
		contact.IsPrimary = strings.EqualFold(contact.Value, value)
		out = append(out, contact)
	}
	if known {
		return out
	}
	return append([]Contact{{value, "Personal", true}}, out...)
}

func addContact(list []Contact, contact Contact) []Contact {
	if hasContact(list, contact.Value) {
		return list
	}
	return append(slices.Clone(list), contact)
}

// touch stores a changed candidate: it has a new updatedAt and is in the next
// sync. Search sees addresses that are new on it after the lag only.
func (c *call) touch(old, rec *Candidate) {
	rec.Rev, rec.UpdatedAt = c.org.nextRev(), c.now
	c.put(rec)
	for _, address := range rec.Emails {
		if hasContact(old.Emails, address.Value) {
			continue
		}
		hits := c.org.byEmail[strings.ToLower(address.Value)]
		for i := range hits {
			if hits[i].candidate == rec.ID {
				hits[i].from = c.now.Add(c.modes.SearchLag.Duration())
			}
		}
	}
}
