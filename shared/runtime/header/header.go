// Package header sets the headers that keep a browser from doing harm with an
// answer, or on the way to it, and the one by which an answer is found in the log.
package header

import (
	"maps"
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// everywhere goes with every answer. Paths may hold tokens, so no address is
// passed on; that we speak HTTPS only is remembered for two years.
var everywhere = map[string]string{
	"Referrer-Policy":           "no-referrer",
	"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":    "nosniff",
}

// API wraps a handler whose answers are for programs: nothing may keep, show or
// frame them. X-Request-Id names the request as our log does, where it has a trace.
func API(next http.Handler) http.Handler {
	return With(map[string]string{
		"Cache-Control":           "no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	}, named(next))
}

func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := trace.ID(r.Context()); id != "" {
			w.Header().Set("X-Request-Id", id)
		}
		next.ServeHTTP(w, r)
	})
}

// With wraps a handler: these headers, and those that every answer of ours bears,
// are set before it is asked, so that its refusals bear them too. The handler may
// set others in their place.
func With(headers map[string]string, next http.Handler) http.Handler {
	all := maps.Clone(everywhere)
	maps.Copy(all, headers)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range all {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}
