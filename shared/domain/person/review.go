package person

import (
	"slices"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// Review is what only somebody of the team can say about a person, and what they
// said.
type Review struct {
	Candidates []string // with evidence, where several could be the person
	Answer     Answer
	Chosen     string    // the candidate of the answer "link"
	By         string    // user id
	At         time.Time // of the answer
	Used       bool      // something was announced to Ashby since: the answer stands
	Was        *Link     // the link that the answer changed, to take it back
}

// Answer to a review or to the question after a deletion.
type Answer string

// The answers.
const (
	Open      Answer = ""
	LinkTo    Answer = "link"       // this one, or that one
	CreateNew Answer = "create_new" // none of them
	NeverLink Answer = "never"
	Recreate  Answer = "recreate" // after a deletion
	Stop      Answer = "stop"     // after a deletion
)

// Creates reports whether a candidate is to be made, whatever Ashby has.
func (r Review) Creates() bool { return r.Answer == CreateNew || r.Answer == Recreate }

// Question is what is to be answered about a person.
type Question string

// The questions.
const (
	NoQuestion Question = ""
	Ambiguous  Question = "ambiguous" // which candidate is it?
	Deleted    Question = "deleted"   // what to do after Ashby deleted the candidate?
)

var offered = map[Question][]Answer{
	Ambiguous: {LinkTo, CreateNew, NeverLink},
	Deleted:   {Recreate, LinkTo, Stop},
}

// Offered lists the answers that a question takes.
func (q Question) Offered() []Answer { return slices.Clone(offered[q]) }

// Asked gives the question that stands open, or that the answer is to as long as
// it can be taken back.
func (p Person) Asked() Question {
	switch was := p.Review.Was; {
	case p.Link.Gone, was != nil && was.Gone:
		return Deleted
	case len(p.Review.Candidates) > 0 && (p.Link.Kind == NotLinked || !p.Review.Used):
		return Ambiguous
	}
	return NoQuestion
}

// Errors of answers.
var (
	errNoQuestion = fault.New(fault.NotFound, "no_such_review", "nothing is to be decided about this person")
	errOffered    = fault.New(fault.Invalid, "answer_not_offered", "this question takes another answer")
	errUsed       = fault.New(fault.Conflict, "review_used", "something was written to Ashby on the strength of the answer; it stands")
	errNothing    = fault.New(fault.Conflict, "nothing_to_undo", "there is no answer to take back")
)

// Decide gives the person with an answer. One that nothing was done about may be
// changed; the same one again changes nothing. Errors: NotFound where nothing is
// asked, Invalid for an answer that the question does not take, Conflict when
// something was written on the strength of another answer.
func (p Person) Decide(a Answer, chosen, by string, at time.Time) (Person, error) {
	if p.Review.Answer == a && p.Review.Chosen == chosen && a != Open {
		return p, nil
	}
	if p.Review.Answer != Open {
		undone, err := p.Undo()
		if err != nil {
			return p, err
		}
		p = undone
	}
	q := p.Asked()
	switch {
	case q == NoQuestion:
		return p, errNoQuestion
	case !slices.Contains(offered[q], a), (a == LinkTo) != (chosen != ""):
		return p, errOffered
	}
	was := p.Link
	p.Review.Answer, p.Review.Chosen, p.Review.By, p.Review.At, p.Review.Was = a, chosen, by, at, &was
	switch {
	case a == Stop:
		p.Link.Stopped = true
	case a == LinkTo && q == Deleted:
		p = p.at(Link{Kind: p.Link.Kind, Candidate: chosen, At: at})
	}
	return p, nil
}

// Undo gives the person as before the answer. Conflict: there is none, or
// something was written since.
func (p Person) Undo() (Person, error) {
	switch {
	case p.Review.Answer == Open:
		return p, errNothing
	case p.Review.Used:
		return p, errUsed
	case p.Review.Was != nil:
		p.Link = *p.Review.Was
	}
	p.Review = Review{Candidates: p.Review.Candidates}
	return p, nil
}

// LinkedTo gives the person linked by hand to a candidate, whatever was before;
// all that is known of them is brought there with the next event.
func (p Person) LinkedTo(candidate, by string, at time.Time) Person {
	was := p.Link
	p = p.at(Link{Kind: Synced, Candidate: candidate, At: at})
	p.Review = Review{Candidates: p.Review.Candidates, Answer: LinkTo, Chosen: candidate, By: by, At: at, Was: &was}
	return p
}

// Unlinked gives the person without link and without answers: the next event
// looks for them afresh.
func (p Person) Unlinked() Person {
	p = p.at(Link{})
	p.Review = Review{}
	return p
}

// at gives the person with another link. What was sent to the candidate of the
// earlier one says nothing of this one.
func (p Person) at(l Link) Person {
	p.Link, p.Applied, p.Location, p.Given = l, nil, "", nil
	return p
}

// Chosen reports whether somebody linked the person by hand and nothing was
// written there yet.
func (p Person) Chosen() bool {
	return p.Review.Answer == LinkTo && !p.Review.Used && p.Link.Candidate == p.Review.Chosen
}

// Replaced gives the deleted candidate for which somebody decided that the person
// is to have another one; empty when there is none.
func (p Person) Replaced() string {
	switch {
	case p.Link.Gone && p.Review.Creates():
		return p.Link.Candidate
	case p.Review.Was != nil && p.Review.Was.Gone:
		return p.Review.Was.Candidate
	}
	return ""
}

// Using gives the person once something is announced to Ashby: an answer stands
// from then on.
func (p Person) Using() Person {
	p.Review.Used = p.Review.Used || p.Review.Answer != Open
	return p
}

// Moved gives the person after a candidate went into another, by a merge.
func (p Person) Moved(from, into string, at time.Time) Person {
	if p.Link.Candidate == from {
		p.Link.Candidate, p.Link.Profile, p.Link.Gone, p.Link.At = into, "", false, at
	}
	if was := p.Review.Was; was != nil && was.Candidate == from {
		moved := *was
		moved.Candidate, moved.Profile, moved.Gone, moved.At = into, "", false, at
		p.Review.Was = &moved
	}
	return p
}
