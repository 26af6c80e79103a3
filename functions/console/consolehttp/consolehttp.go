// Package consolehttp serves the service's page: static files from the program itself, with headers that let the page do nothing else.
package consolehttp

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

//go:embed page
var files embed.FS

// served lists the paths there are and the file behind each. The second is where SourceWhale's menu of integrations leads.
var served = map[string]string{
	"/":                   "index.html",
	"/integrations/ashby": "index.html",
	"/page.css":           "page.css",
	"/icon.svg":           "icon.svg",
}

var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

// headers go with every answer beside those that each of our answers bears. The page has no scripts, forms, frames or foreign sources, so none may run.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
	"X-Frame-Options":              "DENY",
}

// New builds the handler. It fails only where a file is missing from the program.
func New(log *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	for at, name := range served {
		content, err := files.ReadFile(path.Join("page", name))
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		pattern := "GET " + at
		if at == "/" {
			pattern += "{$}" // the root alone, not all below it
		}
		mux.Handle(pattern, file(name, content))
	}
	return header.With(headers, problem.Guard(log, problem.Routes(mux))), nil
}

// file answers with the content, or with 304 to who has it already. Nothing is kept without asking: a deployment shows at once.
func file(name string, content []byte) http.Handler {
	sum := sha256.Sum256(content)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}
