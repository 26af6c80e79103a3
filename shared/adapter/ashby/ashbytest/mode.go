package ashbytest

import "time"

// Millis is a duration that JSON shows as milliseconds.
type Millis int64

// Duration is m as Go counts time.
func (m Millis) Duration() time.Duration { return time.Duration(m) * time.Millisecond }

// Ms makes Millis of a duration.
func Ms(d time.Duration) Millis { return Millis(d.Milliseconds()) }

// Modes are the switches: how this Ashby behaves where the real one is silent,
// slow, or known to vary. They are part of the saved state.
type Modes struct {
	// Shape of failures.
	Shape Shape `json:"shape"`
	// ForbiddenShape is the shape of a missing permission's 403, which was seen
	// to differ; empty means Shape.
	ForbiddenShape Shape `json:"forbiddenShape"`
	// UnknownKeys in requests are "drop"ped in silence or "reject"ed. Endpoints
	// that declare no additional properties always reject them.
	UnknownKeys string `json:"unknownKeys"`
	// EmptySearch without email and name gives the "first" 100 or is "invalid".
	EmptySearch string `json:"emptySearch"`
	// LimitAbove says what a limit over 100 does: "clamp" or "invalid".
	LimitAbove string `json:"limitAbove"`
	// SearchLag is how long search does not see a new candidate or address.
	SearchLag Millis `json:"searchLagMs"`
	// NoteBumps makes a note change its candidate's updatedAt and enter syncs.
	NoteBumps bool `json:"noteBumps"`
	// NoteContent is how notes are read: as "html" or as "text".
	NoteContent string `json:"noteContent"`
	// NoteOrder of listNotes: "newest" or "oldest" first.
	NoteOrder string `json:"noteOrder"`
	// EmailRepeat of an emailProviderEmailId is an "error" or gives the old "row".
	EmailRepeat string `json:"emailRepeat"`
	// Race is how long customField.setValue takes between reading a candidate's
	// values and writing them all back: overlapping calls lose updates. 0 is off.
	Race Millis `json:"raceMs"`
	// PartialValues makes setValues keep what came before a bad value, instead
	// of all or nothing.
	PartialValues bool `json:"partialValues"`
	// OldPrimary address, on update with a new one, is "dropped" or "kept".
	OldPrimary string `json:"oldPrimary"`
	// ListOrder of candidate.list by time of adding: "asc" or "desc".
	ListOrder string `json:"listOrder"`
	// BackdatedAdd makes createdAt of candidate.create the time of adding too.
	BackdatedAdd bool `json:"backdatedAdd"`
	// Geocode writes country names out in full, as geocoding would.
	Geocode bool `json:"geocode"`
	// MergeInherits gives the survivor of a merge what the other had.
	MergeInherits bool `json:"mergeInherits"`
	// TokenLife is how long cursors and sync tokens live.
	TokenLife Millis `json:"tokenLifeMs"`
	// SyncLimit is the most changes one sync token can fetch; 0 is no limit.
	SyncLimit int `json:"syncLimit"`
	// Latency of every call.
	Latency Millis `json:"latencyMs"`
	// Limit of each key's calls, Partner of all keys' together, which answers
	// with X-RateLimit-Scope: integration-partner.
	Limit   Limit `json:"limit"`
	Partner Limit `json:"partner"`
	// Concurrent calls of one key at a time; 0 is no limit.
	Concurrent int `json:"concurrent"`
	// PingOnCreate sends a ping to a webhook when it is made.
	PingOnCreate bool `json:"pingOnCreate"`
	// WebhookScale multiplies the delays between webhook attempts (10, 30, 70 s
	// ...), so that a local run need not wait.
	WebhookScale float64 `json:"webhookScale"`
	// WebhookDuplicates is the chance that a webhook is sent twice.
	WebhookDuplicates float64 `json:"webhookDuplicates"`
	// WebhookReorder delays each webhook by up to this long, at random.
	WebhookReorder Millis `json:"webhookReorderMs"`
}

// DefaultModes are the switches of a fresh Ashby: documented behaviour where
// there is any, else the likelier or the harder guess, and no limit on calls
// but the published one.
func DefaultModes() Modes {
	return Modes{
		Shape:          ShapeBoth,
		ForbiddenShape: ShapeObjects,
		UnknownKeys:    "drop",
		EmptySearch:    "first",
		LimitAbove:     "clamp",
		NoteContent:    "html",
		NoteOrder:      "newest",
		EmailRepeat:    "error",
		OldPrimary:     "dropped",
		ListOrder:      "asc",
		BackdatedAdd:   true,
		Geocode:        true,
		MergeInherits:  true,
		TokenLife:      Ms(14 * 24 * time.Hour),
		Limit:          Limit{Kind: FixedWindow, Calls: 1000, Per: Ms(time.Minute)},
		PingOnCreate:   true,
		WebhookScale:   1,
	}
}

// Modes are the switches as they are.
func (a *Ashby) Modes() Modes {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.modes
}

// SetModes changes the switches. Limiters whose limit changed start afresh.
func (a *Ashby) SetModes(change func(*Modes)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	modes := a.modes
	change(&modes)
	if err := modes.check(); err != nil {
		return err
	}
	if modes.Limit != a.modes.Limit || modes.Partner != a.modes.Partner {
		a.limiters = map[string]limiter{}
	}
	a.modes = modes
	return a.record(entry{Modes: &modes})
}
