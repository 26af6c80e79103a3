package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Bounds of a search.
const (
	MostFilters = 20
	mostValues  = 200
	longestText = 500 // characters
)

// Definition is a field that may be searched, with what may be asked of it.
type Definition struct {
	Field     field.Field
	Kind      index.Kind
	Operators []Operator
	Sortable  bool
}

// Define says what may be asked of a field; ok is false for fields that cannot be searched.
func Define(f field.Field) (Definition, bool) {
	kind, ok := index.KindOf(f)
	if !ok || f.Private {
		return Definition{}, false
	}
	return Definition{f, kind, OperatorsOf(kind), Sortable(kind)}, true
}

// Asked is a search as somebody asks for it.
type Asked struct {
	Filters []AskedFilter
	Sort    string // field id; empty: by name
	Dir     string // asc or desc; empty: asc
}

// AskedFilter is a filter before it is understood.
type AskedFilter struct {
	Field    string
	Operator string
	Value    json.RawMessage
}

// Codes of mistakes in a search.
const (
	CodeNotFilterable = "not_filterable"
	CodeNotSortable   = "not_sortable"
	CodeOperator      = "operator_unfit"
	CodeValue         = "value_unfit"
	CodeTooMany       = "too_many"
	CodeDirection     = "unknown_value"
)

// Parse understands a search against the fields that may be searched, or lists
// all its mistakes. fold makes texts comparable.
func Parse(asked Asked, may []Definition, fold func(string) string) (Query, []fault.Detail) {
	p := parser{may: may, fold: fold}
	if len(asked.Filters) > MostFilters {
		p.mistake("filters", CodeTooMany, fmt.Sprintf("a search has at most %d filters", MostFilters))
		return Query{}, p.mistakes
	}
	q := Query{Sort: ByName, Down: asked.Dir == "desc"}
	for i, f := range asked.Filters {
		q.Filters = append(q.Filters, p.filter(fmt.Sprintf("filters[%d]", i), f))
	}
	if asked.Sort != "" {
		q.Sort = asked.Sort
		p.sort(asked.Sort)
	}
	if !slices.Contains([]string{"", "asc", "desc"}, asked.Dir) {
		p.mistake("sort.dir", CodeDirection, "the direction is asc or desc")
	}
	if len(p.mistakes) > 0 {
		return Query{}, p.mistakes
	}
	return q, nil
}

type parser struct {
	may      []Definition
	fold     func(string) string
	mistakes []fault.Detail
}

func (p *parser) mistake(path, code, message string) {
	p.mistakes = append(p.mistakes, fault.Detail{Path: path, Code: code, Message: message})
}

func (p *parser) find(id string) (Definition, bool) {
	i := slices.IndexFunc(p.may, func(d Definition) bool { return d.Field.ID == id })
	if i < 0 {
		return Definition{}, false
	}
	return p.may[i], true
}

// named gives an id that can be one, to be repeated to whoever sent it.
func named(id string) string {
	const most = 60
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
	}
	if id == "" || len(id) > most || strings.ContainsFunc(id, odd) {
		return "this field"
	}
	return "the field " + id
}

func (p *parser) filter(path string, asked AskedFilter) Filter {
	d, ok := p.find(asked.Field)
	if !ok {
		p.mistake(path+".field", CodeNotFilterable,
			named(asked.Field)+" is not among the filterable fields; an admin chooses them in the settings")
		return Filter{}
	}
	op := Operator(asked.Operator)
	if !slices.Contains(d.Operators, op) {
		p.mistake(path+".op", CodeOperator, fmt.Sprintf("%s, of type %s, is searched by %s", d.title(), d.Field.Type, list(d.Operators)))
		return Filter{}
	}
	f := Filter{Field: d.Field.ID, Operator: op}
	if want := p.value(d, asked.Value, &f); want != "" {
		p.mistake(path+".value", CodeValue, fmt.Sprintf("for %s by %s the value is %s", d.title(), op, want))
	}
	return f
}

