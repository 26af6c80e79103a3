package consolehttp

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// file answers with the content, or with 304 to who has it already. Nothing is kept without asking: a deployment shows at once.
// API Gateway does not compress, so we do, once, when the first asks: at the start it would cost every cold start.
type file struct {
	name    string
	content []byte
	etag    func() string
	packed  func() []byte
}

func newFile(name string, content []byte) *file {
	return &file{
		name: name, content: content,
		etag: sync.OnceValue(func() string {
			sum := sha256.Sum256(content)
			return hex.EncodeToString(sum[:16])
		}),
		packed: sync.OnceValue(func() []byte { return pack(content) }),
	}
}

func pack(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// ServeHTTP gives the file. The two encodings are two representations, each with its own ETag.
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", contentTypes[path.Ext(f.name)])
	head.Set("Cache-Control", "no-cache")
	head.Set("Vary", "Accept-Encoding")
	content, etag := f.content, f.etag()
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed := f.packed(); packed != nil {
			content, etag = packed, etag+"-gzip"
			head.Set("Content-Encoding", "gzip")
		}
	}
	head.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(content))
}
