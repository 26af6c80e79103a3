package settingshttp

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
)

// fields is Ashby as mapping needs it. What is remembered of its fields is shared
// with previews.
type fields struct {
	account     *ashby.Account
	catalogue   *ashby.Catalogue
	fingerprint string
}

// Fields lists the custom fields of candidates.
func (f fields) Fields(ctx context.Context, fresh bool) ([]field.Field, error) {
	if fresh {
		f.catalogue.Forget(f.fingerprint)
	}
	answer, err := ashby.NewReader(f.account, f.catalogue, f.fingerprint, nil).Read(ctx, plan.Ask{Kind: plan.AskFields})
	return answer.Fields, err
}

// CreateField makes a custom field of candidates.
func (f fields) CreateField(ctx context.Context, n mapfields.New) (field.Field, error) {
	w := ashby.CreateField{Title: n.Title, Type: string(n.Type), Description: n.Description}
	for _, o := range n.Options {
		w.Options = append(w.Options, ashby.Option{Label: o, Value: o})
	}
	answer, err := f.account.CreateField(ctx, w)
	f.catalogue.Forget(f.fingerprint)
	return answer.Result.Field, err
}