func (d Definition) title() string {
	if d.Field.Title == "" {
		return "the field " + d.Field.ID
	}
	return "“" + d.Field.Title + "”"
}

func list(ops []Operator) string {
	words := make([]string, len(ops))
	for i, o := range ops {
		words[i] = string(o)
	}
	return strings.Join(words, ", ")
}

// value reads a filter's value; want says what it should have been.
func (p *parser) value(d Definition, raw json.RawMessage, f *Filter) (want string) {
	switch f.Operator {
	case Contains, Equals:
		return p.text(d, raw, f)
	case AnyOf, AllOf, NoneOf:
		return p.ids(raw, f)
	case Range:
		if d.Kind == index.Date {
			return dates(raw, f)
		}
		return numbers(raw, f)
	case Is, Exists:
		var on *bool
		if strict(raw, &on) != nil || on == nil {
			return "true or false"
		}
		f.On = *on
	}
	return ""
}

func (p *parser) text(d Definition, raw json.RawMessage, f *Filter) string {
	want := fmt.Sprintf("a text of 1 to %d characters", longestText)
	var text *string
	if strict(raw, &text) != nil || text == nil || utf8.RuneCountInString(*text) > longestText {
		return want
	}
	if index.IsPhone(d.Field) {
		*text = index.PhoneText(*text)
	}
	folded := p.fold(*text)
	if folded == "" {
		return want
	}
	f.Texts = []string{folded}
	return ""
}

func (p *parser) ids(raw json.RawMessage, f *Filter) string {
	want := fmt.Sprintf("a list of 1 to %d values of options", mostValues)
	var ids []*string
	if strict(raw, &ids) != nil || len(ids) == 0 || len(ids) > mostValues {
		return want
	}
	for _, id := range ids {
		if id == nil || *id == "" || utf8.RuneCountInString(*id) > longestText {
			return want
		}
		f.Texts = append(f.Texts, *id)
	}
	return ""
}

func numbers(raw json.RawMessage, f *Filter) string {
	var r struct{ From, To *float64 }
	if strict(raw, &r) != nil || r.From == nil && r.To == nil {
		return `{"from": number, "to": number}, of which one may be missing`
	}
	f.From, f.To = open(r.From, r.To)
	return order(f)
}

func dates(raw json.RawMessage, f *Filter) string {
	const want = `{"from": "2026-01-31", "to": "2026-02-28"}, dates or times, of which one may be missing`
	var r struct{ From, To *string }
	if strict(raw, &r) != nil || r.From == nil && r.To == nil {
		return want
	}
	from, okFrom := moment(r.From, false)
	to, okTo := moment(r.To, true)
	if !okFrom || !okTo {
		return want
	}
	f.From, f.To = open(from, to)
	return order(f)
}

func order(f *Filter) string {
	if f.From > f.To {
		return "a range whose from is not above its to"
	}
	return ""
}

const day = 24 * time.Hour

// moment reads a time, or a day of which the end counts when it ends a range.
func moment(text *string, end bool) (*float64, bool) {
	if text == nil {
		return nil, true
	}
	if t, err := time.Parse(time.DateOnly, *text); err == nil {
		if end {
			t = t.Add(day - time.Millisecond)
		}
		return millis(t), true
	}
	t, err := time.Parse(time.RFC3339Nano, *text)
	return millis(t), err == nil
}

func millis(t time.Time) *float64 {
	n := float64(t.UnixMilli())
	return &n
}

// strict reads one JSON value without members that nobody asked for.
func strict(raw json.RawMessage, into any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return fault.New(fault.Invalid, "required", "there is no value")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (p *parser) sort(id string) {
	d, ok := p.find(id)
	switch {
	case id == ByName:
	case !ok:
		p.mistake("sort.field", CodeNotFilterable, named(id)+" is not among the filterable fields; results can be sorted by these and by name")
	case !d.Sortable:
		p.mistake("sort.field", CodeNotSortable, d.title()+" has no order to sort by")
	}
}
