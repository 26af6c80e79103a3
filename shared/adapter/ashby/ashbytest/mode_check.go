package ashbytest

import (
	"errors"
	"fmt"
	"slices"
)

// check refuses switches in positions that do not exist.
func (m Modes) check() error {
	var errs []error
	oneOf := func(name, value string, legal ...string) {
		if !slices.Contains(legal, value) {
			errs = append(errs, fmt.Errorf("%s is %q, not one of %q", name, value, legal))
		}
	}
	oneOf("shape", string(m.Shape), "both", "objects", "strings", "mixed")
	oneOf("forbiddenShape", string(m.ForbiddenShape), "", "both", "objects", "strings")
	oneOf("unknownKeys", m.UnknownKeys, "drop", "reject")
	oneOf("emptySearch", m.EmptySearch, "first", "invalid")
	oneOf("limitAbove", m.LimitAbove, "clamp", "invalid")
	oneOf("noteContent", m.NoteContent, "html", "text")
	oneOf("noteOrder", m.NoteOrder, "newest", "oldest")
	oneOf("emailRepeat", m.EmailRepeat, "error", "row")
	oneOf("oldPrimary", m.OldPrimary, "dropped", "kept")
	oneOf("listOrder", m.ListOrder, "asc", "desc")
	oneOf("limit.kind", string(m.Limit.Kind), "", string(FixedWindow), string(SlidingLog), string(TokenBucket))
	oneOf("partner.kind", string(m.Partner.Kind), "", string(FixedWindow), string(SlidingLog), string(TokenBucket))
	for name, limit := range map[string]Limit{"limit": m.Limit, "partner": m.Partner} {
		if limit.Kind != "" && (limit.Calls < 1 || limit.Per < 1) {
			errs = append(errs, fmt.Errorf("%s needs calls and perMs", name))
		}
	}
	if m.WebhookScale < 0 || m.WebhookDuplicates < 0 || m.WebhookDuplicates > 1 {
		errs = append(errs, errors.New("webhookScale or webhookDuplicates out of range"))
	}
	return errors.Join(errs...)
}
