package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/event"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/person"
	"github.com/sourcewhale/ashby-sync/shared/domain/plan"
	"github.com/sourcewhale/ashby-sync/shared/domain/setting"
)

const (
	create = "candidate.create"
	update = "candidate.update"
	fields = "customField.setValues"
	note   = "candidate.createNote"
)

func TestEventTypesDoWhatTheTableOfTypesSays(t *testing.T) {
	gone := func(in *plan.Input) { in.Person.Link.Gone = true }
	manualOff := func(in *plan.Input) { in.Settings.Manual = false }
	phone := edited(map[contact.Variable]contact.Value{contact.Phones: {List: []string{"+44 20 7946 0000"}}})
	origin := func(o event.Origin) func(*plan.Input) { return func(in *plan.Input) { in.Event.Origin = o } }
	synced, noteOnly := linked(person.Synced), linked(person.NoteOnly)
	type changes = []func(*plan.Input)
	for name, c := range map[string]struct {
		changes changes
		code    delivery.Code
		steps   []string
	}{
		"removal is timeline only":                      {changes{synced, of(event.ContactRemoved)}, "timeline_only", nil},
		"refreshed data is not pushed":                  {changes{synced, phone, origin(event.DataRefresh)}, "origin_not_pushed", nil},
		"enriched data is not pushed":                   {changes{synced, phone, origin(event.Enrichment)}, "origin_not_pushed", nil},
		"imported data is not pushed":                   {changes{synced, phone, origin(event.Import)}, "origin_not_pushed", nil},
		"data by API is not pushed":                     {changes{synced, phone, origin(event.API)}, "origin_not_pushed", nil},
		"manual edit of a linked person is written":     {changes{synced, phone}, "synced", []string{update}},
		"manual edit with the switch off is not":        {changes{synced, phone, manualOff}, "manual_sync_off", nil},
		"manual edit never links":                       {changes{phone}, "no_link", nil},
		"a note-only link is no link for edits":         {changes{noteOnly, phone}, "no_link", nil},
		"edit of a person whose candidate is gone":      {changes{synced, phone, gone}, "no_link", nil},
		"no campaign: marks and snapshot only":          {changes{synced, func(in *plan.Input) { in.Event.Campaign = nil }}, "not_in_campaign", nil},
		"campaign event of a linked person is noted":    {changes{synced}, "synced", []string{note}},
		"its note type is off":                          {changes{synced, of(event.CampaignAdded)}, "synced", nil},
		"asked-for push writes all mapped variables":    {changes{synced, of(event.PushRequested)}, "synced", nil},
		"asked-for push asks before recreating":         {changes{synced, gone, of(event.PushRequested)}, "record_deleted", nil},
		"asked-for push counts as on add":               {changes{trigger(setting.Never, true), of(event.PushRequested)}, "matched", nil},
		"held waits":                                    {changes{synced, func(in *plan.Input) { in.Person.Held = true }}, "held", nil},
		"review answered never":                         {changes{func(in *plan.Input) { in.Person.Review.Answer = person.NeverLink }}, "review_never", nil},
		"deletion answered stop":                        {changes{synced, gone, func(in *plan.Input) { in.Person.Link.Stopped = true }}, "link_stopped", nil},
		"review answered create new creates":            {changes{func(in *plan.Input) { in.Person.Review.Answer = person.CreateNew }}, "created", []string{create, note}},
		"deletion answered create new creates":          {changes{synced, gone, func(in *plan.Input) { in.Person.Review.Answer = person.CreateNew }}, "created", []string{create, note}},
		"on add, known in Ashby: linked, then the note": {nil, "matched", []string{note}},
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := drive(situation(c.changes...), ashby{candidates: []candidate.Candidate{ada()}})
			if out.Code != c.code {
				t.Errorf("code %s, want %s", out.Code, c.code)
			}
			if diff := cmp.Diff(c.steps, methods(out)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWithheldEventCostsNoRead(t *testing.T) {
	in := situation(trigger(setting.OnInterested, true))
	out, asks := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if out.Code != delivery.WithheldUntilMarked || out.Row != 5 || len(asks) != 0 {
		t.Errorf("%s in row %d after %d reads, want withheld_until_marked in row 5 after none", out.Code, out.Row, len(asks))
	}
	if !out.Person.Responded.Reached() || out.Person.Interested.Reached() {
		t.Error("the reply must mark the person as responded, not as interested, all the same")
	}
}

func TestNoteToALinkedPersonCostsNoRead(t *testing.T) {
	out, asks := drive(situation(linked(person.Synced)), ashby{})
	if len(asks) != 0 || !slices.Equal(methods(out), []string{note}) {
		t.Errorf("%d reads and %v, want the note alone", len(asks), methods(out))
	}
}

func TestMarkIsReadAfterTheEventsOwn(t *testing.T) {
	for _, c := range []struct {
		trigger setting.Trigger
		change  func(*plan.Input)
		code    delivery.Code
	}{
		{setting.OnReply, func(*plan.Input) {}, delivery.Created},
		{setting.OnReply, func(in *plan.Input) { in.Event.Message.Automatic = true }, delivery.WithheldUntilMarked},
		{setting.OnReply, of(event.EmailBounced), delivery.WithheldUntilMarked},
		{setting.OnReply, of(event.MeetingBooked), delivery.Created},
		{setting.OnInterested, of(event.MeetingBooked), delivery.Created},
		{setting.OnInterested, func(in *plan.Input) { in.Event.Person.Stage = event.NotInterested }, delivery.WithheldUntilMarked},
		{setting.OnReply, func(in *plan.Input) { of(event.StageChanged)(in); in.Event.Person.Stage = event.NotInterested }, delivery.Created},
		{setting.OnInterested, func(in *plan.Input) { of(event.StageChanged)(in); in.Event.Person.Stage = event.Interested }, delivery.Created},
		{setting.OnInterested, func(in *plan.Input) { of(event.StageChanged)(in); in.Event.Person.Stage = event.MeetingStage }, delivery.Created},
	} {
		out, _ := drive(situation(trigger(c.trigger, true), c.change), ashby{})
		if out.Code != c.code {
			t.Errorf("%s: %s, want %s", c.trigger, out.Code, c.code)
		}
	}
}

func TestCreateCarriesAllThatItCanAndTheRestFollows(t *testing.T) {
	in := situation(func(in *plan.Input) {
		in.Event.Person.Snapshot = contact.Snapshot{
			contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"},
			contact.Emails: {List: []string{"ada@example.com", "a.lane@example.org", "ADA@example.com", "broken"}},
			contact.Phones: {List: []string{"+44 20 7946 0000", "+44 20 7946 0001"}},
			contact.City:   {Text: "London"}, contact.Country: {Text: "UK"},
			contact.SocialLinks: {List: []string{"uk.linkedin.com/in/Ada-Lane?trk=x", "https://x.com/adalane", "github.com/ada"}},
			contact.Source:      {Text: "sourcewhale"}, contact.Company: {Text: "Engines Ltd"},
		}
		in.Mapping = in.Mapping.With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "f-company"})
	})
	out, asks := drive(in, ashby{
		fields:  []field.Field{{ID: "f-company", Title: "Company", Type: field.String}},
		sources: []field.Option{{Value: "s-1", Label: "SourceWhale"}, {Value: "s-2", Label: "LinkedIn"}},
	})
	want := []plan.Step{
		{ID: "create", Method: create, Body: `{"name":"Ada Lane","email":"ada@example.com","phoneNumber":"+44 20 7946 0000",` +
			`"linkedInUrl":"https://www.linkedin.com/in/ada-lane","githubUrl":"https://github.com/ada",` +
			`"alternateEmailAddresses":["a.lane@example.org"],"sourceId":"s-1","location":{"city":"London","country":"UK"}}`},
		{ID: "update", Method: update, Body: `{"candidateId":"$create.candidateId","socialLinks":[` +
			`{"type":"LinkedIn","url":"https://www.linkedin.com/in/ada-lane"},{"type":"GitHub","url":"https://github.com/ada"},` +
			`{"type":"Twitter","url":"https://twitter.com/adalane"}],"sendNotifications":false}`},
		{ID: "fields", Method: fields, Body: `{"objectId":"$create.candidateId","objectType":"Candidate",` +
			`"values":[{"fieldId":"f-company","fieldValue":"Engines Ltd"}]}`},
		{ID: "note", Method: note, Body: `{"candidateId":"$create.candidateId","note":{"type":"text/html","value":` +
			`"<b>Email reply</b><ul><li>Campaign: Backend Q4</li><li>Step: 2</li><li>Channel: email</li>` +
			`<li>From: Ada Lane</li><li>Subject: Re: Role</li></ul><pre>Yes, tell me more.</pre>\nRef SW-PNAJ7EZNFS"},` +
			`"sendNotifications":false,"createdAt":"2026-11-02T12:00:00.000Z"}`},
	}
	if diff := cmp.Diff(want, out.Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	kinds := map[plan.AskKind]int{}
	for _, a := range asks {
		kinds[a.Kind]++
	}
	if diff := cmp.Diff(map[plan.AskKind]int{plan.AskEmail: 2, plan.AskIndex: 1, plan.AskFields: 1, plan.AskSources: 1}, kinds); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

func TestMatchWritesWhatIsNewAndKeepsWhatIsThere(t *testing.T) {
	c := ada()
	c.Links = []candidate.Link{{Type: "Website", URL: "https://ada.example"}}
	in := situation(func(in *plan.Input) {
		in.Event.Person.Snapshot[contact.SocialLinks] = contact.Value{List: []string{"https://github.com/ada"}}
		in.Event.Person.Snapshot[contact.Emails] = contact.Value{List: []string{"new@example.com", "ada@example.com", "third@example.com"}}
	})
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	if out.Code != delivery.Matched || out.Link == nil || out.Link.Candidate != "cand-1" || out.Link.Kind != person.Synced {
		t.Fatalf("outcome %s with link %+v, want a synced link to cand-1", out.Code, out.Link)
	}
	want := []string{
		`{"candidateId":"cand-1","email":"new@example.com","alternateEmail":"ADA@example.com",` +
			`"socialLinks":[{"type":"Website","url":"https://ada.example"},{"type":"GitHub","url":"https://github.com/ada"}],"sendNotifications":false}`,
		`{"candidateId":"cand-1","alternateEmail":"third@example.com","sendNotifications":false}`,
	}
	for i, w := range want {
		if i >= len(out.Steps) || out.Steps[i].Body != w {
			t.Fatalf("step %d: %+v\nwant %s", i, out.Steps, w)
		}
	}
}

func TestEqualValuesAreNeitherReadAgainNorWritten(t *testing.T) {
	out, asks := drive(situation(), ashby{candidates: []candidate.Candidate{ada()}})
	if !slices.Equal(methods(out), []string{note}) || len(asks) != 1 {
		t.Errorf("%v after %v, want the note alone after one search", methods(out), asks)
	}
}

func TestProtectedPrimaryEmailTakesTheNewAddressAsAlternate(t *testing.T) {
	in := situation(func(in *plan.Input) {
		in.Person.Link = person.Link{Kind: person.Synced, Candidate: "cand-1"}
		in.Mapping.Rules = map[string]mapping.Rule{field.Email: {Policy: field.OnlyIfBlank}}
	}, edited(map[contact.Variable]contact.Value{contact.Emails: {List: []string{"new@example.com"}}}))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	want := `{"candidateId":"cand-1","alternateEmail":"new@example.com","sendNotifications":false}`
	if len(out.Steps) != 1 || out.Steps[0].Body != want {
		t.Errorf("steps %+v, want %s", out.Steps, want)
	}
}

func TestManualEditWritesOnlyWhatItChanged(t *testing.T) {
	c := ada()
	c.Name = "Ada B. Lane" // a recruiter's correction
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{
		contact.FirstName: {Text: "Ada"}, contact.LastName: {Text: "Lane"},
		contact.Emails: {List: []string{"ada@example.com"}}, contact.Phones: {List: []string{"+1 212 555 0100"}},
	}))
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{c}})
	want := `{"candidateId":"cand-1","phoneNumber":"+1 212 555 0100","sendNotifications":false}`
	if len(out.Steps) != 1 || out.Steps[0].Body != want {
		t.Fatalf("steps %+v, want %s", out.Steps, want)
	}
	if r := resultOf(out, field.Name); r.Code != field.Unchanged {
		t.Errorf("name: %+v, want unchanged_at_source", r)
	}
}

