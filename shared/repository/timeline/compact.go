package timeline

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
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
	if !v.IsValid() {
		b.WriteString("null")
		return nil
	}
	s := shapeOf(v.Type())
	if s.itself {
		return plainly(b, v)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return write(b, v.Elem())
	case reflect.Struct:
		return writeStruct(b, v, s)
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

// shape is what is to be known of a type, found out once: documents are written at
// every turn of an event.
type shape struct {
	itself bool    // it says itself how it is written, or bears tags
	fields []field // of a struct, those of an embedded one among its own
}

// field of a struct.
type field struct {
	index []int
	name  []byte // as a member is written, with its colon
}

var shapes sync.Map // of reflect.Type

func shapeOf(t reflect.Type) shape {
	if known, ok := shapes.Load(t); ok {
		return known.(shape) //nolint:forcetypeassert // nothing else is put there
	}
	s := shape{itself: t.Implements(marshaler) || t.Implements(textMarshaler)}
	if t.Kind() == reflect.Struct && !s.itself {
		s.itself, s.fields = described(t)
	}
	shapes.Store(t, s)
	return s
}

// described gives a struct's exported fields; tagged says that it has tags instead.
func described(t reflect.Type) (tagged bool, fields []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		if _, ok := f.Tag.Lookup("json"); ok {
			return true, nil
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct && !shapeOf(f.Type).itself {
			for _, inner := range shapeOf(f.Type).fields {
				fields = append(fields, field{append([]int{i}, inner.index...), inner.name})
			}
			continue
		}
		if f.IsExported() {
			fields = append(fields, field{[]int{i}, []byte(`"` + f.Name + `":`)}) // a Go name needs no escaping
		}
	}
	return false, fields
}

func writeStruct(b *bytes.Buffer, v reflect.Value, s shape) error {
	b.WriteByte('{')
	start := b.Len()
	for _, f := range s.fields {
		value := v.FieldByIndex(f.index)
		if zero(value) {
			continue
		}
		if b.Len() > start {
			b.WriteByte(',')
		}
		b.Write(f.name)
		if err := write(b, value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
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
	slices.SortFunc(keys, func(a, c reflect.Value) int { return strings.Compare(a.String(), c.String()) })
	b.WriteByte('{')
	start := b.Len()
	for _, k := range keys {
		if b.Len() > start {
			b.WriteByte(',')
		}
		if err := plainly(b, reflect.ValueOf(k.String())); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := write(b, v.MapIndex(k)); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}
