package sweephandler_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/functions/sweep/sweephandler"
	"github.com/sourcewhale/ashby-sync/shared/adapter/memory"
	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/queue"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
	"github.com/sourcewhale/ashby-sync/shared/repository/config"
	"github.com/sourcewhale/ashby-sync/shared/repository/timeline"
)

// outbox keeps what is sent.
type outbox struct{ sent []queue.Message }

func (o *outbox) Send(_ context.Context, messages ...queue.Message) error {
	o.sent = append(o.sent, messages...)
	return nil
}

// unreadable is a table that panics.
type unreadable struct{ table.Table }

func token() string { return "x" }

func parts(timelines table.Table, work *outbox) sweephandler.Parts {
	return sweephandler.Parts{
		Config: memory.NewTable(time.Now), Timeline: timelines, Work: work, Token: token, Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	}
}

func TestATickRingsWhatIsDue(t *testing.T) {
	ctx := t.Context()
	var work outbox
	p := parts(memory.NewTable(time.Now), &work)
	conn := connection.Connection{Team: "t1", Status: connection.Connected, Fingerprint: "f1"}
	if _, err := config.New(p.Config, time.Now, token).Activate(ctx, conn, nil); err != nil {
		t.Fatal(err)
	}
	store := timeline.New(p.Timeline, time.Now, token)
	if err := store.Touch(ctx, "t1"); err != nil {
		t.Fatal(err)
	}
	due := delivery.Work{Class: delivery.Live, Due: time.Now(), Person: "p1", Event: "e1"}
	if err := store.AddDue(ctx, "t1", []delivery.Work{due}); err != nil {
		t.Fatal(err)
	}
	if err := sweephandler.New(p)(ctx); err != nil {
		t.Fatal(err)
	}
	if len(work.sent) != 1 || work.sent[0].Body != `{"team":"t1"}` {
		t.Errorf("rings %+v", work.sent)
	}
}

func TestAPanicIsAnErrorOfTheTick(t *testing.T) {
	if err := sweephandler.New(parts(unreadable{}, &outbox{}))(t.Context()); !fault.Is(err, fault.Internal) {
		t.Errorf("error %v", err)
	}
}
