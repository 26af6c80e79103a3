package ashbytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Tags, sources, users and projects: what a candidate can be given.

func showTag(t *Tag) tagJSON { return tagJSON{t.ID, t.Title, t.IsArchived} }

// tagCreate returns the tag of exactly that title if there is one.
func tagCreate(c *call) (any, *failure) {
	title := c.text("title")
	for _, t := range c.org.tags {
		if t.Title == title {
			return showTag(t), nil
		}
	}
	t := &Tag{ID: c.newID(), Org: c.org.ID, Seq: c.org.nextSeq(), Rev: c.org.nextRev(), Title: title}
	c.put(t)
	c.log.Result = t.ID
	return showTag(t), nil
}

func tagList(c *call) (any, *failure) {
	archived := c.flag("includeArchived", false)
	l := simple(c.org.tags, func(t *Tag) (item, bool) {
		return item{place{Seq: t.Seq}, t.Rev, func() any { return showTag(t) }}, archived || !t.IsArchived
	})
	l.filters = fmt.Sprint(archived)
	return c.page(l)
}

// addTag and removeTag are operations on a set: what changes nothing is a
// success that changes nothing.
func addTag(c *call) (any, *failure) {
	return c.changeSet("tagId", func(rec *Candidate, id string) (*[]string, *failure) {
		if c.org.tag(id) == nil {
			return nil, notFound("tag")
		}
		return &rec.Tags, nil
	}, true)
}

func removeTag(c *call) (any, *failure) {
	return c.changeSet("tagId", func(rec *Candidate, id string) (*[]string, *failure) {
		if c.org.tag(id) == nil {
			return nil, notFound("tag")
		}
		return &rec.Tags, nil
	}, false)
}

func addProject(c *call) (any, *failure) {
	return c.changeSet("projectId", func(rec *Candidate, id string) (*[]string, *failure) {
		p := c.org.project(id)
		if p == nil || p.Confidential && !c.key.Confidential {
			return nil, notFound("project")
		}
		return &rec.Projects, nil
	}, true)
}

// changeSet adds an id to one of a candidate's sets, or removes it.
func (c *call) changeSet(parameter string, set func(*Candidate, string) (*[]string, *failure), add bool) (any, *failure) {
	old, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	rec, id := *old, c.text(parameter)
	list, f := set(&rec, id)
	if f != nil {
		return nil, f
	}
	switch has := slices.Contains(*list, id); {
	case has == add:
		return c.show(old), nil
	case add:
		*list = append(slices.Clone(*list), id)
	default:
		*list = slices.DeleteFunc(slices.Clone(*list), func(other string) bool { return other == id })
	}
	c.touch(old, &rec)
	return c.show(&rec), nil
}

type sourceJSON struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	IsArchived bool       `json:"isArchived"`
	Type       SourceType `json:"sourceType"`
}

func showSource(s *Source) *sourceJSON {
	if s == nil {
		return nil
	}
	return &sourceJSON{s.ID, s.Title, s.IsArchived, s.Type}
}

// sourceList is one page, always.
func sourceList(c *call) (any, *failure) {
	sources := []any{}
	for _, s := range c.org.sources {
		if !s.IsArchived || c.flag("includeArchived", false) {
			sources = append(sources, showSource(s))
		}
	}
	return page{results: sources}, nil
}

type userJSON struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email,omitempty"`
	Role      string `json:"globalRole"`
	IsEnabled bool   `json:"isEnabled"`
	UpdatedAt string `json:"updatedAt"`
}

func showUser(u *User) *userJSON {
	if u == nil {
		return nil
	}
	return &userJSON{u.ID, u.FirstName, u.LastName, u.Email, u.Role, !u.Disabled, stamp(u.UpdatedAt)}
}

func userList(c *call) (any, *failure) {
	deactivated := c.flag("includeDeactivated", false)
	l := simple(c.org.users, func(u *User) (item, bool) {
		return item{place{Seq: u.Seq}, u.Rev, func() any { return showUser(u) }}, deactivated || !u.Disabled
	})
	l.filters = fmt.Sprint(deactivated)
	return c.page(l)
}

// userSearch gives the user of an address, or an empty list.
func userSearch(c *call) (any, *failure) {
	users := []any{}
	for _, u := range c.org.users {
		if strings.EqualFold(u.Email, c.text("email")) {
			users = append(users, showUser(u))
		}
	}
	return users, nil
}

type projectJSON struct {
	ID           string      `json:"id"`
	Title        string      `json:"title"`
	Description  string      `json:"description,omitempty"`
	IsArchived   bool        `json:"isArchived"`
	Confidential bool        `json:"confidential"`
	AuthorID     string      `json:"authorId,omitempty"`
	CreatedAt    string      `json:"createdAt"`
	Fields       []valueJSON `json:"customFieldEntries"`
}

func projectList(c *call) (any, *failure) {
	after, _, f := c.between()
	if f != nil {
		return nil, f
	}
	l := simple(c.org.projects, func(p *Project) (item, bool) {
		seen := (!p.Confidential || c.key.Confidential) && (after.IsZero() || p.CreatedAt.After(after))
		return item{place{Seq: p.Seq}, p.Rev, func() any { return showProject(p) }}, seen
	})
	l.filters = fmt.Sprint(after.Sub(time.Time{}))
	return c.page(l)
}

func showProject(p *Project) projectJSON {
	return projectJSON{p.ID, p.Title, p.Description, p.IsArchived, p.Confidential, p.Author, stamp(p.CreatedAt), []valueJSON{}}
}

// projectsOf lists the projects that a candidate is in, in the order in which the
// projects were made.
func projectsOf(c *call) (any, *failure) {
	rec, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	return c.page(simple(c.org.projects, func(p *Project) (item, bool) {
		seen := slices.Contains(rec.Projects, p.ID) && (!p.Confidential || c.key.Confidential)
		return item{place{Seq: p.Seq}, p.Rev, func() any { return showProject(p) }}, seen
	}))
}
