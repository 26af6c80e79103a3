package contract

import (
	"strings"
	"unicode"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// messages has a sentence for every code of a mistake. They say what is expected
// and never what was sent.
var messages = map[string]string{
	"required":          "this is required",
	"type":              "this has another JSON type than the contract says",
	"too_long":          "this is longer than the contract allows",
	"too_many":          "this has more entries than the contract allows",
	"too_deep":          "this is nested deeper than 12 levels",
	"too_large":         "this event is larger than one message can carry",
	"too_old":           "events older than 5 years are not accepted",
	"bad_id":            "an id has at most 128 bytes, all printable, and no '#'",
	"bad_team":          "a team's id has at most 128 printable ASCII characters, no space and no '#'",
	"bad_time":          "a time is written as RFC 3339, such as 2026-03-01T09:30:00Z",
	"bad_number":        "this number is out of range",
	"unknown_key":       "the contract has no such key here",
	"repeated_key":      "this key is there more than once",
	"repeated_level":    "there is one override per level",
	"unknown_type":      "the contract has no such event type",
	"unknown_stage":     "SourceWhale has no such stage",
	"unknown_origin":    "the contract has no such origin",
	"unknown_channel":   "the contract has no such channel",
	"unknown_direction": "a direction is outbound or inbound",
	"unknown_level":     "an override's level is person or campaign",
	"unknown_trigger":   "a trigger is never, on_add, on_reply or on_interested",
	"unknown_variable":  "SourceWhale has no such variable",
	"no_campaign":       "an override for the campaign needs the event to have one",
	"more":              "there are more mistakes in this event",
}

// sheet collects the mistakes of one event.
type sheet struct{ mistakes []fault.Detail }

func (s *sheet) add(path, code string) {
	switch {
	case len(s.mistakes) < maxMistakes:
		s.mistakes = append(s.mistakes, fault.Detail{Path: path, Code: code, Message: messages[code]})
	case len(s.mistakes) == maxMistakes:
		s.mistakes = append(s.mistakes, fault.Detail{Path: path, Code: "more", Message: messages["more"]})
	}
}

// step extends a path by a key. Keys are the caller's own words: what is not
// printable is masked, and they are cut at 64 characters.
func step(path, key string) string {
	runes := []rune(key)
	if len(runes) > 64 {
		runes = append(runes[:64], '…')
	}
	key = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, string(runes))
	if path == "" {
		return key
	}
	return path + "." + key
}

// fitID reports whether an id may become part of a table key.
func fitID(id string) bool {
	return id != "" && len(id) <= maxID && strings.TrimSpace(id) == id &&
		!strings.ContainsFunc(id, func(r rune) bool { return r == '#' || r == unicode.ReplacementChar || !unicode.IsPrint(r) })
}

// fitTeam reports whether a team's id may also be a queue's group: printable
// ASCII without spaces.
func fitTeam(id string) bool {
	return fitID(id) && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}
