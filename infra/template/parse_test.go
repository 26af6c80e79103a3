package template_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// object is a mapping of the template. A short function such as !Ref X is a mapping of its own, {"!Ref": "X"}.
type object map[string]any

func readTemplate(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t *testing.T, text string) object {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		t.Fatal(err)
	}
	parsed, ok := plain(&node).(object)
	if !ok {
		t.Fatal("the template is no mapping")
	}
	return parsed
}

// plain turns a node into objects, []any and strings.
func plain(node *yaml.Node) any {
	var value any
	switch node.Kind {
	case yaml.DocumentNode:
		return plain(node.Content[0])
	case yaml.AliasNode:
		return plain(node.Alias)
	case yaml.MappingNode:
		mapping := object{}
		for i := 0; i < len(node.Content); i += 2 {
			mapping[node.Content[i].Value] = plain(node.Content[i+1])
		}
		value = mapping
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			list = append(list, plain(item))
		}
		value = list
	default:
		value = node.Value
	}
	if tag := node.Tag; strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
		return object{tag: value}
	}
	return value
}

// at follows names into nested mappings; nil where one is missing.
func (o object) at(names ...string) any {
	var value any = o
	for _, name := range names {
		inner, ok := value.(object)
		if !ok {
			return nil
		}
		value = inner[name]
	}
	return value
}

func (o object) in(names ...string) object {
	inner, _ := o.at(names...).(object)
	return inner
}

// text is a scalar as it is written, or a short function's argument after its name: "!Ref Stage".
func (o object) text(names ...string) string { return written(o.at(names...)) }

func written(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case object:
		for name, argument := range value {
			return name + " " + written(argument)
		}
		return ""
	default:
		return fmt.Sprint(value)
	}
}

// list is a sequence, or the one element that stands in its place.
func (o object) list(names ...string) []any {
	switch value := o.at(names...).(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}

// ofType returns the resources of a type by their logical ids.
func (o object) ofType(kind string) map[string]object {
	found := map[string]object{}
	for id := range o.in("Resources") {
		if resource := o.in("Resources", id); resource.text("Type") == kind {
			found[id] = resource
		}
	}
	return found
}

// functions returns the Lambda functions by the name of their folder.
func (o object) functions() map[string]object {
	found := map[string]object{}
	for _, function := range o.ofType("AWS::Serverless::Function") {
		found[strings.TrimPrefix(function.text("Properties", "CodeUri"), "functions/")] = function
	}
	return found
}
