package acceptance_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/sourcewhale/ashby-sync/infra/local/deployment/deploytest"
)

// deployed brings the template up over AWS's wire, with its queues flowing and its
// schedule ticking. In the end each function's role is held to what it was seen to do.
func deployed(t *testing.T) *service {
	t.Helper()
	log := &lines{}
	d := deploytest.Up(t, deploytest.Config{Settle: "1", Logs: log})
	s := &service{
		url: d.URL, ashby: d.Ashby, http: &http.Client{Timeout: 60 * time.Second}, key: d.IssuerKey, rows: d.Rows, log: log,
		sign: func(team, user, role string, admin bool) (string, error) {
			return d.Issuer.Token(team, user, role, admin, time.Hour)
		},
	}
	d.Broken = func(err error) { t.Error(err) } // no function may fail as a whole
	d.Flow(t)
	schedule(t, d)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the functions' errors:\n%s", log.errors())
		}
		d.Watch.AllowedAll(t, map[string]int{"settings": 1000, "intake": 100, "record": 1000, "push": 1000, "sweep": 100})
	})
	return s
}

// often is how often the schedule ticks, which it does each minute in AWS.
const often = 3 * time.Second

// hurried is how many rings may wait to be heard at a tick. moto counts a queue's
// messages at each call: a queue that grows is a queue that gets slower and slower.
const hurried = 20

// schedule sweeps until the test and its cases end, while the last sweep's rings have
// been heard.
func schedule(t *testing.T, d *deploytest.Deployed) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if rings, err := d.Waiting(ctx, "WorkQueue"); err == nil && rings < hurried {
				_ = d.Sweep(ctx) // what hurts shows in the cases
			}
		}
	}()
	t.Cleanup(func() { stop(); <-ended })
}
