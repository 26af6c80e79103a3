package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// explanation is the part of explainEvent's answer that is told as text.
type explanation struct {
	Event, Type, State, Code, Message, Detail, Rule, Person string
	Row                                                     int
	Wait                                                    *struct{ Owner, Exit string }
	Settings                                                map[string]struct {
		Value any
		Level string
	}
	Plan *struct {
		Reads  []struct{ Kind, Arg string }
		Fields []struct{ Field, Title, Action, Code, Message, Before, After string }
		Note   struct{ Message string }
	}
	Steps []struct {
		Method, Status, Code, Reason string
		Remote                       string `json:"remote_id"`
	}
}

// why tells what became of an event, as text; -json gives the answer as it is.
func why(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	asJSON := len(args) > 0 && args[0] == "-json"
	if asJSON {
		args = args[1:]
	}
	if len(args) != 1 || args[0] == "" {
		return errors.New("which event? make why EVENT=spring-p0001-7")
	}
	c, err := connect(getenv, "viewer", out)
	if err != nil {
		return err
	}
	path := "/v1/events/" + url.PathEscape(args[0])
	c.show(http.MethodGet, path, "")
	if asJSON {
		var answer json.RawMessage
		_, err := c.call(ctx, http.MethodGet, path, nil, nil, &answer)
		_, _ = fmt.Fprintln(out, indented(answer))
		return err
	}
	var x explanation
	if _, err := c.call(ctx, http.MethodGet, path, nil, nil, &x); err != nil {
		return err
	}
	x.tell(out)
	return nil
}

func (x explanation) tell(out io.Writer) {
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	line("\n%s (%s) of %s: %s %s", x.Event, x.Type, x.Person, x.State, x.Code)
	line("  %s", x.Message)
	if x.Row > 0 {
		line("  row %d: %s", x.Row, x.Rule)
	}
	if x.Detail != "" {
		line("  %s", x.Detail)
	}
	if x.Wait != nil {
		line("  waits for %s: %s", x.Wait.Owner, x.Wait.Exit)
	}
	for _, name := range []string{"trigger", "only_synced", "note_types", "sync_manual_updates"} {
		if s, ok := x.Settings[name]; ok {
			line("  setting %-20s %v  (%s)", name, s.Value, s.Level)
		}
	}
	if x.Plan != nil {
		for _, r := range x.Plan.Reads {
			line("  read    %s", strings.TrimSpace(r.Kind+" "+r.Arg))
		}
		for _, f := range x.Plan.Fields {
			line("  field   %-20s %s%s", f.Title, f.Message, change(f.Before, f.After))
		}
		if x.Plan.Note.Message != "" {
			line("  note    %s", x.Plan.Note.Message)
		}
	}
	for _, s := range x.Steps {
		line("  step    %-24s %s %s %s", s.Method, s.Status, s.Remote, strings.TrimSpace(s.Code+" "+s.Reason))
	}
}

func change(before, after string) string {
	switch {
	case before != "" && after != "":
		return fmt.Sprintf(": %q → %q", before, after)
	case after != "":
		return fmt.Sprintf(": %q", after)
	}
	return ""
}
