package ashbyspec

import "fmt"

// Exception is one place where the checker is laxer than Ashby's description.
type Exception struct {
	// Name is stable, for reading and for tests.
	Name string
	// Reason says how we know that the description is wrong or old there.
	Reason string
	// Tolerates says what passes because of it.
	Tolerates string

	apply func(node) error
}

// node is a JSON object of the description.
type node = map[string]any

// Exceptions lists all of them.
func Exceptions() []Exception {
	return []Exception{
		{
			Name:      "value-alternatives-overlap",
			Reason:    "a custom field's value is described as exactly one of Date, String, Url, ValueSelect, UUID ..., all of them strings: a plain string is two of these and could never be valid",
			Tolerates: "a value that is any of the alternatives",
			apply:     overlap,
		},
		{
			Name:      "null-clears-a-value",
			Reason:    "seen in the field: customField.setValue with null clears the value, though null is none of the described alternatives",
			Tolerates: "fieldValue null in a request, value null in the answer to it",
			apply:     nullValue,
		},
		{
			Name:      "location-values",
			Reason:    "changelog of 2026-07-07: Location custom fields take {country, region, city}; newer than the description",
			Tolerates: "an object of those three strings as a custom field's value",
			apply:     locationValue,
		},
		{
			Name:      "newer-field-types",
			Reason:    "customField.create makes Url and UUID fields and setValue names Email, Phone and (changelog) Location, but the description of a field as read lists none of them",
			Tolerates: "fieldType Url, UUID, Email, Phone, Location in answers",
			apply:     newerFieldTypes,
		},
		{
			Name:      "created-before",
			Reason:    "changelog of 2026-07-09: candidate.list takes createdBefore, epoch milliseconds",
			Tolerates: "an integer createdBefore in a candidate.list request",
			apply:     createdBefore,
		},
		{
			Name:      "private-fields-can-be-created",
			Reason:    "a newer vintage of the description has isPrivate on customField.create",
			Tolerates: "a boolean isPrivate in a customField.create request",
			apply:     createPrivate,
		},
		{
			Name:      "errors-without-error-info",
			Reason:    "seen in the field: failures with errors alone, though errorInfo is described as required",
			Tolerates: "success:false with errors and no errorInfo",
			apply:     noErrorInfo,
		},
		{
			Name:      "errors-as-objects",
			Reason:    "seen in the field: errors as [{message, parameter}], though described as strings",
			Tolerates: "objects with a string message, and perhaps a string parameter, among errors",
			apply:     errorObjects,
		},
	}
}

// at walks into a tree by keys; a number selects from a list.
func at(tree node, path ...any) (node, error) {
	var current any = tree
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := current.(node)
			current = object[step]
		case int:
			list, _ := current.([]any)
			if step >= len(list) {
				return nil, fmt.Errorf("no item %d on the way along %v", step, path)
			}
			current = list[step]
		}
	}
	found, ok := current.(node)
	if !ok {
		return nil, fmt.Errorf("nothing at %v", path)
	}
	return found, nil
}

func schemaOf(tree node, name string, path ...any) (node, error) {
	return at(tree, append([]any{"components", "schemas", name}, path...)...)
}

func request(tree node, method string, path ...any) (node, error) {
	return at(tree, append([]any{"paths", "/" + method, "post", "requestBody", "content", jsonType, "schema"}, path...)...)
}
