package timeline

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"time"
)

// compact writes a document as encoding/json does, but leaves out fields that are
// zero: read again they are the same, and a row is billed by its begun kilobytes. A
// pointer to a zero value is not zero, and neither is an empty list: what somebody
// chose stays. Structs with tags write themselves.
func compact(doc any) ([]byte, error) {
	var b bytes.Buffer
	if err := write(&b, reflect.ValueOf(doc)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func write(b *bytes.Buffer, v reflect.Value) error {
	switch {
	case !v.IsValid():
		b.WriteString("null")
		return nil
	case itself(v.Type()):
		return plainly(b, v)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return write(b, v.Elem())
	case reflect.Struct:
		return writeStruct(b, v)
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return plainly(b, v)
		}
		return writeList(b, v)
	case reflect.Map:
		if v.IsNil() || v.Type().Key().Kind() != reflect.String {
			return plainly(b, v)
		}
		return writeMap(b, v)
	default:
		return plainly(b, v)
	}
}

func plainly(b *bytes.Buffer, v reflect.Value) error {
	raw, err := json.Marshal(v.Interface())
	b.Write(raw)
	return err
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// itself reports whether a type says itself how it is written.
func itself(t reflect.Type) bool {
	if t.Implements(marshaler) || t.Implements(textMarshaler) {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if _, tagged := t.Field(i).Tag.Lookup("json"); tagged {
			return true
		}
	}
	return false
}

func writeStruct(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('{')
	if err := members(b, v, b.Len()); err != nil {
		return err
	}
	b.WriteByte('}')
	return nil
}

// members writes a struct's fields, those of an embedded one among its own. start
// is where the object begins.
func members(b *bytes.Buffer, v reflect.Value, start int) error {
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !itself(f.Type):
			if err := members(b, value, start); err != nil {
				return err
			}
			continue
		case !f.IsExported() || zero(value):
			continue
		}
		if err := member(b, f.Name, value, start); err != nil {
			return err
		}
	}
	return nil
}

func member(b *bytes.Buffer, name string, value reflect.Value, start int) error {
	if b.Len() > start {
		b.WriteByte(',')
	}
	raw, err := json.Marshal(name)
	if err != nil {
		return err
	}
	b.Write(raw)
	b.WriteByte(':')
	return write(b, value)
}

func zero(v reflect.Value) bool {
	if t, ok := v.Interface().(time.Time); ok {
		return t.IsZero() // in whatever zone
	}
	return v.IsZero()
}

func writeList(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := write(b, v.Index(i)); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

func writeMap(b *bytes.Buffer, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, c reflect.Value) int { return bytes.Compare([]byte(a.String()), []byte(c.String())) })
	b.WriteByte('{')
	start := b.Len()
	for _, k := range keys {
		if err := member(b, k.String(), v.MapIndex(k), start); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}
