package settingshttp

var putValuesExample = object{"values": object{
	"source": "LinkedIn", "tags": []any{"Warm"}, exampleField: "Staff", "location": nil,
}}

var valuesExample = object{"values": []any{
	object{
		"field": "source", "title": "Source", "type": "ValueSelect", "value": "6f0b1c86-3f4e-4a57-a8c7-5f5cf3f2f4a1", "shown": "LinkedIn",
		"author": "user-21", "at": "2026-11-27T12:00:00Z", "displayed": true, "pushed": true,
	},
	object{
		"field": "tags", "title": "Tags", "type": "List", "value": []any{"1b6f0f4e-84a4-4a3f-9f0c-0f6d9f0b5d11"}, "shown": "Warm",
		"author": "user-21", "at": "2026-11-27T12:00:00Z", "displayed": true, "pushed": false,
	},
}}

var optionsExample = object{"options": []any{
	object{"value": "1b6f0f4e-84a4-4a3f-9f0c-0f6d9f0b5d11", "label": "Warm", "archived": false},
}}
