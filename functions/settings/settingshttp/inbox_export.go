package settingshttp

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// exportRows is how many events one answer of an export holds.
const exportRows = 1000

// exportColumns are no more than it takes to find the events: names and addresses
// stay where they are.
var exportColumns = []string{"event", "person", "type", "since", "code", "detail", "write"}

type exportQuery struct {
	Cause  string `path:"cause" doc:"as the inbox names it" example:"needs_review"`
	Cursor string `query:"cursor" doc:"of the Link header of the part before"`
}

type exportAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Link        string `header:"Link" doc:"where the next part is, as rel=next; absent with the last"`
	Body        []byte
}

func (s *surface) inboxExport() {
	const path = "/v1/inbox/{cause}/export"
	op := operation("exportInboxCause", http.MethodGet, path, "Export the events of a cause as CSV", nil, http.StatusNotFound)
	op.Description = "One line an event, ids and reasons only. An answer holds a thousand lines; where there are more, its Link header " +
		"says where the next part is. Cells that a spreadsheet would take for a formula begin with an apostrophe."
	op.Responses["200"].Content = map[string]*huma.MediaType{"text/csv": {
		Schema:  &huma.Schema{Type: huma.TypeString},
		Example: "event,person,type,since,code,detail,write\nevt-8812,person-301,campaign_added,2026-11-23T11:59:02Z,needs_review,,\n",
	}}
	huma.Register(s.api, op, s.exportInbox)
}

func (s *surface) exportInbox(ctx context.Context, in *exportQuery) (*exportAnswer, error) {
	page, err := s.inboxPage(ctx, in.Cause, in.Cursor, exportRows)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{exportColumns}
	for _, i := range page.Items {
		r := i.Record
		write, _ := r.Unknown()
		rows = append(rows, []string{
			cell(r.Event), cell(r.Person), string(r.Type), i.Since.UTC().Format(time.RFC3339), string(r.Code), cell(r.Detail), cell(write.ID),
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("export %s: %w", trace.ID(ctx), err)
	}
	out := &exportAnswer{
		ContentType: "text/csv; charset=utf-8; header=present", Disposition: `attachment; filename="inbox.csv"`, Body: text.Bytes(),
	}
	if page.Next != "" {
		out.Link = fmt.Sprintf("</v1/inbox/%s/export?cursor=%s>; rel=\"next\"", url.PathEscape(in.Cause), placeOut(page.Next, inboxCursor))
	}
	return out, nil
}

// cell keeps a spreadsheet from running what somebody else chose: a cell that it
// would read as a formula gets an apostrophe in front (OWASP, CSV injection).
func cell(text string) string {
	if strings.ContainsAny(firstOf(text), "=+-@\t\r\n") || strings.ContainsAny(firstOf(strings.TrimSpace(text)), "=+-@") {
		return "'" + text
	}
	return text
}

func firstOf(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}
