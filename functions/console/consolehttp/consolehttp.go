// Package consolehttp serves the service's page: files from the program itself, with headers that let the page do nothing but ask our API.
package consolehttp

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/runtime/header"
	"github.com/sourcewhale/ashby-sync/shared/runtime/problem"
)

//go:embed page
var files embed.FS

// Config is what a deployment tells its page.
type Config struct {
	// Origins of SourceWhale's frontend, such as https://app.example.com. They may frame the page, and the page takes a sign-in
	// from nobody else. Without any it can only be looked at.
	Origins []string `json:"origins"`
	// Support is where “Stuck?” leads; empty: there is no such link.
	Support string `json:"support,omitempty"`
	// Local says that /dev/ is served beside the page: a run on one machine.
	Local bool `json:"local,omitempty"`
}

// documents are the paths at which the page itself is: it looks at the address and shows the screen. The second is where
// SourceWhale's menu of integrations leads.
var documents = []string{"GET /{$}", "GET /integrations/ashby", "GET /integrations/ashby/{screen...}"}

// assets are the files that the page asks for.
var assets = []string{"app.js", "page.css", "icon.svg"}

// New builds the handler. It fails only where a file is missing from the program.
func New(c Config, log *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	document, err := c.document()
	if err != nil {
		return nil, err
	}
	for _, pattern := range documents {
		mux.Handle(pattern, document)
	}
	for _, name := range assets {
		content, err := files.ReadFile(path.Join("page", name))
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		mux.Handle("GET /"+name, newFile(name, content))
	}
	return header.With(c.headers(), problem.Guard(log, problem.Routes(mux))), nil
}

// document is index.html with what the deployment tells it.
func (c Config) document() (http.Handler, error) {
	content, err := files.ReadFile("page/index.html")
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if c.Origins == nil {
		c.Origins = []string{}
	}
	told, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	const place = `content="{}"`
	if bytes.Count(content, []byte(place)) != 1 {
		return nil, fmt.Errorf("page: index.html lacks the one %s that the configuration goes to", place)
	}
	content = bytes.Replace(content, []byte(place), []byte(`content="`+html.EscapeString(string(told))+`"`), 1)
	return newFile("index.html", content), nil
}

// headers go with every answer beside those that each of our answers bears. Scripts and styles are our own files, requests go
// to our own API; nothing inline runs, and nothing is loaded from elsewhere.
func (c Config) headers() map[string]string {
	all := map[string]string{
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
	}
	ancestors := strings.Join(c.Origins, " ")
	if ancestors == "" {
		ancestors = "'none'"
		all["X-Frame-Options"] = "DENY" // which cannot name origins, so where there are some the policy speaks alone
	}
	all["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors + "; require-trusted-types-for 'script'; trusted-types 'none'"
	return all
}
