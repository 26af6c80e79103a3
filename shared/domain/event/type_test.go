package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sourcewhale/ashby-sync/shared/domain/event"
)

func TestEveryTypeHasItsChannelOrNone(t *testing.T) {
	want := map[event.Type]event.Channel{
		event.EmailSent: event.Email, event.EmailReply: event.Email, event.EmailBounced: event.Email,
		event.LinkedInConnectionSent: event.LinkedIn, event.LinkedInConnectionAccepted: event.LinkedIn,
		event.LinkedInMessageSent: event.LinkedIn, event.LinkedInMessageReply: event.LinkedIn,
		event.LinkedInInMailSent: event.LinkedIn, event.LinkedInInMailReply: event.LinkedIn,
		event.SMSSent: event.SMS, event.SMSReply: event.SMS, event.WhatsAppSent: event.WhatsApp, event.WhatsAppReply: event.WhatsApp,
		event.CallCompleted: event.Phone, event.VoicemailLeft: event.Phone,
		event.TaskCompleted: event.Task, event.MeetingBooked: event.Meeting,
	}
	got := map[event.Type]event.Channel{}
	for _, typ := range append(event.Types(), "carrier_pigeon", "") {
		if c := typ.Channel(); c != "" {
			got[typ] = c
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
}