func TestEditThatChangesNothingCostsNothing(t *testing.T) {
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{contact.FirstName: {Text: "Ada"}}))
	out, asks := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if len(out.Steps) != 0 || len(asks) != 0 || out.Code != delivery.Synced {
		t.Errorf("%s, %v after %v, want synced without a call", out.Code, methods(out), asks)
	}
}

func TestOlderEditNeverOverwritesANewerOne(t *testing.T) {
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{contact.Phones: {List: []string{"+1 212 555 0100"}}}))
	in.Person.Applied = map[contact.Variable]time.Time{contact.Phones: in.Event.OccurredAt.Add(time.Minute)}
	out, _ := drive(in, ashby{candidates: []candidate.Candidate{ada()}})
	if r := resultOf(out, field.Phone); r.Code != field.Stale || len(out.Steps) != 0 {
		t.Errorf("%+v with %v, want stale and no call", r, methods(out))
	}
}

func TestClearedValueIsOnlyWrittenWithTheClearFlag(t *testing.T) {
	c := ada()
	c.Custom = map[string]candidate.FieldValue{"f-company": {JSON: `"Engines Ltd"`}}
	cleared := edited(map[contact.Variable]contact.Value{contact.Company: {}}, contact.Company)
	toCompany := func(rule mapping.Rule) func(*plan.Input) {
		return func(in *plan.Input) {
			in.Mapping = in.Mapping.With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "f-company"})
			in.Mapping.Rules = map[string]mapping.Rule{"f-company": rule}
		}
	}
	world := ashby{candidates: []candidate.Candidate{c}, fields: []field.Field{{ID: "f-company", Title: "Company", Type: field.String}}}
	out, _ := drive(situation(linked(person.Synced), toCompany(mapping.Rule{Policy: field.Always}), cleared), world)
	if r := resultOf(out, "f-company"); r.Code != field.NoValue || len(out.Steps) != 0 {
		t.Errorf("without the flag: %+v, want no_value", r)
	}
	out, _ = drive(situation(linked(person.Synced), toCompany(mapping.Rule{Policy: field.Always, Clear: true}), cleared), world)
	want := `{"objectId":"cand-1","objectType":"Candidate","values":[{"fieldId":"f-company","fieldValue":null}]}`
	if len(out.Steps) != 1 || out.Steps[0].Body != want {
		t.Errorf("with the flag: %+v, want %s", out.Steps, want)
	}
}

