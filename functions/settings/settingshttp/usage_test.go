package settingshttp_test

import (
	"net/http"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

func TestUsageShowsWhatIsDueAndWhatPeopleSpent(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	r.do(admin, http.MethodPost, "/v1/connection/pause", "").want(t, 200, "")
	got := r.do(viewer, http.MethodGet, "/v1/usage", "").want(t, 200, "")
	people := got.body["interactive"].(map[string]any)
	calls := float64(len(r.sim.Calls(ashbytest.CallFilter{})))
	if people["used"] != calls || people["per_minute"] != 60.0 || calls == 0 {
		t.Errorf("activation made %v calls, people spent %v", calls, people)
	}
	if got.body["active"] != false || got.body["limit_per_minute"] != 958.0 || got.body["forecast_seconds"] != 0.0 {
		t.Errorf("got %s", got.text)
	}
	other := r.do(admin2, http.MethodGet, "/v1/usage", "").want(t, 200, "")
	if other.body["interactive"].(map[string]any)["used"] != 0.0 {
		t.Errorf("another team: %s", other.text)
	}
}
