package settingshttp

// Examples of the description. A test holds them to the schemas.

type object = map[string]any

var disconnectedExample = object{
	"status": "disconnected", "message": "Disconnected. The key is deleted; links and history are kept.",
	"permissions": []any{object{
		"permission": "candidatesRead", "box": "Candidates: read", "feature": "finding the candidates that are already in Ashby",
		"needed": true, "state": "unknown",
	}},
}

var connectionExample = object{
	"status":  "connected_with_limits",
	"message": "Connected with limits: the key lacks permissions, so some features are off.",
	"key":     object{"last_four": "9f2c", "fingerprint": "5d41402abc4b2a76b9719d911017c592", "title": "SourceWhale"},
	"permissions": []any{
		object{
			"permission": "candidatesRead", "box": "Candidates: read", "feature": "finding the candidates that are already in Ashby",
			"needed": true, "state": "granted",
		},
		object{
			"permission": "organizationRead", "box": "Organization: read", "feature": "crediting Ashby users", "needed": false, "state": "missing",
			"message": "Tick “Organization: read” for this key in Ashby; until then this is off: crediting Ashby users.",
		},
	},
	"mapped":       []any{object{"variable": "company", "field": "0f0a4c1e-6d3b-4a39-9a53-7a4f0f2f7f11", "title": "Current company"}},
	"unmapped":     []any{"role"},
	"notes":        []any{object{"code": "unmapped", "message": "role does not reach Ashby yet"}},
	"activated_at": "2026-11-23T12:00:00Z", "activated_by": "user-17", "checked_at": "2026-11-23T12:00:00Z",
}

var pausedExample = object{
	"status": "paused", "message": "Paused. Work is kept and goes on when you resume.",
	"key": object{"last_four": "9f2c", "fingerprint": "5d41402abc4b2a76b9719d911017c592", "title": "SourceWhale"},
	"permissions": []any{object{
		"permission": "candidatesRead", "box": "Candidates: read", "feature": "finding the candidates that are already in Ashby",
		"needed": true, "state": "granted",
	}},
	"activated_at": "2026-11-23T12:00:00Z", "activated_by": "user-17", "checked_at": "2026-11-23T12:00:00Z",
	"paused_at": "2026-11-23T14:00:00Z", "paused_by": "user-17",
}

func chosenExample(value any, level string, version int) object {
	out := object{"value": value, "level": level}
	if version > 0 {
		out["version"], out["shadowed"] = version, []any{"built_in"}
	}
	return out
}

var effectiveExample = object{
	"trigger":             chosenExample("on_add", "team", 3),
	"only_synced":         chosenExample(true, "built_in", 0),
	"note_types":          chosenExample([]any{"email_sent", "email_reply"}, "team", 3),
	"sync_manual_updates": chosenExample(true, "built_in", 0),
}

func gatheredExample(elements ...object) object {
	var value, list []any
	for _, e := range elements {
		value, list = append(value, e["field"]), append(list, e)
	}
	return object{"value": value, "elements": list}
}

func inForceExampleOf(frozen, besides object) object {
	return merged(frozen, object{
		"displayed": chosenExample([]any{"source", "tags"}, "team", 3), "filterable": chosenExample([]any{}, "built_in", 0),
		"mandatory":    gatheredExample(object{"field": "source", "level": "team", "version": 3}),
		"protected":    gatheredExample(object{"field": "phone", "level": "team", "version": 3}),
		"native_email": chosenExample(true, "team", 3), "backfill": chosenExample(false, "built_in", 0),
		"private_notes": chosenExample(false, "built_in", 0),
	}, besides)
}

var settingsExample = object{
	"version": 3, "author": "user-17", "saved_at": "2026-11-23T12:00:00Z",
	"values": object{
		"trigger": "on_add", "only_synced": nil, "note_types": []any{"email_sent", "email_reply"}, "sync_manual_updates": nil,
		"displayed": []any{"source", "tags"}, "filterable": nil, "mandatory": []any{"source"}, "protected": []any{"phone"},
		"native_email": true, "backfill": nil, "private_notes": nil,
	},
	"effective": inForceExampleOf(effectiveExample, object{}),
	"notes": []any{object{
		"setting": "only_synced", "code": "no_effect_with_on_add",
		"message": "while people are added to Ashby when they are added to a campaign, everybody is synced and this switch has no effect",
	}},
}

var lockedExample = object{"by": "user-17", "at": "2026-11-23T12:00:00Z"}

var mySettingsExample = object{
	"version": 1, "saved_at": "2026-11-20T09:30:00Z",
	"values": object{
		"trigger": "on_reply", "only_synced": nil, "note_types": nil, "sync_manual_updates": false,
		"displayed": nil, "filterable": nil, "mandatory": []any{}, "protected": []any{"email"},
	},
	"effective": inForceExampleOf(effectiveExample, object{
		"protected": gatheredExample(
			object{"field": "phone", "level": "team", "version": 3}, object{"field": "email", "level": "user", "id": "user-21", "version": 1},
		),
		"trigger":             merged(chosenExample("on_add", "team", 3), object{"forced_by_lock": []any{"user"}}),
		"sync_manual_updates": merged(chosenExample(false, "user", 1), object{"id": "user-21"}),
	}),
	"locked": lockedExample,
	"notes": []any{object{
		"setting": "trigger", "code": "forced_by_lock",
		"message": "user-17 locked this for the whole team on 2026-11-23 at 12:00 UTC; this choice is kept and counts again when they unlock",
	}},
}

