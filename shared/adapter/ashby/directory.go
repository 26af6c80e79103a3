package ashby

import (
	"context"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Source of candidates. Two sources of different types may bear one title.
type Source struct {
	field.Option        // Value is the id, Label the title
	Type         string // title of the source's type, such as Sourced
}

type sourceWire struct {
	titled
	Type titled `json:"sourceType"`
}

func (w sourceWire) plain() Source { return Source{w.titled.plain(), w.Type.Title} }

// plain gives what can be chosen from a list: Value is the id, Label the title.
func (w titled) plain() field.Option {
	return field.Option{Value: w.ID, Label: w.Title, Archived: w.Archived}
}

// Sources lists all sources that are not archived (source.list); it has one page.
func (a *Account) Sources(ctx context.Context) (Answer[[]Source], error) {
	return call[many[sourceWire, Source]](ctx, a, "source.list", struct{}{})
}

// Tags lists candidate tags that are not archived (candidateTag.list): Value is
// the id, Label the title.
func (a *Account) Tags(ctx context.Context, p Page) (Answer[[]field.Option], error) {
	return call[many[titled, field.Option]](ctx, a, "candidateTag.list", p)
}

// CreateTag makes a tag, or gives the one that has the title.
func (a *Account) CreateTag(ctx context.Context, title string) (Answer[field.Option], error) {
	w := CreateTag{title}
	return call[titled](ctx, a, w.Method(), w.body())
}

// Projects lists projects (project.list): Value is the id, Label the title.
// Confidential ones are missing where the key lacks the switch.
func (a *Account) Projects(ctx context.Context, p Page) (Answer[[]field.Option], error) {
	return call[many[titled, field.Option]](ctx, a, "project.list", p)
}

// ProjectsOf lists the projects that a candidate is in (candidate.listProjects).
func (a *Account) ProjectsOf(ctx context.Context, candidateID string, p Page) (Answer[[]field.Option], error) {
	return call[many[titled, field.Option]](ctx, a, "candidate.listProjects", struct {
		CandidateID string `json:"candidateId"`
		Page
	}{candidateID, p})
}

// User of Ashby.
type User struct {
	ID        string
	FirstName string
	LastName  string
	Email     string
	Role      string // Organization Admin, Elevated Access, Limited Access, External Recruiter
	Enabled   bool
}

type userWire struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
	Role      string `json:"globalRole"`
	Enabled   bool   `json:"isEnabled"`
}

func (w userWire) plain() User { return User(w) }

// Users lists the users who are not deactivated (user.list).
func (a *Account) Users(ctx context.Context, p Page) (Answer[[]User], error) {
	return call[many[userWire, User]](ctx, a, "user.list", p)
}

// UsersByEmail finds the user of an address (user.search); none is no error.
func (a *Account) UsersByEmail(ctx context.Context, email string) (Answer[[]User], error) {
	return call[many[userWire, User]](ctx, a, "user.search", struct {
		Email string `json:"email"`
	}{email})
}
