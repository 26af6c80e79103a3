package pushhandler

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/bulk"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
	"github.com/sourcewhale/ashby-sync/shared/usecase/record"
	"github.com/sourcewhale/ashby-sync/shared/usecase/request"
)

// here rings nobody: the drain that works on a job finds what it makes.
type here struct{}

// Ring does nothing.
func (here) Ring(context.Context, string) error { return nil }

// foreman works on the jobs of the team that is drained.
func foreman(p Parts, teams *config.Store, people *timeline.Store) *bulk.Foreman {
	recorder := &record.Recorder{
		Ledger: people, Hooks: people, Settings: teams, Users: teams, Bell: here{}, Now: p.Now, Log: p.Log,
	}
	return &bulk.Foreman{
		Store: people, Ledger: people, Now: p.Now, Token: p.Token,
		Requests: &request.Requester{Recorder: recorder, People: people, Now: p.Now},
		Causes:   &inbox.Inbox{Store: people, Ledger: people, Bell: here{}, Now: p.Now},
	}
}