var inForceExample = object{"user": "user-21", "effective": mySettingsExample["effective"], "locked": lockedExample}

var historyExample = object{
	"level": "team",
	"versions": []any{object{
		"version": 3, "author": "user-17", "saved_at": "2026-11-23T12:00:00Z",
		"changes": []any{
			object{"setting": "trigger", "from": "on_reply", "to": "on_add"},
			object{"setting": "lock", "from": false, "to": true},
		},
	}},
	"next": "MjAyNi0xMS0yM1QxMjowMDowMC4wMDAwMDAwMDBaIzAwMDAwMDAwMw",
}

var entryExample = object{
	"event": "evt-8812", "type": "campaign_added", "occurred_at": "2026-11-23T11:59:00Z", "accepted_at": "2026-11-23T11:59:01Z",
	"state": "final", "code": "created", "message": "The person was not in Ashby and was created there.",
}

var personExample = object{
	"id": "person-301", "stage": "Sourced",
	"link": object{
		"kind": "synced", "candidate": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "at": "2026-11-23T11:59:03Z",
		"profile": "https://app.ashbyhq.com/candidates/c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10",
	},
}

var timelineExample = object{"person": personExample, "events": []any{entryExample}, "next": "dCMyMDI2"}

var planExample = object{
	"at": "2026-11-23T11:59:02Z", "key_fingerprint": "5d41402abc4b2a76b9719d911017c592", "mapping_version": 1,
	"team_version": 3, "user_version": 0,
	"reads": []any{object{"kind": "email", "arg": "ada@example.com"}, object{"kind": "fields"}},
	"fields": []any{
		object{
			"field": "name", "title": "Name", "from": []any{"firstName", "lastName", "name"}, "policy": "always", "action": "write",
			"message": "written", "after": "Ada Lovelace", "step": "create",
		},
		object{
			"field": "phone", "title": "Phone", "from": []any{"phones"}, "policy": "append", "action": "skip", "code": "no_value",
			"message": "not written: there is no value to write",
		},
	},
}

var noteExample = object{
	"written": false, "code": "note_type_off", "message": "The team has not chosen notes for this type of event.",
}

var explanationExample = merged(entryExample, object{
	"person": "person-301", "row": 9, "rule": "The trigger is “on add”, and the person is not in Ashby: create.",
	"settings": effectiveExample, "plan": planExample, "note": noteExample,
	"steps": []any{object{
		"id": "create", "method": "candidate.create", "status": "done", "message": "Ashby confirmed the write.", "attempts": 1,
		"intent_at": "2026-11-23T11:59:02Z", "done_at": "2026-11-23T11:59:03Z",
		"remote_id": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "request_id": "01JSJ8FEK5ZN4XQBZP7DBKK7ZC",
	}},
})

var previewExample = object{"warnings": []any{}, "events": []any{object{
	"event": "evt-8812", "state": "final", "code": "created", "message": "The person was not in Ashby and was created there.",
	"row": 9, "rule": "The trigger is “on add”, and the person is not in Ashby: create.",
	"settings": effectiveExample, "plan": planExample, "note": noteExample,
	"calls":  []any{object{"id": "create", "method": "candidate.create", "body": `{"name":"Ada Lovelace","email":"ada@example.com"}`}},
	"person": object{"id": "person-301", "stage": "Sourced"},
}}}

var eventExample = object{
	"id": "evt-8812", "type": "campaign_added", "occurred_at": "2026-11-23T11:59:00Z",
	"campaign": object{"id": "camp-7", "name": "Go engineers"},
	"person": object{
		"id": "person-301", "stage": "Sourced",
		"snapshot": object{"firstName": "Ada", "lastName": "Lovelace", "emails": []any{"ada@example.com"}},
	},
}

func merged(parts ...object) object {
	out := object{}
	for _, p := range parts {
		for k, v := range p {
			out[k] = v
		}
	}
	return out
}

var filtersExample = object{
	"filters": []any{
		object{
			"field": "source", "title": "Source", "type": "ValueSelect", "kind": "choice", "sortable": false,
			"operators": []any{"any_of", "none_of", "exists"}, "options": []any{object{"value": "src-1", "label": "Sourced: LinkedIn", "archived": false}},
		},
		object{
			"field": "company", "title": "Company", "type": "String", "kind": "text", "sortable": true,
			"operators": []any{"contains", "equals", "exists"},
		},
	},
	"fresh_as_of": "2026-11-23T11:50:00Z",
}

var searchRequestExample = map[string]any{
	"filters": []any{
		map[string]any{"field": "company", "op": "contains", "value": "acme"},
		map[string]any{"field": "source", "op": "any_of", "value": []any{"src-1"}},
	},
	"sort": map[string]any{"field": "name", "dir": "asc"}, "limit": 25,
}

var searchExample = object{
	"hits": []any{object{
		"candidate": "c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10", "name": "Ada Lovelace",
		"profile": "https://app.ashbyhq.com/candidates/c2a8e3a0-1f6c-4d5f-8a53-0f5b5d3f6f10",
		"fields":  object{"source": "src-1", "company": "Acme"}, "person": "person-301",
	}},
	"total": object{"value": 1, "exact": true}, "fresh_as_of": "2026-11-23T11:50:00Z", "building": false,
}

var mirrorExample = object{
	"state": "fresh", "pages": 0, "candidates": 0, "unreadable": 0,
	"fresh_as_of": "2026-11-23T11:50:00Z", "full_at": "2026-11-23T03:10:00Z", "next_at": "2026-11-23T12:00:00Z",
}
