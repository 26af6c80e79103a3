package ashbytest

import "slices"

// Webhook is a webhook setting: one type of event to one URL.
type Webhook struct {
	ID      string `json:"id"`
	Org     string `json:"org"`
	Seq     int64  `json:"seq"`
	Type    string `json:"type"`
	URL     string `json:"url"`
	Secret  string `json:"secret"`
	Enabled bool   `json:"enabled"`
	Deleted bool   `json:"deleted,omitempty"`
}

type webhookJSON struct {
	ID      string `json:"id"`
	Enabled bool   `json:"enabled"`
	URL     string `json:"requestUrl"`
	Secret  string `json:"secretToken,omitempty"`
	Type    string `json:"webhookType"`
}

// webhookTypes are the events that a webhook can be made for. Only
// candidateDelete and candidateMerge ever happen here.
var webhookTypes = []string{
	"applicationSubmit", "applicationUpdate", "candidateHire", "candidateStageChange", "candidateDelete",
	"candidateMerge", "interviewPlanTransition", "interviewScheduleCreate", "interviewScheduleUpdate",
	"jobPostingUpdate", "jobPostingPublish", "jobPostingUnpublish", "offerCreate", "offerUpdate",
	"offerDelete", "pushToHRIS", "surveySubmit",
}

var webhookCreateParams = []param{
	{name: "webhookType", required: true, oneOf: webhookTypes},
	{name: "requestUrl", kind: link, required: true},
	{name: "secretToken", kind: nonBlank, required: true},
}

// webhookCreate refuses a second webhook of the same type and URL.
func webhookCreate(c *call) (any, *failure) {
	w := &Webhook{
		Org: c.org.ID, Seq: c.org.nextSeq(), Enabled: true,
		Type: c.text("webhookType"), URL: c.text("requestUrl"), Secret: c.text("secretToken"),
	}
	for _, other := range c.org.webhooks {
		if !other.Deleted && other.Type == w.Type && other.URL == w.URL {
			return nil, fail("duplicate_webhook", "Duplicate webhook: one with this type and URL already exists")
		}
	}
	w.ID = c.newID()
	c.put(w)
	c.log.Result = w.ID
	if c.modes.PingOnCreate {
		c.Ashby.send([]*Webhook{w}, "ping", map[string]any{"webhookActionType": "ping"}, c.put)
	}
	return webhookJSON{w.ID, w.Enabled, w.URL, w.Secret, w.Type}, nil
}

func (c *call) webhook() (*Webhook, *failure) {
	w := c.org.webhooks[c.text("webhookId")]
	if w == nil || w.Deleted {
		return nil, fail("webhook_not_found", "Webhook not found")
	}
	return w, nil
}

// webhookInfo does not show the secret.
func webhookInfo(c *call) (any, *failure) {
	w, f := c.webhook()
	if f != nil {
		return nil, f
	}
	return webhookJSON{ID: w.ID, Enabled: w.Enabled, URL: w.URL, Type: w.Type}, nil
}

var webhookUpdateParams = []param{
	{name: "webhookId", kind: id, required: true},
	{name: "enabled", kind: flag},
	{name: "requestUrl", kind: link},
	{name: "secretToken", kind: nonBlank},
}

func webhookUpdate(c *call) (any, *failure) {
	old, f := c.webhook()
	if f != nil {
		return nil, f
	}
	if !slices.ContainsFunc([]string{"enabled", "requestUrl", "secretToken"}, c.has) {
		return nil, invalid("", "One of enabled, requestUrl or secretToken must be provided")
	}
	w := *old
	w.Enabled = c.flag("enabled", w.Enabled)
	if c.has("requestUrl") {
		w.URL = c.text("requestUrl")
	}
	if c.has("secretToken") {
		w.Secret = c.text("secretToken")
	}
	c.put(&w)
	return webhookJSON{w.ID, w.Enabled, w.URL, w.Secret, w.Type}, nil
}

func webhookDelete(c *call) (any, *failure) {
	old, f := c.webhook()
	if f != nil {
		return nil, f
	}
	w := *old
	w.Deleted = true
	c.put(&w)
	return struct {
		ID string `json:"webhookId"`
	}{w.ID}, nil
}
