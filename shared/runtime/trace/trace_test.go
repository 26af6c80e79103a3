package trace_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/logging"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

func TestTheIDIsReadableAndLogged(t *testing.T) {
	if got := trace.ID(t.Context()); got != "" {
		t.Errorf("ID of a plain context = %q", got)
	}
	ctx := trace.With(t.Context(), "req-1")
	if got := trace.ID(ctx); got != "req-1" {
		t.Errorf("ID = %q", got)
	}
	var out bytes.Buffer
	logging.New(&out, "").InfoContext(ctx, "x")
	if !strings.Contains(out.String(), `"trace":"req-1"`) {
		t.Errorf("not logged: %s", out.String())
	}
}
