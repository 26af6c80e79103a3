package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby/ashbytest"
)

// diagnosis gives the status of each feature by its permission, and of each switch.
func diagnosis(got reply) map[string]string {
	out := map[string]string{}
	for list, name := range map[string]string{"features": "permission", "switches": "switch"} {
		for _, item := range got.body[list].([]any) {
			x := item.(map[string]any)
			out[x[name].(string)] = x["status"].(string)
		}
	}
	return out
}

func TestTheDoctorNamesWhatIsOffAndTheBoxToTick(t *testing.T) {
	r := newRig(t)
	for p, status := range diagnosis(r.do(viewer, http.MethodGet, "/v1/connection/doctor", "").want(t, 200, "")) {
		if status != "unknown" {
			t.Errorf("without a key %s is %s", p, status)
		}
	}
	r.activate(admin, ashbytest.LimitedKey).want(t, 200, "")
	got := r.do(viewer, http.MethodGet, "/v1/connection/doctor", "").want(t, 200, "")
	found := diagnosis(got)
	for p, want := range map[string]string{
		"candidatesRead": "on", "candidatesWrite": "on", "organizationRead": "off", "apiKeysWrite": "off", "hiringProcessMetadataWrite": "off",
	} {
		if found[p] != want {
			t.Errorf("%s is %s, want %s", p, found[p], want)
		}
	}
	if !strings.Contains(got.text, "tick “Organization: read”") {
		t.Errorf("no box to tick: %s", got.text)
	}
}

func TestTheDoctorSaysOfTheSwitchesWhatShows(t *testing.T) {
	r := newRig(t)
	r.activate(admin, ashbytest.LocalKey).want(t, 200, "")
	found := diagnosis(r.do(viewer, http.MethodGet, "/v1/connection/doctor", "").want(t, 200, ""))
	if found["private_fields"] != "on" || found["confidential"] != "on" {
		t.Errorf("a key with both: %v", found)
	}
	if c, err := r.config.Connection(t.Context(), "acme"); err != nil || !c.SeesPrivate {
		t.Errorf("the pushes do not know: %+v, %v", c, err)
	}
	r.key(ashbytest.LocalKey, func(k *ashbytest.Key) { k.Private, k.Confidential = false, false })
	r.do(admin, http.MethodPost, "/v1/connection/check", "").want(t, 200, "")
	found = diagnosis(r.do(viewer, http.MethodGet, "/v1/connection/doctor", "").want(t, 200, ""))
	if found["private_fields"] != "unknown" || found["confidential"] != "unknown" {
		t.Errorf("a key with neither, which Ashby does not say: %v", found)
	}
	if c, err := r.config.Connection(t.Context(), "acme"); err != nil || c.SeesPrivate {
		t.Errorf("the pushes believe it sees private fields: %+v, %v", c, err)
	}
	if notes := r.wire.writes(); slices.ContainsFunc(notes, func(w went) bool { return w.method == "candidate.createNote" && !strings.Contains(w.body, "00000000-") }) {
		t.Errorf("wrote %v", notes)
	}
}
