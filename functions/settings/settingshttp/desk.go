package settingshttp

import (
	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/usecase/inbox"
)

// deskVerbs are what people do about events and people that need them.
type deskVerbs struct {
	inbox *inbox.Inbox
}

func (p Parts) desk(people *timeline.Store) deskVerbs {
	ring := bell.New(p.Work, fresh)
	return deskVerbs{
		inbox: &inbox.Inbox{Store: people, Ledger: people, Bell: ring, Now: p.Now},
	}
}
