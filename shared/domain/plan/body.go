package plan

import (
	"bytes"
	"encoding/json"
)

// arg is one member of a call's body. Members keep their order, so that equal
// plans are equal bytes.
type arg struct {
	name  string
	value any
}

// body writes the JSON object of the given members. Values are of types that
// always encode: strings, booleans, raw JSON and ordered objects.
func body(args ...arg) string {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, a := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(encode(a.name) + ":" + encode(a.value))
	}
	b.WriteByte('}')
	return b.String()
}

func encode(v any) string {
	if o, ok := v.(object); ok {
		return body(o...)
	}
	if list, ok := v.([]object); ok {
		return encodeList(list)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}

func encodeList(list []object) string {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, o := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(body(o...))
	}
	b.WriteByte(']')
	return b.String()
}

// object is an ordered JSON object inside a body.
type object []arg

// withText adds a member when its text is not empty.
func withText(args []arg, name, text string) []arg {
	if text == "" {
		return args
	}
	return append(args, arg{name, text})
}
