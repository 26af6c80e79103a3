package ashbyspec

// valueSchemas finds a custom field's value: written, in the two requests that
// carry one, and read, in answers.
func valueSchemas(tree node) (written []node, read node, err error) {
	one, err := request(tree, "customField.setValue", "properties", "fieldValue")
	if err != nil {
		return nil, nil, err
	}
	many, err := request(tree, "customField.setValues", "properties", "values", "items", "properties", "fieldValue")
	if err != nil {
		return nil, nil, err
	}
	read, err = schemaOf(tree, "CustomFieldValue", "properties", "value")
	return []node{one, many}, read, err
}

// alternatives is the list of alternatives of a value, under whichever keyword
// it stands, and that keyword.
func alternatives(value node) (string, []any) {
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if list, ok := value[keyword].([]any); ok {
			return keyword, list
		}
	}
	return "oneOf", nil
}

func overlap(tree node) error {
	written, read, err := valueSchemas(tree)
	if err != nil {
		return err
	}
	for _, value := range append(written, read) {
		keyword, list := alternatives(value)
		delete(value, keyword)
		value["anyOf"] = list
		for _, alternative := range list {
			if alternative, ok := alternative.(node); ok {
				distinguish(alternative)
			}
		}
	}
	return nil
}

// distinguish makes the object alternatives say what tells them apart, which
// the description gives only as examples: any object would otherwise do.
func distinguish(alternative node) {
	properties, _ := alternative["properties"].(node)
	switch alternative["title"] {
	case "Currency":
		alternative["required"] = []any{"value", "currencyCode"}
	case "NumberRange":
		properties["type"] = node{"type": "string", "enum": []any{"number-range"}}
	case "CompensationRange":
		properties["type"] = node{"type": "string", "enum": []any{"compensation-range"}}
	}
}

func addAlternative(values []node, alternative node) {
	for _, value := range values {
		keyword, list := alternatives(value)
		value[keyword] = append(list, alternative)
	}
}

func nullValue(tree node) error {
	written, read, err := valueSchemas(tree)
	if err != nil {
		return err
	}
	addAlternative(append(written, read), node{"type": "null"})
	return nil
}

func locationValue(tree node) error {
	written, read, err := valueSchemas(tree)
	if err != nil {
		return err
	}
	addAlternative(append(written, read), node{
		"type":                 "object",
		"additionalProperties": false,
		"minProperties":        1,
		"properties": node{
			"country": node{"type": "string"},
			"region":  node{"type": "string"},
			"city":    node{"type": "string"},
		},
	})
	return nil
}

func newerFieldTypes(tree node) error {
	fieldType, err := schemaOf(tree, "CustomField", "properties", "fieldType")
	if err != nil {
		return err
	}
	known, _ := fieldType["enum"].([]any)
	fieldType["enum"] = append(known, "Url", "UUID", "Email", "Phone", "Location")
	return nil
}

func createdBefore(tree node) error {
	// The request is shared with project.list, which did not change.
	shared, err := schemaOf(tree, "CreatedAfterListRequest", "properties")
	if err != nil {
		return err
	}
	content, err := at(tree, "paths", "/candidate.list", "post", "requestBody", "content", jsonType)
	if err != nil {
		return err
	}
	properties := node{"createdBefore": node{"type": "integer", "format": "int64"}}
	for name, property := range shared {
		properties[name] = property
	}
	content["schema"] = node{"type": "object", "properties": properties}
	return nil
}

func createPrivate(tree node) error {
	properties, err := request(tree, "customField.create", "properties")
	if err != nil {
		return err
	}
	properties["isPrivate"] = node{"type": "boolean"}
	return nil
}

func failure(tree node) (node, error) {
	return schemaOf(tree, "ErrorResponse", "allOf", 2)
}

func noErrorInfo(tree node) error {
	failed, err := failure(tree)
	if err != nil {
		return err
	}
	failed["required"] = []any{"errors"}
	return nil
}

func errorObjects(tree node) error {
	failed, err := failure(tree)
	if err != nil {
		return err
	}
	list, err := at(failed, "properties", "errors")
	if err != nil {
		return err
	}
	list["items"] = node{"anyOf": []any{
		node{"type": "string"},
		node{
			"type":     "object",
			"required": []any{"message"},
			"properties": node{
				"message":   node{"type": "string"},
				"parameter": node{"type": "string"},
			},
		},
	}}
	return nil
}
