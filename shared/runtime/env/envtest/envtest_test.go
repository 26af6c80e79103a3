package envtest_test

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env/envtest"
)

func TestTheReaderPassesTheSuite(t *testing.T) {
	complete := map[string]string{"TABLE": "rows", "QUEUE_URL": "https://queue.local/1", "AWS_SECRET_ACCESS_KEY": "hunter2", "SPARE": "1"}
	envtest.Suite(t, complete, func(getenv func(string) string) error {
		r := env.Read(getenv)
		r.Required("TABLE")
		r.URL("QUEUE_URL", "")
		return r.Err()
	}, "SPARE")
}
