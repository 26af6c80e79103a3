package ashbytest

import "slices"

type authorJSON struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email,omitempty"`
}

type noteJSON struct {
	ID        string     `json:"id"`
	CreatedAt string     `json:"createdAt"`
	IsPrivate bool       `json:"isPrivate"`
	Content   string     `json:"content"`
	Author    authorJSON `json:"author"`
}

func (c *call) showNote(n *Note) noteJSON {
	shown := noteJSON{ID: n.ID, CreatedAt: stamp(n.CreatedAt), IsPrivate: n.IsPrivate, Content: n.Content}
	if c.modes.NoteContent == "text" {
		shown.Content = plainText(n.Content)
	}
	if u := c.org.user(n.Author); u != nil {
		shown.Author = authorJSON{u.ID, u.FirstName, u.LastName, u.Email}
	}
	return shown
}

var noteParams = []param{
	{name: "candidateId", kind: id, required: true},
	{name: "note", kind: anything, required: true},
	{name: "sendNotifications", kind: flag},
	{name: "isPrivate", kind: flag},
	{name: "createdAt", kind: timestamp},
}

// createNote always appends: notes have no key to repeat by, and nothing edits
// or deletes them.
func createNote(c *call) (any, *failure) {
	rec, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	content, ok := noteContent(c.body["note"])
	if !ok {
		return nil, invalid("note", "Invalid value for note")
	}
	private := c.flag("isPrivate", false)
	if private && !c.key.Private {
		return nil, needsPrivate("isPrivate")
	}
	n := &Note{
		ID: c.newID(), Org: c.org.ID, Candidate: rec.ID, Seq: c.org.nextSeq(), Rev: c.org.nextRev(),
		Content: content, IsPrivate: private, Author: c.key.User, Key: c.key.ID,
		CreatedAt: c.time("createdAt"), WrittenAt: c.now,
	}
	c.put(n)
	c.log.Result = n.ID
	if c.modes.NoteBumps || c.flag("sendNotifications", false) {
		changed := *rec
		if c.flag("sendNotifications", false) {
			changed.Notified++
		}
		if c.modes.NoteBumps {
			c.touch(rec, &changed)
		} else {
			c.put(&changed)
		}
	}
	return c.showNote(n), nil
}

func needsPrivate(parameter string) *failure {
	return invalid(parameter, `The API key lacks "Allow access to non-offer private fields?"`)
}

// noteContent reads a note: a string, or {type, value}. Of HTML only the
// elements that Ashby supports are left.
func noteContent(note any) (string, bool) {
	switch note := note.(type) {
	case string:
		return note, note != ""
	case map[string]any:
		value, ok := note["value"].(string)
		switch note["type"] {
		case "text/plain":
			return value, ok && value != ""
		case "text/html":
			return stripHTML(value), ok && value != ""
		}
	}
	return "", false
}

// listNotes lists a candidate's notes; private ones only for keys that may see
// them.
func listNotes(c *call) (any, *failure) {
	rec, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	notes := slices.Clone(c.org.notes[rec.ID])
	sign := int64(1)
	if c.modes.NoteOrder == "newest" {
		sign = -1
	}
	at := func(n *Note) place { return place{sign * n.CreatedAt.UnixMilli(), sign * n.Seq} }
	slices.SortFunc(notes, func(a, b *Note) int { return at(a).compare(at(b)) })
	l := simple(notes, func(n *Note) (item, bool) {
		return item{at(n), n.Rev, func() any { return c.showNote(n) }}, !n.IsPrivate || c.key.Private
	})
	l.filters = c.modes.NoteOrder
	return c.page(l)
}
