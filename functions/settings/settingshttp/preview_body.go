package settingshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/adapter/contract"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/runtime/trace"
)

// mostPreviewed bounds how many events are previewed at once: each may cost reads.
const mostPreviewed = 25

// previewAsked is what is to be previewed: events, or a push of a person.
type previewAsked struct {
	events []event.Event
	person string
}

// previewIn reads the body of a preview. Every mistake is told at once.
func (s *surface) previewIn(ctx context.Context, body []byte) (previewAsked, error) {
	given, err := members(body)
	if err != nil {
		return previewAsked{}, err
	}
	r := reading{given: given}
	r.only("event", "events", "person")
	var asked previewAsked
	chosen := slices.DeleteFunc([]string{"event", "events", "person"}, func(name string) bool {
		raw, ok := given[name]
		return !ok || isNull(raw)
	})
	switch {
	case len(chosen) == 0:
		r.wrong("event", "required", "give an event to preview, several as events, or a person")
	case len(chosen) > 1:
		r.wrong(chosen[1], "one_of", "give one of event, events and person")
	case chosen[0] == "person":
		if json.Unmarshal(given["person"], &asked.person) != nil || asked.person == "" {
			r.wrong("person", "wrong_type", "this is a person's id")
		} else if !fit(asked.person) {
			return asked, fault.New(fault.NotFound, "no_such_person", "nothing is known of this person")
		}
	case chosen[0] == "event":
		asked.events, err = s.eventsIn(ctx, &r, []json.RawMessage{given["event"]}, func(int) string { return "event" })
	default:
		asked.events, err = s.severalIn(ctx, &r)
	}
	if err != nil {
		return previewAsked{}, err
	}
	return asked, refused(r.mistakes)
}

func (s *surface) severalIn(ctx context.Context, r *reading) ([]event.Event, error) {
	var raw []json.RawMessage
	switch err := json.Unmarshal(r.given["events"], &raw); {
	case err != nil || len(raw) == 0:
		r.wrong("events", "wrong_type", "this is a list of events")
	case len(raw) > mostPreviewed:
		r.wrong("events", "too_many", fmt.Sprintf("at most %d", mostPreviewed))
	default:
		return s.eventsIn(ctx, r, raw, func(i int) string { return fmt.Sprintf("events[%d]", i) })
	}
	return nil, nil
}

// eventsIn reads events by the contract, as ones of the caller's team.
func (s *surface) eventsIn(ctx context.Context, r *reading, raw []json.RawMessage, path func(int) string) ([]event.Event, error) {
	for i, one := range raw {
		if len(one) == 0 || one[0] != '{' {
			r.wrong(path(i), "wrong_type", "an event is an object")
			return nil, nil
		}
	}
	verdicts, err := s.verdictsOn(ctx, raw)
	if err != nil {
		return nil, err
	}
	var out []event.Event
	for i, v := range verdicts {
		for _, m := range v.Mistakes {
			m.Path = path(i) + strings.TrimPrefix(m.Path, fmt.Sprintf("events[%d]", i))
			r.mistakes = append(r.mistakes, m)
		}
		out = append(out, v.Event)
	}
	return out, nil
}

func (s *surface) verdictsOn(ctx context.Context, raw []json.RawMessage) ([]event.Verdict, error) {
	envelope, err := json.Marshal(struct {
		Team   string            `json:"team"`
		Events []json.RawMessage `json:"events"`
	}{who(ctx).Team, raw})
	if err != nil {
		return nil, fault.New(fault.Invalid, "malformed_json", "the events are not JSON").Because(err)
	}
	request, err := contract.Open(envelope)
	if err != nil {
		return nil, err
	}
	return request.Events(s.now(), trace.ID(ctx)), nil
}
