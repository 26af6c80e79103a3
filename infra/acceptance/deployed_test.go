package acceptance_test

import (
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
	d.Schedule(t, 3*time.Second) // a minute in AWS
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the functions' errors:\n%s", log.errors())
		}
		d.Watch.AllowedAll(t, map[string]int{"settings": 1000, "intake": 100, "record": 1000, "push": 1000, "sweep": 100})
	})
	return s
}
