package settingshttp

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/bell"
	"github.com/sourcewhale/ashby-sync/shared/adapter/fold"
	"github.com/sourcewhale/ashby-sync/shared/adapter/teamkey"
	"github.com/sourcewhale/ashby-sync/shared/domain/caller"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/secret"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	copies "github.com/sourcewhale/ashby-sync/shared/repository/candidates"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
	"github.com/sourcewhale/ashby-sync/shared/usecase/accept"
	"github.com/sourcewhale/ashby-sync/shared/usecase/configure"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
	"github.com/sourcewhale/ashby-sync/shared/usecase/explain"
	"github.com/sourcewhale/ashby-sync/shared/usecase/fill"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mapfields"
	"github.com/sourcewhale/ashby-sync/shared/usecase/measure"
	"github.com/sourcewhale/ashby-sync/shared/usecase/mirror"
	"github.com/sourcewhale/ashby-sync/shared/usecase/preview"
	"github.com/sourcewhale/ashby-sync/shared/usecase/reserve"
	"github.com/sourcewhale/ashby-sync/shared/usecase/search"
	"github.com/sourcewhale/ashby-sync/shared/usecase/subscribe"
)

// Parts is what the settings API is built of. All are required but PublicURL.
type Parts struct {
	Config       table.Table
	Timeline     table.Table
	Candidates   table.Table
	Secrets      secret.Store
	SecretPrefix string       // names of teams' keys begin with it
	Keyring      string       // name or ARN of the master secret
	Work         queue.Sender // the queue of teams with work
	Ashby        *ashby.Client
	PublicURL    string // under which Ashby reaches our hooks; empty: none are registered
	Verify       Verifier
	Now          func() time.Time
	Token        func() string // fresh and unique, a UUID; nil: random ones
	Log          *slog.Logger
}

// keyLife is how long a key is remembered for reads; a version's content never
// changes, and what is checked or changed about a key goes past this memory.
const keyLife = 5 * time.Minute

// patience is how long a request may take: the API gives up at 30 s.
const patience = 25 * time.Second

// New builds the handler.
func New(p Parts) http.Handler {
	if p.Token == nil {
		p.Token = fresh
	}
	return observed(p.Log, p.Now, header.API(bounded(problem.Guard(p.Log, lazily(verbsOf(p), p.Verify)))))
}

func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// verbs are what the API can do.
type verbs struct {
	deskVerbs
	connect   *connect.Connector
	configure *configure.Configurator
	explain   *explain.Explainer
	preview   *preview.Previewer
	mapper    *mapfields.Mapper
	measure   *measure.Measurer
	subscribe *subscribe.Subscriber
	filler    *fill.Filler
	search    *search.Searcher
	mirror    *mirror.Asker
	see       func(context.Context, caller.Caller)
	now       func() time.Time
	token     func() string
}

func verbsOf(p Parts) verbs {
	store, people := config.New(p.Config, p.Now, p.Token), timeline.New(p.Timeline, p.Now, p.Token)
	keys := teamkey.New(secret.Cached(p.Secrets, keyLife, p.Now), p.SecretPrefix)
	catalogue := ashby.NewCatalogue(p.Now)
	dial := p.dialler(people)
	waits := waiting{people, bell.New(p.Work, p.Token), p.Now}
	connector := &connect.Connector{
		Store: store, Links: people, Probes: people, Waiting: people, Secrets: p.Secrets, Bell: waits, Secret: keys.Name, Version: p.Token, Now: p.Now, Log: p.Log,
		Dial: func(key secret.Value) connect.Ashby { return account{dial(key)} },
	}
	subscriber := &subscribe.Subscriber{
		Keys: accept.NewKeys(p.Secrets, p.Keyring, p.Now), Store: store, Registrar: connector, Public: p.PublicURL, Now: p.Now, Log: p.Log,
	}
	if p.PublicURL != "" {
		connector.Hooks = subscriber
	}
	mapper := &mapfields.Mapper{Store: store, People: people, Keys: keys, Waiting: waits, Open: func(key secret.Value, fingerprint string) mapfields.Ashby {
		return fields{dial(key), catalogue, fingerprint}
	}}
	kept := copies.New(p.Candidates, p.Now, p.Token)
	return verbs{
		deskVerbs: p.desk(store, people, keys, catalogue),
		subscribe: subscriber,
		search:    &search.Searcher{Index: kept, Candidates: kept, Settings: filterable{store}, People: people, Fold: fold.Text},
		mirror:    &mirror.Asker{States: kept, Connections: store, Plans: people, Bell: bell.New(p.Work, p.Token), Now: p.Now},
		measure:   &measure.Measurer{Book: people, Work: people, Connections: store, Now: p.Now},
		see:       p.see(store), connect: connector, configure: &configure.Configurator{Store: store, Fields: mapper, Waiting: waits, Now: p.Now}, explain: &explain.Explainer{Store: people, Teams: store, Now: p.Now}, now: p.Now, token: p.Token,
		mapper: mapper,
		filler: &fill.Filler{Store: store, People: people, Keys: keys, Waiting: waits, Now: p.Now, Open: func(key secret.Value, fingerprint string) plan.Reader {
			return ashby.NewReader(dial(key), catalogue, fingerprint, nil)
		}},
		preview: &preview.Previewer{Teams: store, People: people, Keys: keys, Now: p.Now, Open: func(key secret.Value, fingerprint string) preview.Ashby {
			a := dial(key)
			return glance{ashby.NewReader(a, catalogue, fingerprint, nil).Indexed(callersCopy{kept, fingerprint}), a}
		}},
	}
}

// dialler opens accounts for callers, who share what of their team's key is theirs
// to spend.
func (p Parts) dialler(book reserve.Book) func(secret.Value) *ashby.Account {
	keeper := &reserve.Keeper{Book: book, Token: p.Token, Now: p.Now}
	return func(key secret.Value) *ashby.Account {
		return p.Ashby.With(key).Admitted(func(ctx context.Context) (func(), error) { return keeper.Admit(ctx, who(ctx).Team) })
	}
}

// see keeps what tokens say of users: the lock goes by it. That it cannot be kept
// is no reason to refuse anybody; the next request is the next chance.
func (p Parts) see(store *config.Store) func(context.Context, caller.Caller) {
	return func(ctx context.Context, who caller.Caller) {
		seen := caller.Sighting{User: who.User, Role: who.Role, Admin: who.Admin, At: p.Now()}
		if err := store.SeeUser(ctx, who.Team, seen); err != nil {
			p.Log.LogAttrs(ctx, slog.LevelWarn, "user not noted", slog.String("team", who.Team), slog.String("user", who.User), logging.Error(err))
		}
	}
}

// fresh gives a random UUID (version 4): secrets' versions must be UUIDs, and
// tokens may be anything that does not come twice.
func fresh() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
