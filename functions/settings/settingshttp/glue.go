package settingshttp

import (
	"context"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/domain/webhook"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/accept"
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

// hooks derives where Ashby sends a team's webhooks, and how it signs them.
type hooks struct {
	keys   *accept.Keys
	public string
}

// AshbyHook gives the address and the signing secret of the first generation that
// is not revoked.
func (h hooks) AshbyHook(ctx context.Context, team string) (string, secret.Value, error) {
	ring, _, err := h.keys.Current(ctx)
	if err != nil {
		return "", secret.Value{}, err
	}
	generation := 1
	for ring.Revoked(team, webhook.AshbyHook, generation) {
		generation++
	}
	address := strings.TrimRight(h.public, "/") + "/v1/hooks/ashby/" + ring.HookToken(team, webhook.AshbyHook, generation)
	return address, secret.NewValue(ring.AshbySecret(team, generation)), nil
}