func TestCustomFieldThatCannotTakeTheValueIsSkippedWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		f    field.Field
		code field.Code
	}{
		"archived":        {field.Field{ID: "f", Type: field.String, Archived: true}, field.Gone},
		"no longer there": {field.Field{ID: "other", Type: field.String}, field.Gone},
		"unwritable":      {field.Field{ID: "f", Type: field.String, Reason: "read-only"}, field.Unwritable},
		"private":         {field.Field{ID: "f", Type: field.String, Private: true}, field.NotVisible},
		"another type":    {field.Field{ID: "f", Type: field.Number}, field.NotConvertible},
	} {
		t.Run(name, func(t *testing.T) {
			in := situation(func(in *plan.Input) {
				in.Event.Person.Snapshot[contact.Company] = contact.Value{Text: "Engines Ltd"}
				in.Mapping = in.Mapping.With(mapping.Entry{From: []contact.Variable{contact.Company}, To: "f"})
			})
			out, _ := drive(in, ashby{fields: []field.Field{c.f}})
			if r := resultOf(out, "f"); r.Code != c.code || slices.Contains(methods(out), fields) {
				t.Errorf("%+v with %v, want %s and no call", r, methods(out), c.code)
			}
		})
	}
}

func TestDeletedCandidateIsNoticedOnTheFreshRead(t *testing.T) {
	in := situation(linked(person.Synced), edited(map[contact.Variable]contact.Value{contact.Phones: {List: []string{"+1 212 555 0100"}}}))
	out, _ := drive(in, ashby{})
	if out.Code != delivery.RecordDeleted || !out.Person.Link.Gone || len(out.Steps) != 0 {
		t.Errorf("%s, link %+v, %v", out.Code, out.Person.Link, methods(out))
	}
}

