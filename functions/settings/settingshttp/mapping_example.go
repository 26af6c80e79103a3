package settingshttp

const exampleField = "0f0a4c1e-6d3b-4a39-9a53-7a4f0f2f7f11"

var mappingPreviewExample = object{
	"person": "person-301", "code": "synced", "message": "The person is linked to an Ashby candidate, and the event was carried there.",
	"fields": planExample["fields"], "calls": []any{object{"id": "update", "method": "candidate.update", "body": `{"candidateId":"…","sendNotifications":false}`}},
	"reads": planExample["reads"],
}

var variablesExample = object{"variables": []any{
	object{"name": "emails", "kind": "list", "mappable": true},
	object{"name": "experience", "kind": "objects", "mappable": false, "reason": "lists of objects cannot be mapped for now"},
}}

var fieldExample = object{
	"id": exampleField, "title": "Company", "type": "String", "built_in": false, "archived": false, "private": false,
	"writable": true, "mappable": true, "default_policy": "always",
	"displayed": object{"chosen": false, "may": true}, "mandatory": object{"chosen": true, "may": true},
	"protected": object{"chosen": false, "may": true}, "filterable": object{"chosen": true, "may": true},
}

func neverExample(code, message string) object {
	return object{"chosen": false, "may": false, "code": code, "message": message}
}

var unwritableExample = neverExample("field_unwritable", "Ashby's API cannot write this field")

var fieldsExample = object{"connected": true, "fields": []any{
	object{
		"id": "company", "title": "Company", "type": "String", "built_in": true, "archived": false, "private": false, "writable": false,
		"reason": "Ashby's API cannot write this field; use a custom field instead", "mappable": false, "mapping_code": "field_unwritable",
		"mapping_message": "Ashby's API cannot write this field: use the custom field “Company” (" + exampleField + ") instead",
		"instead":         exampleField, "default_policy": "always",
		"displayed": unwritableExample, "mandatory": unwritableExample, "protected": unwritableExample,
		"filterable": object{"chosen": false, "may": true},
	},
	fieldExample,
}}

var createdExample = object{
	"created": []any{fieldExample},
	"mapped":  []any{object{"variable": "company", "field": exampleField, "title": "Company"}},
}

var policyExample = object{exampleField: object{"policy": "only_if_blank"}}

var putMappingExample = object{
	"entries": []any{
		object{"from": []any{"emails"}, "to": "email", "take": "first"},
		object{"from": []any{"company"}, "to": exampleField},
	},
	"policies": policyExample,
}

var mappingExample = object{
	"version": 3, "author": "user-17", "saved_at": "2026-11-23T12:00:00Z",
	"entries": []any{
		object{"from": []any{"emails"}, "to": "email", "take": "first", "title": "Primary email"},
		object{"from": []any{"company"}, "to": exampleField, "title": "Company"},
	},
	"policies": policyExample,
	"effective_policies": []any{
		object{"field": "email", "title": "Primary email", "policy": "always", "clear": false, "default": true},
		object{"field": exampleField, "title": "Company", "policy": "only_if_blank", "clear": false, "default": false},
	},
	"warnings": []any{object{
		"path": "entries[1].to", "code": "field_archived",
		"message": "the field is archived in Ashby; bring it back there, or choose another: “Company”",
	}},
}

var mappingHistoryExample = object{"versions": []any{object{
	"version": 3, "author": "user-17", "saved_at": "2026-11-23T12:00:00Z", "policies": policyExample,
	"entries": []any{object{"from": []any{"company"}, "to": exampleField, "title": "Company"}},
}}}
