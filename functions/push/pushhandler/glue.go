package pushhandler

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
	"github.com/sourcewhale/ashby-sync/shared/usecase/push"
)

// opener opens accounts at Ashby.
type opener struct {
	client    *ashby.Client
	catalogue *ashby.Catalogue
	copies    *candidates.Store // nil: none are kept
}

// Open binds a key.
func (o opener) Open(key secret.Value, team, fingerprint string, admit func(context.Context) error) push.Account {
	a := o.client.With(key)
	reader := ashby.NewReader(a, o.catalogue, team+" "+fingerprint, admit)
	if o.copies != nil {
		reader = reader.Indexed(o.copies.Of(team, fingerprint))
	}
	return account{a, reader}
}

// missing has candidates with people looked for that Ashby lists no more.
type missing struct {
	people *timeline.Store
	now    func() time.Time
}

func (m missing) seek(ctx context.Context, team string, ids []string) error {
	linked, _, err := m.people.LinkedTo(ctx, team, ids)
	if err != nil || len(linked) == 0 {
		return err
	}
	var work []delivery.Work
	for id := range linked {
		work = append(work, delivery.Work{
			Class: delivery.Mirror, Due: m.now().UTC(), Person: delivery.MirrorPerson, Event: delivery.MirrorLost(id),
		})
	}
	return m.people.AddDue(ctx, team, work) // the mirror's own entry has the team on the list
}

// reflector lets a push use the mirror with its own account.
type reflector struct{ mirror *mirror.Mirror }

// Step does the next piece of a copy.
func (r reflector) Step(ctx context.Context, team, fingerprint string, a push.Account) (time.Time, bool, error) {
	return r.mirror.Step(ctx, team, fingerprint, a)
}

// Gone takes a candidate out of a copy.
func (r reflector) Gone(ctx context.Context, team, candidate string) error {
	return r.mirror.Gone(ctx, team, candidate)
}

// Look reads a candidate anew.
func (r reflector) Look(ctx context.Context, team, candidate string, a push.Account) error {
	return r.mirror.Look(ctx, team, candidate, a)
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
