package ashby

import "github.com/sourcewhale/ashby-sync/shared/port/secret"

// CreateWebhook registers a webhook (webhook.create). One type for each; the same
// type and URL again is refused, see AlreadyExists. Ashby cannot list webhooks:
// keep the id.
type CreateWebhook struct {
	Type   string // such as candidateMerge
	URL    string
	Secret secret.Value // signs what Ashby sends
}

// Method of Ashby's.
func (CreateWebhook) Method() string { return "webhook.create" }

func (w CreateWebhook) body() any {
	return struct {
		Type   string `json:"webhookType"`
		URL    string `json:"requestUrl"`
		Secret string `json:"secretToken"`
	}{w.Type, w.URL, w.Secret.Reveal()}
}

// UpdateWebhook changes a webhook (webhook.update). Empty members are left alone.
type UpdateWebhook struct {
	ID      string
	Enabled *bool
	URL     string
	Secret  secret.Value
}

// Method of Ashby's.
func (UpdateWebhook) Method() string { return "webhook.update" }

func (w UpdateWebhook) body() any {
	return struct {
		ID      string `json:"webhookId"`
		Enabled *bool  `json:"enabled,omitempty"`
		URL     string `json:"requestUrl,omitempty"`
		Secret  string `json:"secretToken,omitempty"`
	}{w.ID, w.Enabled, w.URL, w.Secret.Reveal()}
}

// DeleteWebhook removes a webhook (webhook.delete). A second time it is
// webhook_not_found.
type DeleteWebhook struct {
	ID string `json:"webhookId"`
}

// Method of Ashby's.
func (DeleteWebhook) Method() string { return "webhook.delete" }
func (w DeleteWebhook) body() any    { return w }
