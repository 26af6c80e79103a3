package ashbytest

import (
	"fmt"
	"slices"
	"strings"
)

var valueObjects = param{name: "objectType", required: true, oneOf: []string{"Application", "Candidate", "Job", "Opening"}}

var setValueParams = []param{
	{name: "objectId", kind: id, required: true},
	valueObjects,
	{name: "fieldId", kind: id, required: true},
	{name: "fieldValue", kind: anything, required: true},
}

var setValuesParams = []param{
	{name: "objectId", kind: id, required: true},
	valueObjects,
	{name: "values", kind: objects, required: true},
}

// valued finds the candidate whose values are written. There are no objects of
// the other types here.
func (c *call) valued() (*Candidate, *failure) {
	if kind := c.text("objectType"); kind != "Candidate" {
		return nil, notFound(strings.ToLower(kind))
	}
	return c.candidate("objectId")
}

// readAhead is what makes overlapping setValue calls lose updates in race mode:
// the values are read when the call comes in and all written back at its end.
func (c *call) readAhead() {
	if rec, f := c.valued(); f == nil {
		c.before = append([]Value{}, rec.Fields...)
	}
}

func setValue(c *call) (any, *failure) {
	old, f := c.valued()
	if f != nil {
		return nil, f
	}
	rec := *old
	if c.before != nil {
		rec.Fields = c.before
	}
	shown, f := c.set(&rec, c.text("fieldId"), c.body["fieldValue"], "fieldValue")
	if f != nil {
		return nil, f
	}
	c.touch(old, &rec)
	return shown, nil
}

// setValues writes all values or none, or by mode all up to the first bad one.
func setValues(c *call) (any, *failure) {
	old, f := c.valued()
	if f != nil {
		return nil, f
	}
	rec, shown := *old, []valueJSON{}
	for i, entry := range c.body["values"].([]any) {
		parts := entry.(map[string]any) // check saw to that
		fieldID, ok := parts["fieldId"].(string)
		value, sent := parts["fieldValue"]
		if !ok || !sent {
			f = invalid("values", fmt.Sprintf("values[%d] needs a fieldId and a fieldValue", i))
			break
		}
		var one valueJSON
		if one, f = c.set(&rec, fieldID, value, fmt.Sprintf("values[%d].fieldValue", i)); f != nil {
			break
		}
		shown = append(shown, one)
	}
	if f != nil && (len(shown) == 0 || !c.modes.PartialValues) {
		return nil, f
	}
	if len(shown) == 0 {
		return nil, invalid("values", "values must not be empty")
	}
	c.touch(old, &rec)
	return shown, f
}

// set changes one value of a candidate; null clears it.
func (c *call) set(rec *Candidate, fieldID string, value any, parameter string) (valueJSON, *failure) {
	field := c.org.field(fieldID)
	if field == nil || !c.seesField(field) {
		return valueJSON{}, notFound("custom_field")
	}
	if field.ObjectType != "Candidate" {
		return valueJSON{}, invalid("fieldId", "The field is not a field of this object type")
	}
	if field.IsArchived {
		return valueJSON{}, invalid("fieldId", "The field is archived")
	}
	rest := slices.DeleteFunc(slices.Clone(rec.Fields), func(v Value) bool { return v.Field == fieldID })
	if value == nil {
		rec.Fields = rest
		return showValue(field, nil), nil
	}
	stored, ok := c.convert(field, value)
	if !ok {
		return valueJSON{}, invalid(parameter, "Invalid value for a field of type "+field.FieldType)
	}
	rec.Fields = append(rest, Value{field.ID, stored})
	return showValue(field, stored), nil
}
