package settingshttp

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/adapter/teamkey"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/bulk"
	"github.com/sourcewhale/ashby-sync/shared/usecase/forget"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
	"github.com/sourcewhale/ashby-sync/shared/usecase/review"
)

// deskVerbs are what people do about events and people that need them.
type deskVerbs struct {
	inbox   *inbox.Inbox
	review  *review.Reviewer
	cases   *review.Lister
	request *request.Requester
	forget  *forget.Forgetter
	jobs    *bulk.Foreman
	// activity lists what has happened lately, as timeline.Store does.
	activity func(ctx context.Context, team, cursor string, limit int, wanted func(delivery.Happening) bool) ([]delivery.Happening, string, error)
}

func (p Parts) desk(store *config.Store, people *timeline.Store, keys teamkey.Keys, catalogue *ashby.Catalogue) deskVerbs {
	ring := bell.New(p.Work, p.Token)
	there := candidates{store, people, keys, p.dialler(people), catalogue}
	box := &inbox.Inbox{Store: people, Ledger: people, Bell: ring, Now: p.Now}
	ask := &request.Requester{People: people, Now: p.Now, Recorder: &record.Recorder{
		Ledger: people, Hooks: people, Settings: store, Users: store, Bell: ring, Now: p.Now, Log: p.Log,
	}}
	return deskVerbs{
		inbox:    box,
		review:   &review.Reviewer{Ledger: people, Events: people, Teams: store, Candidates: there, Bell: ring, Now: p.Now},
		cases:    &review.Lister{Listings: people, Teams: store, Ashby: there},
		request:  ask,
		forget:   &forget.Forgetter{Timeline: people, Config: store, Now: p.Now},
		jobs:     &bulk.Foreman{Store: people, Ledger: people, Requests: ask, Causes: box, Bell: ring, Now: p.Now, Token: p.Token},
		activity: people.Activity,
	}
}

// actorOf gives a caller as an event's actor: what their token says of them was
// noted when they came.
func actorOf(c caller.Caller) event.Actor { return event.Actor{ID: c.User} }

// candidates looks candidates up in the Ashby of a team.
type candidates struct {
	teams     *config.Store
	people    *timeline.Store
	keys      teamkey.Keys
	dial      func(secret.Value) *ashby.Account
	catalogue *ashby.Catalogue
}

// Candidate reads one; ok is false when there is none.
func (c candidates) Candidate(ctx context.Context, team, id string) (found candidate.Candidate, ok bool, err error) {
	conn, err := c.teams.Connection(ctx, team)
	if err != nil {
		return found, false, err
	}
	if conn.Fingerprint == "" {
		return found, false, fault.New(fault.Conflict, "not_connected", "what is in Ashby decides this; connect it first")
	}
	key, err := c.keys.Key(ctx, team, conn.SecretVersion)
	if err != nil {
		return found, false, err
	}
	reader := ashby.NewReader(c.dial(key), c.catalogue, conn.Fingerprint, nil)
	answer, err := reader.Read(ctx, plan.Ask{Kind: plan.AskCandidate, Arg: id})
	if err != nil || len(answer.Candidates) == 0 {
		return found, false, err
	}
	return answer.Candidates[0], true, nil
}

// merges bounds how many merges are followed from one candidate.
const merges = 5

// Current gives the id by which a candidate goes now: after the merges that we were
// told of, and only if Ashby has it.
func (c candidates) Current(ctx context.Context, team, id string) (now string, ok bool, err error) {
	for range merges {
		known, err := c.people.Candidate(ctx, team, id)
		if err != nil {
			return "", false, err
		}
		if known.Into == "" {
			break
		}
		id = known.Into
	}
	found, ok, err := c.Candidate(ctx, team, id)
	return found.ID, ok, err
}
