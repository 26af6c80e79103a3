package candidate

import "time"

// Listed is a candidate as a listing shows it: with what Ashby's API only shows,
// and with the titles of what it names by id.
type Listed struct {
	Candidate
	Company  string
	Position string
	School   string
	Timezone string
	Titles   map[string]string // of its tags, source and credited user, by id
	Private  []string          // ids of the private fields it has a value of
}

// Listing asks for one page of a team's candidates. The zero value asks for the
// first page of all of them.
type Listing struct {
	Cursor string // the Next of the page before
	Token  string // of an earlier listing: only what changed since; goes with every page
}

// Page of a listing.
type Page struct {
	Candidates []Listed
	Unreadable int    // candidates of the page that are not of the documented shape
	Next       string // where the next page begins; empty after the last
	Token      string // of the last page: lists what changes from the first page on
}

// Known is what the index keeps of one candidate by its id. Of one that is gone
// only who it was merged into and when that was learnt.
type Known struct {
	Listed
	Gone   bool
	Into   string
	ReadAt time.Time // when Ashby was asked, not when it answered
}

// Supersedes reports whether what was read now may take the place of what is kept:
// a page that was asked for before a later write must not.
func (k Known) Supersedes(kept Known) bool {
	switch {
	case k.Gone:
		return !k.ReadAt.Before(kept.ReadAt)
	case kept.Gone:
		return k.ReadAt.After(kept.ReadAt)
	}
	if !k.UpdatedAt.Equal(kept.UpdatedAt) && !k.UpdatedAt.IsZero() && !kept.UpdatedAt.IsZero() {
		return k.UpdatedAt.After(kept.UpdatedAt)
	}
	return !k.ReadAt.Before(kept.ReadAt)
}

// Bearing says that a candidate bears a match key.
type Bearing struct{ Key, Candidate string }
