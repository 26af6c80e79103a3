package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// activate connects the team to Ashby, as an admin would on the page.
func activate(ctx context.Context, getenv func(string) string, out io.Writer) error {
	c, err := connect(getenv, "admin", out)
	if err != nil {
		return err
	}
	key := c.AshbyKey
	if given := getenv("KEY"); given != "" {
		key = given
	}
	if key == "" {
		return errors.New("which key? KEY=… make activate")
	}
	c.show(http.MethodPut, "/v1/connection", `  {"key": "…"}`)
	var answer json.RawMessage
	if _, err := c.call(ctx, http.MethodPut, "/v1/connection", nil, map[string]string{"key": key}, &answer); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, indented(answer))
	return nil
}

// set changes the team's settings: name=value, as the API has them.
func set(ctx context.Context, args []string, getenv func(string) string, out io.Writer) error {
	c, err := connect(getenv, "admin", out)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return errors.New("set what? make set TRIGGER=on_add, ONLY_SYNCED=false, SYNC_MANUAL_UPDATES=false, NOTE_TYPES='[\"email_reply\"]'")
	}
	change := map[string]any{}
	for _, a := range args {
		name, text, ok := strings.Cut(a, "=")
		if !ok {
			return fmt.Errorf("%q is not name=value; names: trigger, only_synced, note_types, sync_manual_updates", a)
		}
		var value any = text
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text // a word
		}
		change[name] = value
	}
	const path = "/v1/settings/team"
	c.show(http.MethodGet, path, "")
	header, err := c.call(ctx, http.MethodGet, path, nil, nil, nil)
	if err != nil {
		return err
	}
	sent, _ := json.Marshal(change)
	c.show(http.MethodPatch, path, "  If-Match: "+header.Get("ETag")+"  "+string(sent))
	var answer json.RawMessage
	if _, err := c.call(ctx, http.MethodPatch, path, http.Header{"If-Match": {header.Get("ETag")}}, change, &answer); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, indented(answer))
	return nil
}
