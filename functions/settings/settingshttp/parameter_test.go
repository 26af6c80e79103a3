package settingshttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestEveryMistakeOfParametersIsToldAtOnceAndNoneRepeatsWhatWasSent(t *testing.T) {
	r := newRig(t)
	got := r.do(viewer, http.MethodGet, "/v1/activity?limit=manysecrets&state=secret&page=secret", "").want(t, 422, "invalid_request")
	want := []string{"query.page invalid_value", "query.limit invalid_value", "query.state invalid_value"}
	if m := got.mistakes(); !slices.Equal(m, want) {
		t.Errorf("mistakes %q, want %q", m, want)
	}
	if strings.Contains(got.text, "secret") {
		t.Errorf("the answer repeats what was sent: %s", got.text)
	}
	r.do(viewer, http.MethodGet, "/v1/fields?refresh=perhaps", "").want(t, 422, "invalid_request")
	r.do(viewer, http.MethodGet, "/v1/activity?limit=", "").want(t, 200, "") // empty is the default
}
