package settingshttp

var inboxExample = object{"causes": []any{object{
	"cause": "needs_review", "title": "Who is this in Ashby?",
	"sentence": "Several Ashby candidates could be this person, so nothing is written until somebody chooses.",
	"action":   object{"kind": "review", "label": "Choose the candidate, create a new one, or never"},
	"count":    1204, "count_text": "1,204", "more": false, "first_seen": "2026-11-23T11:59:02Z", "last_seen": "2026-11-24T08:15:00Z",
}}}

var inboxPageExample = object{
	"entries": []any{object{
		"event": "evt-8812", "person": "person-301", "type": "campaign_added", "since": "2026-11-23T11:59:02Z", "code": "needs_review",
		"message":    "Several Ashby candidates could be this person, so nothing is written until somebody chooses.",
		"candidates": []any{"c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "d1b7f2c9-2a7d-4e6f-9b64-1a6c6e4a7a21"},
	}},
	"next": "dyMyMDI2",
}

var pendingExample = object{
	"event": "evt-8812", "type": "campaign_added", "occurred_at": "2026-11-23T11:59:00Z", "accepted_at": "2026-11-23T11:59:01Z",
	"state": "pending", "message": "The event will be carried out as soon as its turn comes.", "due": "2026-11-24T08:15:00Z",
}

var standingExample = merged(personExample, object{
	"pending": 0, "waiting": 1, "resting": 2,
	"review": object{
		"kind": "ambiguous", "candidates": []any{"c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "d1b7f2c9-2a7d-4e6f-9b64-1a6c6e4a7a21"},
		"answers": []any{"link", "create_new", "never"}, "undoable": false,
	},
	"waits": []any{merged(entryExample, object{
		"state": "waiting", "code": "needs_review",
		"message": "Several Ashby candidates could be this person, so nothing is written until somebody chooses.",
		"wait":    object{"owner": "member", "exit": "choose the candidate, create a new one, or never"},
	})},
})

var forgottenExample = object{
	"person": "person-301", "forgotten_at": "2026-11-24T08:15:00Z", "in_flight": 0, "kept": keptOfForgotten,
	"removed": object{"person": true, "link": true, "events": 12, "values": 1, "activity": 9},
}

var caseExample = object{
	"person": "person-301", "name": "Ada Lovelace", "kind": "ambiguous", "since": "2026-11-23T11:59:02Z", "waiting": 3, "undoable": false,
	"candidates": []any{"c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "d1b7f2c9-2a7d-4e6f-9b64-1a6c6e4a7a21"},
	"answers":    []any{"link", "create_new", "never"},
}

var reviewsExample = object{"reviews": []any{merged(caseExample, object{"suspects": []any{
	object{"id": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10"}, object{"id": "d1b7f2c9-2a7d-4e6f-9b64-1a6c6e4a7a21"},
}})}}

var reviewExample = merged(caseExample, object{"suspects": []any{
	object{
		"id": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "name": "Ada Lovelace", "emails": []any{"ada@example.com"},
		"profile":  "https://app.ashbyhq.com/candidates/c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10",
		"evidence": []any{"email ada@example.com"},
	},
	object{"id": "d1b7f2c9-2a7d-4e6f-9b64-1a6c6e4a7a21", "name": "A. King", "emails": []any{"ada@example.com"}, "evidence": []any{"email ada@example.com"}},
}})

var jobExample = object{
	"job": "20261124081500.000-7d1e", "kind": "push", "state": "running", "total": 2, "sent": 2, "done": 1, "waiting": 0, "failed": 0,
	"forecast_seconds": 1, "by": "user-17", "at": "2026-11-24T08:15:00Z", "changed_at": "2026-11-24T08:15:01Z", "errors": []any{},
}

var redriveExample = merged(jobExample, object{"kind": "redrive", "cause": "rejected"})

var activityExample = object{
	"events": []any{object{
		"at": "2026-11-23T11:59:03Z", "event": "evt-8812", "person": "person-301", "type": "campaign_added", "state": "final", "code": "created",
		"message": "The person was not in Ashby and was created there.",
	}},
	"next": "YSMyMDI2",
}
