package pushhandler

import (
	"context"
	"encoding/json"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

// opener opens accounts at Ashby.
type opener struct {
	client    *ashby.Client
	catalogue *ashby.Catalogue
}

// Open binds a key.
func (o opener) Open(key secret.Value, team, fingerprint string, admit func(context.Context) error) push.Account {
	a := o.client.With(key)
	return account{a, ashby.NewReader(a, o.catalogue, team+" "+fingerprint, admit)}
}

// account is Ashby as a push needs it.
type account struct {
	*ashby.Account
	*ashby.Reader
}

// Do sends exactly these bytes.
func (a account) Do(ctx context.Context, method string, body []byte) (push.Reply, error) {
	answer, err := a.Reader.Do(ctx, method, body)
	var made struct {
		Profile string `json:"profileUrl"`
	}
	_ = json.Unmarshal(answer.Result, &made) // many results have none
	return push.Reply{
		RemoteID: answer.RecordID, Profile: made.Profile, RequestID: answer.RequestID, Warnings: answer.Warnings,
	}, err
}
