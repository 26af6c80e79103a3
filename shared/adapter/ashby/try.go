package ashby

import (
	"context"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
)

// nowhere is an id that Ashby never gives: a write to it is refused after the
// permission was checked, and changes nothing.
const nowhere = "00000000-0000-4000-8000-000000000000"

// trials are, for each permission, a call that needs it and changes nothing. The
// writes go to an id that does not exist or lack what the method requires.
var trials = map[connection.Permission]struct{ method, body string }{
	connection.APIKeysRead:         {"apiKey.info", `{}`},
	connection.APIKeysWrite:        {"webhook.delete", `{"webhookId":"` + nowhere + `"}`},
	connection.CandidatesRead:      {"candidate.list", `{"limit":1}`},
	connection.CandidatesWrite:     {"candidate.addTag", `{"candidateId":"` + nowhere + `","tagId":"` + nowhere + `"}`},
	connection.HiringMetadataRead:  {"source.list", `{}`},
	connection.HiringMetadataWrite: {"customField.create", `{}`},
	connection.OrganizationRead:    {"user.list", `{"limit":1}`},
}

// Try finds out whether the key has a permission, without changing anything.
// Nil: it has. PermissionMissing: it has not. KeyRefused, Throttled and
// Unavailable say nothing about it.
func (a *Account) Try(ctx context.Context, p connection.Permission) error {
	trial, known := trials[p]
	if !known {
		return fault.New(fault.Internal, "unknown_permission", "there is no way to try this permission")
	}
	_, err := a.Do(ctx, trial.method, []byte(trial.body))
	switch {
	case fault.Is(err, fault.Rejected) && !OurBug(err):
		return nil // so the permission was not what stood in the way
	case fault.Is(err, fault.Ambiguous):
		// Nothing can have changed, so to ask again is safe.
		return fault.New(fault.Unavailable, fault.Of(err).Code(), fault.Of(err).Message()).Because(err)
	}
	return err
}

// CandidateFields lists the custom fields of candidates, archived ones included.
func (a *Account) CandidateFields(ctx context.Context) ([]field.Field, error) {
	all, err := Every(ctx, a.Fields)
	if err != nil {
		return nil, err
	}
	var out []field.Field
	for _, f := range all {
		if f.OfCandidate() {
			out = append(out, f.Field)
		}
	}
	return out, nil
}

// RegisterWebhook registers a webhook and gives its id; empty when one of that
// type and URL is there already, whose id Ashby does not tell.
func (a *Account) RegisterWebhook(ctx context.Context, kind, url string, signing secret.Value) (id string, err error) {
	answer, err := a.CreateWebhook(ctx, CreateWebhook{kind, url, signing})
	if AlreadyExists(err) {
		return "", nil
	}
	return answer.Result.ID, err
}

// Sees reports whether the key sees a candidate.
func (a *Account) Sees(ctx context.Context, candidateID string) (bool, error) {
	_, err := a.Candidate(ctx, candidateID)
	if f := fault.Of(err); err != nil && f.Kind() == fault.Rejected && f.Code() == CodeCandidateNotFound {
		return false, nil
	}
	return err == nil, err
}

// SeesPrivate reports whether the key has the switch for non-offer private fields,
// as far as a harmless call shows it: private things are missing without it and not
// refused, so that it is told by a private note for a candidate that does not exist,
// if Ashby minds the note before the candidate. It looks at no answer but a definite
// one.
func (a *Account) SeesPrivate(ctx context.Context) connection.Grant {
	_, err := a.Do(ctx, "candidate.createNote", []byte(`{"candidateId":"`+nowhere+`","note":"probe","isPrivate":true}`))
	f := fault.Of(err)
	switch {
	case err == nil, !fault.Is(err, fault.Rejected), OurBug(err), f.Code() == CodeCandidateNotFound:
		return connection.Unknown // what says nothing about the switch
	case slices.ContainsFunc(f.Details(), func(d fault.Detail) bool { return d.Path == "isPrivate" }),
		strings.Contains(strings.ToLower(f.Message()), "private"):
		return connection.Missing
	}
	return connection.Unknown
}

// confidentialPages bounds how far projects are looked through for a confidential one.
const confidentialPages = 3

// SeesConfidential reports whether the key has the switch for confidential jobs and
// projects: it has if it shows a confidential project, and where it shows none,
// there may be none.
func (a *Account) SeesConfidential(ctx context.Context) connection.Grant {
	var p Page
	for range confidentialPages {
		answer, err := call[many[projectWire, bool]](ctx, a, "project.list", p)
		if err != nil {
			return connection.Unknown
		}
		if slices.Contains(answer.Result, true) {
			return connection.Granted
		}
		if !answer.More || answer.NextCursor == "" {
			break
		}
		p.Cursor = answer.NextCursor
	}
	return connection.Unknown
}

// projectWire is what is looked at of a project.
type projectWire struct {
	Confidential bool `json:"confidential"`
}

func (w projectWire) plain() bool { return w.Confidential }
