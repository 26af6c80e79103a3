package settingshttp

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

// account is Ashby as connecting needs it.
type account struct{ *ashby.Account }

// KeyInfo reads what Ashby says of the key.
func (a account) KeyInfo(ctx context.Context) (connect.KeyInfo, error) {
	answer, err := a.Account.KeyInfo(ctx)
	return connect.KeyInfo{Title: answer.Result.Title, Scopes: answer.Result.Scopes}, err
}

// glance is Ashby as a preview needs it.
type glance struct {
	*ashby.Reader
	account *ashby.Account
}

// Probe settles whether a key is alive that was refused without a reason.
func (g glance) Probe(ctx context.Context) (bool, error) { return g.account.Probe(ctx) }

// DeleteWebhook removes a webhook.
func (a account) DeleteWebhook(ctx context.Context, id string) error {
	_, err := a.Account.DeleteWebhook(ctx, id)
	return err
}
