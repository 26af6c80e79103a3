package ashbytest

import "strings"

type emailJSON struct {
	ID              string  `json:"id"`
	CandidateID     string  `json:"candidateId"`
	ProviderID      string  `json:"emailProviderEmailId"`
	Subject         string  `json:"subject"`
	From            string  `json:"from"`
	To              string  `json:"to"`
	Body            string  `json:"body"`
	SentAt          string  `json:"sentAt"`
	CC              *string `json:"cc"`
	MessageURL      *string `json:"messageUrl"`
	MessageIDHeader *string `json:"messageIdHeader"`
	ThreadID        string  `json:"threadId"`
	IsPrivate       bool    `json:"isPrivate"`
	UserIsSender    bool    `json:"userIsSender"`
}

func (c *call) showEmail(e *Email) emailJSON {
	user := c.org.user(e.User)
	return emailJSON{
		ID: e.ID, CandidateID: e.Candidate, ProviderID: e.ProviderID, Subject: e.Subject,
		From: e.From, To: e.To, Body: e.Body, SentAt: stamp(e.SentAt), CC: orNull(e.CC),
		MessageURL: orNull(e.MessageURL), MessageIDHeader: orNull(e.MessageIDHeader),
		ThreadID: e.ThreadID, IsPrivate: e.IsPrivate,
		UserIsSender: user != nil && strings.Contains(strings.ToLower(e.From), strings.ToLower(user.Email)),
	}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

var emailParams = []param{
	{name: "candidateId", kind: id, required: true},
	{name: "emailProviderEmailId", kind: nonBlank, required: true},
	{name: "subject", required: true},
	{name: "from", kind: nonBlank, required: true},
	{name: "to", kind: nonBlank, required: true},
	{name: "body", required: true},
	{name: "userId", kind: id},
	{name: "sentAt", kind: timestamp},
	{name: "cc"},
	{name: "messageUrl", kind: link},
	{name: "messageIdHeader"},
	{name: "threadId"},
	{name: "isPrivate", kind: flag},
}

// addEmailMessage is the one write with a key to repeat by: the provider's id
// is unique per API key.
func addEmailMessage(c *call) (any, *failure) {
	rec, f := c.candidate("candidateId")
	if f != nil {
		return nil, f
	}
	provider := c.text("emailProviderEmailId")
	if old := c.org.emailIDs[emailKey(c.key.ID, provider)]; old != nil {
		if c.modes.EmailRepeat == "row" {
			return c.showEmail(old), nil
		}
		return nil, fail("email_message_already_exists", "An email message with this emailProviderEmailId already exists")
	}
	private := c.flag("isPrivate", false)
	if private && !c.key.Private {
		return nil, needsPrivate("isPrivate")
	}
	user := c.key.User
	if c.has("userId") {
		if user = c.text("userId"); c.org.user(user) == nil {
			return nil, notFound("user")
		}
	}
	e := &Email{
		ID: c.newID(), Org: c.org.ID, Candidate: rec.ID, Seq: c.org.nextSeq(), Key: c.key.ID,
		ProviderID: provider, Subject: c.text("subject"), From: c.text("from"), To: c.text("to"),
		Body: c.text("body"), CC: c.text("cc"), MessageURL: c.text("messageUrl"),
		MessageIDHeader: c.text("messageIdHeader"), ThreadID: c.text("threadId"),
		User: user, IsPrivate: private, SentAt: c.time("sentAt"), WrittenAt: c.now,
	}
	if e.ThreadID == "" {
		e.ThreadID = provider
	}
	c.put(e)
	c.log.Result = e.ID
	return c.showEmail(e), nil
}