func TestGivenValuesForUndisplayedFieldsAreIgnoredAndExplained(t *testing.T) {
	in := situation(func(in *plan.Input) { in.Event.Values = []event.Given{{Field: field.Tags, List: []string{"x"}}} })
	out, _ := drive(in, ashby{})
	if r := resultOf(out, field.Tags); r.Code != field.NotDisplayed {
		t.Errorf("%+v, want not_displayed", r)
	}
}

func TestUnknownSourceIsNeverMade(t *testing.T) {
	in := situation(func(in *plan.Input) { in.Event.Person.Snapshot[contact.Source] = contact.Value{Text: "Elsewhere"} })
	for name, sources := range map[string][]field.Option{
		"no such title":       {{Value: "s-2", Label: "LinkedIn"}},
		"title stands twice":  {{Value: "s-1", Label: "Elsewhere"}, {Value: "s-2", Label: "elsewhere"}},
		"title is archived":   {{Value: "s-1", Label: "Elsewhere", Archived: true}},
		"no sources whatever": nil,
	} {
		out, _ := drive(in, ashby{sources: sources})
		if r := resultOf(out, field.Source); r.Code != field.Unknown || strings.Contains(out.Steps[0].Body, "sourceId") {
			t.Errorf("%s: %+v, %s", name, r, out.Steps[0].Body)
		}
	}
}

func resultOf(out plan.Outcome, id string) plan.FieldResult {
	for _, r := range out.Fields {
		if r.Field == id {
			return r
		}
	}
	return plan.FieldResult{}
}
