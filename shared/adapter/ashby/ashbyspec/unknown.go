package ashbyspec

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// unknownKeys reports every key of value, at any depth, that the schema does
// not name. An object of which the schema names no property at all is open.
func unknownKeys(ref *openapi3.SchemaRef, value any, at string) error {
	switch value := value.(type) {
	case map[string]any:
		known := map[string][]*openapi3.SchemaRef{}
		collect(ref, known)
		if len(known) == 0 {
			return nil
		}
		var errs []error
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if len(known[key]) == 0 {
				errs = append(errs, fmt.Errorf("%s/%s: not a described key", at, key))
			}
			for _, property := range known[key] {
				errs = append(errs, unknownKeys(property, value[key], at+"/"+key))
			}
		}
		return errors.Join(errs...)
	case []any:
		var errs []error
		for i, item := range value {
			for _, items := range itemSchemas(ref) {
				errs = append(errs, unknownKeys(items, item, fmt.Sprintf("%s/%d", at, i)))
			}
		}
		return errors.Join(errs...)
	}
	return nil
}

// collect gathers the properties that a schema names, in itself and in its
// alternatives.
func collect(ref *openapi3.SchemaRef, into map[string][]*openapi3.SchemaRef) {
	for name, property := range ref.Value.Properties {
		into[name] = append(into[name], property)
	}
	for _, part := range parts(ref) {
		collect(part, into)
	}
}

func itemSchemas(ref *openapi3.SchemaRef) []*openapi3.SchemaRef {
	var items []*openapi3.SchemaRef
	if ref.Value.Items != nil {
		items = append(items, ref.Value.Items)
	}
	for _, part := range parts(ref) {
		items = append(items, itemSchemas(part)...)
	}
	return items
}

func parts(ref *openapi3.SchemaRef) []*openapi3.SchemaRef {
	return slices.Concat(ref.Value.AllOf, ref.Value.AnyOf, ref.Value.OneOf)
}
