package settingshttp

import (
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

// operations are added to an API together.
type operations struct {
	name string
	add  func(*surface)
}

// group is what is served under some first parts of a path. To describe all
// operations takes huma several times as long as the rest of a start, and most
// processes of a function that people use now and then serve a page's few. So a
// group's are made when the first request comes for one of them.
type group struct {
	heads      []string // parts of the path after the API's version
	operations []operations
}

func groups() []group {
	var (
		health     = operations{"health", (*surface).healthOperations}
		connection = operations{"connection", (*surface).connectionOperations}
		doctor     = operations{"doctor", (*surface).doctorOperations}
		usage      = operations{"usage", (*surface).usageOperations}
		webhooks   = operations{"webhooks", (*surface).webhookOperations}
		settings   = operations{"settings", (*surface).settingsOperations}
		mine       = operations{"mine", (*surface).mySettingsOperations}
		history    = operations{"history", (*surface).settingsHistoryOperations}
		fields     = operations{"fields", (*surface).fieldOperations}
		values     = operations{"values", (*surface).valueOperations}
		variables  = operations{"variables", (*surface).variableOperations}
		mapping    = operations{"mapping", (*surface).mappingOperations}
		timeline   = operations{"timeline", (*surface).timelineOperations}
		events     = operations{"events", (*surface).eventOperations}
		inbox      = operations{"inbox", (*surface).inboxOperations}
		people     = operations{"people", (*surface).peopleOperations}
		reviews    = operations{"reviews", (*surface).reviewOperations}
		jobs       = operations{"jobs", (*surface).jobOperations}
		activity   = operations{"activity", (*surface).activityOperations}
		preview    = operations{"preview", (*surface).previewOperations}
		search     = operations{"search", (*surface).searchOperations}
		mirror     = operations{"mirror", (*surface).mirrorOperations}
	)
	of := func(heads string, list ...operations) group { return group{strings.Fields(heads), list} }
	return []group{
		of("health", health),
		of("connection", connection, doctor),
		of("usage", usage),
		of("webhooks", webhooks),
		of("settings", settings, mine, history),
		of("fields values", fields, values),
		of("variables", variables),
		of("mapping", mapping),
		of("people", timeline, people),
		of("events inbox jobs push backfill", events, inbox, jobs),
		of("reviews", reviews),
		of("activity", activity),
		of("preview", preview),
		of("search", search),
		of("mirror", mirror),
	}
}

// lazily serves the groups, each made when it is first asked for.
func lazily(v verbs, verify Verifier) http.Handler {
	description := http.NewServeMux()
	description.HandleFunc("GET /v1/openapi.json", described(v))
	byHead := map[string]func() http.Handler{
		"openapi.json": sync.OnceValue(func() http.Handler { return problem.Routes(description) }),
	}
	for _, g := range groups() {
		made := sync.OnceValue(func() http.Handler {
			mux, _ := build(v, verify, g.operations)
			return problem.Routes(mux)
		})
		for _, head := range g.heads {
			byHead[head] = made
		}
	}
	nothing := problem.Routes(http.NewServeMux())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made, ok := byHead[headOf(r.URL.Path)]
		if !ok {
			nothing.ServeHTTP(w, r)
			return
		}
		made().ServeHTTP(w, r)
	})
}

// headOf gives the part of a path after the API's version.
func headOf(p string) string {
	rest, _ := strings.CutPrefix(path.Clean("/"+p), "/v1/")
	head, _, _ := strings.Cut(rest, "/")
	return head
}
