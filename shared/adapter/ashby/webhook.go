package ashby

import "context"

// Webhook that Ashby sends to us. The secret is never read back.
type Webhook struct {
	ID      string
	Type    string // such as candidateMerge
	URL     string
	Enabled bool
}

type webhookWire struct {
	ID      string `json:"id"`
	Type    string `json:"webhookType"`
	URL     string `json:"requestUrl"`
	Enabled bool   `json:"enabled"`
}

func (w webhookWire) plain() Webhook { return Webhook(w) }

// CreateWebhook registers a webhook.
func (a *Account) CreateWebhook(ctx context.Context, w CreateWebhook) (Answer[Webhook], error) {
	return call[webhookWire](ctx, a, w.Method(), w.body())
}

// Webhook reads one webhook (webhook.info). Gone: Rejected, CodeWebhookNotFound.
func (a *Account) Webhook(ctx context.Context, id string) (Answer[Webhook], error) {
	return call[webhookWire](ctx, a, "webhook.info", struct {
		ID string `json:"webhookId"`
	}{id})
}

// UpdateWebhook changes a webhook.
func (a *Account) UpdateWebhook(ctx context.Context, w UpdateWebhook) (Answer[Ack], error) {
	return acknowledge(ctx, a, w)
}

// DeleteWebhook removes a webhook.
func (a *Account) DeleteWebhook(ctx context.Context, id string) (Answer[Ack], error) {
	return acknowledge(ctx, a, DeleteWebhook{id})
}
