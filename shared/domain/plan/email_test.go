package plan

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

// toLinked plans an event of a linked person, with emails on.
func toLinked(e event.Event, change ...func(*Input)) Outcome {
	in := Input{
		Event: e, Settings: setting.Resolve(nil, setting.Lock{}), Standing: setting.Standing{NativeEmail: true},
		Person: person.Person{Team: "t", ID: "p", Link: person.Link{Kind: person.Synced, Candidate: "cand-1"}},
	}
	in.Event.Campaign = &event.Campaign{ID: "c1", Name: "Q4"}
	for _, c := range change {
		c(&in)
	}
	return Plan(in, Facts{})
}

func whole() event.Event {
	e := reply("Hello,\n5 < 6\n\nOn Monday, Ingrid wrote:\n> quoted")
	e.Message.Subject, e.Message.From, e.Message.To = "Re:  Role", "Ada Lane <ada@example.com>", "i@example.com, Bo <b@example.com>"
	return e
}

func TestAnEmailIsFiledAsOne(t *testing.T) {
	e := whole()
	e.Message.URL, e.Message.Header, e.Message.Thread = "https://example.com/m/1", "<1@example.com>", "thread-7"
	out := toLinked(e)
	const want = `{"candidateId":"cand-1","emailProviderEmailId":"sw-evt-1","subject":"Re: Role","from":"ada@example.com",` +
		`"to":"i@example.com, b@example.com","body":"Hello,<br>5 &lt; 6","sentAt":"2023-11-14T22:13:20.000Z",` +
		`"messageUrl":"https://example.com/m/1","messageIdHeader":"<1@example.com>","threadId":"thread-7"}`
	if len(out.Steps) != 1 || out.Steps[0] != (Step{StepEmail, "candidate.addEmailMessage", want}) || out.Note != (NoteResult{Written: true, Email: true}) {
		t.Errorf("%+v\nnote %+v", out.Steps, out.Note)
	}
}

func TestAnEmailThatLacksAPartIsANote(t *testing.T) {
	for lacks, change := range map[string]func(*event.Message){
		"subject":                 func(m *event.Message) { m.Subject = " " },
		"from":                    func(m *event.Message) { m.From = "Ada Lane" },
		"to":                      func(m *event.Message) { m.To = "b@example.com, someone" },
		"body":                    func(m *event.Message) { m.Body = "<p> </p>" },
		"subject, from, to, body": func(m *event.Message) { *m = event.Message{Channel: event.Email} },
	} {
		e := whole()
		change(e.Message)
		out := toLinked(e)
		if len(out.Steps) != 1 || out.Steps[0].ID != StepNote || out.Note != (NoteResult{Written: true, Lacks: lacks}) {
			t.Errorf("without %s: %+v, note %+v", lacks, out.Steps, out.Note)
		}
	}
	bare := event.Event{ID: "evt-1", Type: event.EmailSent, OccurredAt: time.Unix(1, 0)}
	if out := toLinked(bare); len(out.Steps) != 1 || out.Steps[0].ID != StepNote {
		t.Errorf("without a message: %+v", out.Steps)
	}
}

func TestOnlyChosenEmailsGoAsSuchAndOnlyWhereTheTeamWantsIt(t *testing.T) {
	off := func(in *Input) { in.Standing.NativeEmail = false }
	none := func(in *Input) { in.Settings.NoteTypes = nil }
	bounced := func(in *Input) { in.Event.Type, in.Settings.NoteTypes = event.EmailBounced, event.NoteTypes() }
	if out := toLinked(whole(), off); out.Steps[0].ID != StepNote || out.Note.Lacks != "" {
		t.Errorf("%+v", out)
	}
	if out := toLinked(whole(), none); len(out.Steps) > 0 || out.Note.Code != NoteTypeOff {
		t.Errorf("%+v", out)
	}
	if out := toLinked(whole(), bounced); out.Steps[0].ID != StepNote {
		t.Errorf("%+v", out)
	}
}

func TestWhatIsWrittenIsPrivateWhereTheTeamWantsItAndTheKeySeesIt(t *testing.T) {
	for _, c := range []struct{ wanted, sees, want bool }{{true, true, true}, {true, false, false}, {false, true, false}} {
		for _, native := range []bool{true, false} {
			out := toLinked(whole(), func(in *Input) {
				in.Standing.NativeEmail, in.Standing.PrivateNotes, in.Key.SeesPrivate = native, c.wanted, c.sees
			})
			if got := strings.Contains(out.Steps[0].Body, `"isPrivate":true`); got != c.want {
				t.Errorf("%+v native %v: %s", c, native, out.Steps[0].Body)
			}
		}
	}
}

func TestAnEmailOfAnyLengthKeepsToTheLengthOfANote(t *testing.T) {
	for _, text := range []string{strings.Repeat("a\n", 30_000), strings.Repeat("word ", 9_000), strings.Repeat("<", 20_000)} {
		e := whole()
		e.Message.Body = "x " + text
		m := emailOf(e)
		if n := utf8.RuneCountInString(m.body); n > MaxNote || n < MaxNote/2 || !strings.HasSuffix(m.body, cutMark) {
			t.Errorf("%d characters, ends %q", n, m.body[max(0, len(m.body)-20):])
		}
	}
}
