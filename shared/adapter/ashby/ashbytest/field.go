package ashbytest

import "fmt"

type fieldJSON struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	ObjectType  string   `json:"objectType"`
	FieldType   string   `json:"fieldType"`
	IsArchived  bool     `json:"isArchived"`
	IsRequired  bool     `json:"isRequired"`
	IsPrivate   bool     `json:"isPrivate"`
	APIOnly     bool     `json:"isEditableOnlyViaPublicApi"`
	Options     []Option `json:"selectableValues,omitempty"`
}

func showField(f *Field) fieldJSON {
	return fieldJSON{
		f.ID, f.Title, f.Description, f.ObjectType, f.FieldType,
		f.IsArchived, f.IsRequired, f.IsPrivate, f.APIOnly, f.Options,
	}
}

// seesField says whether the key may see a field: private ones are missing
// without that switch.
func (c *call) seesField(f *Field) bool { return !f.IsPrivate || c.key.Private }

func fieldList(c *call) (any, *failure) {
	archived := c.flag("includeArchived", false)
	l := simple(c.org.fields, func(f *Field) (item, bool) {
		return item{place{Seq: f.Seq}, f.Rev, func() any { return showField(f) }},
			c.seesField(f) && (archived || !f.IsArchived)
	})
	l.filters = fmt.Sprint(archived)
	return c.page(l)
}

func fieldInfo(c *call) (any, *failure) {
	f := c.org.field(c.text("customFieldId"))
	if f == nil || !c.seesField(f) {
		return nil, notFound("custom_field")
	}
	return showField(f), nil
}

// creatable are the field types that customField.create makes.
var creatable = []string{
	"Boolean", "CompensationRange", "Currency", "Date", "LongText", "MultiValueSelect",
	"Number", "NumberRange", "String", "ValueSelect", "Url", "UUID",
}

// objectTypes maps the object types of customField.create to those of reads.
var objectTypes = map[string]string{
	"Application": "Application", "Candidate": "Candidate", "Job": "Job", "Employee": "Employee",
	"Talent_Project": "Talent_Project", "Opening_Version": "Opening", "Offer_Version": "Offer",
}

var fieldCreateParams = []param{
	{name: "fieldType", required: true, oneOf: creatable},
	{name: "objectType", required: true, oneOf: []string{
		"Application", "Candidate", "Job", "Employee", "Talent_Project", "Opening_Version", "Offer_Version",
	}},
	{name: "title", kind: nonBlank, required: true},
	{name: "description"},
	{name: "selectableValues", kind: objects},
	{name: "isDateOnlyField", kind: flag},
	{name: "isExposableToCandidate", kind: flag},
	{name: "isPrivate", kind: flag},
}

// fieldCreate makes a field; titles need not be unique.
func fieldCreate(c *call) (any, *failure) {
	private := c.flag("isPrivate", false)
	if private && !c.key.Private {
		return nil, needsPrivate("isPrivate")
	}
	options, f := c.options()
	if f != nil {
		return nil, f
	}
	field := &Field{
		ID: c.newID(), Org: c.org.ID, Seq: c.org.nextSeq(), Rev: c.org.nextRev(),
		Title: c.text("title"), Description: c.text("description"),
		ObjectType: objectTypes[c.text("objectType")], FieldType: c.text("fieldType"),
		IsPrivate: private, DateOnly: c.flag("isDateOnlyField", false), Options: options,
	}
	c.put(field)
	c.log.Result = field.ID
	return showField(field), nil
}

// options reads selectableValues, which selects must have.
func (c *call) options() ([]Option, *failure) {
	fieldType := c.text("fieldType")
	if fieldType != "ValueSelect" && fieldType != "MultiValueSelect" {
		return nil, nil
	}
	list, _ := c.body["selectableValues"].([]any)
	var options []Option
	for _, entry := range list {
		parts := entry.(map[string]any) // check saw to that
		label, ok := parts["label"].(string)
		value, ok2 := parts["value"].(string)
		if !ok || !ok2 {
			return nil, invalid("selectableValues", "Each selectable value needs a label and a value")
		}
		options = append(options, Option{Label: label, Value: value})
	}
	if len(options) == 0 {
		return nil, invalid("selectableValues", "selectableValues is required for this fieldType")
	}
	return options, nil
}
