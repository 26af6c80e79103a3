package ashby

import (
	"context"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
)

// options reads what may be given as tag, project or user: ids with what they are
// called.
func (r *Reader) options(ctx context.Context, ask plan.Ask) (plan.Answer, error) {
	var options []field.Option
	var err error
	switch ask.Kind {
	case plan.AskTags:
		options, err = Every(ctx, admitted(r, r.account.Tags))
	case plan.AskProjects:
		options, err = Every(ctx, admitted(r, r.account.Projects))
	case plan.AskUsers:
		var users []User
		users, err = Every(ctx, admitted(r, r.account.Users))
		options = usersAsOptions(users)
	default:
		if err = r.admit(ctx); err != nil {
			return plan.Answer{}, err
		}
		var found Answer[[]User]
		found, err = r.account.UsersByEmail(ctx, ask.Arg)
		options = usersAsOptions(found.Result)
	}
	return plan.Answer{Options: options}, err
}

// projectsOf reads the projects that a candidate is in; none for a candidate that
// is not there.
func (r *Reader) projectsOf(ctx context.Context, id string) (plan.Answer, error) {
	options, err := Every(ctx, admitted(r, func(ctx context.Context, p Page) (Answer[[]field.Option], error) {
		return r.account.ProjectsOf(ctx, id, p)
	}))
	if isNotFound(err) {
		return plan.Answer{}, nil
	}
	return plan.Answer{Options: options}, err
}

func usersAsOptions(users []User) []field.Option {
	var options []field.Option
	for _, u := range users {
		options = append(options, field.Option{
			Value: u.ID, Label: strings.TrimSpace(u.FirstName + " " + u.LastName), Archived: !u.Enabled,
		})
	}
	return options
}
