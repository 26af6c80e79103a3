package wire_test

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"go.yaml.in/yaml/v4"
)

// template is template.yaml, evaluated as CloudFormation would evaluate it for one
// deployment. What it cannot evaluate ends the test: nothing is left out in silence.
type template struct {
	*testing.T
	root *yaml.Node
	refs map[string]string // what !Ref gives, by parameter or logical id
	arns map[string]string // what !GetAtt X.Arn gives
}

func readTemplate(t *testing.T) *template {
	t.Helper()
	text, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return &template{T: t, root: document.Content[0], refs: map[string]string{}, arns: map[string]string{}}
}

// parameters gives every parameter its value, or its default where none is given.
func (t *template) parameters(values map[string]string) {
	t.Helper()
	for name, declared := range t.members(t.at(t.root, "Parameters")) {
		value, given := values[name]
		if !given {
			node := t.at(declared, "Default")
			if node == nil {
				t.Fatalf("parameter %s has neither a value nor a default", name)
			}
			value = t.value(node)
		}
		t.refs[name] = value
	}
}

// at follows names into mappings; nil where one is missing.
func (t *template) at(node *yaml.Node, names ...string) *yaml.Node {
	for _, name := range names {
		node = t.members(node)[name]
	}
	return node
}

// members of a mapping; none of nil.
func (t *template) members(node *yaml.Node) map[string]*yaml.Node {
	found := map[string]*yaml.Node{}
	if node == nil {
		return found
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		found[node.Content[i].Value] = node.Content[i+1]
	}
	return found
}

// resources gives the properties of all resources of a type by their logical ids.
func (t *template) resources(kind string) map[string]*yaml.Node {
	found := map[string]*yaml.Node{}
	for id, resource := range t.members(t.at(t.root, "Resources")) {
		if t.value(t.at(resource, "Type")) == kind {
			found[id] = t.at(resource, "Properties")
		}
	}
	return found
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// value of a scalar; "" of nil.
func (t *template) value(node *yaml.Node) string {
	t.Helper()
	if node == nil {
		return ""
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch {
	case node.Kind != yaml.ScalarNode:
		t.Fatalf("template line %d is no scalar", node.Line)
	case node.Tag == "!Ref":
		return t.known(t.refs, node.Value, node.Line)
	case node.Tag == "!GetAtt":
		return t.known(t.arns, node.Value, node.Line)
	case node.Tag == "!Sub":
		return placeholder.ReplaceAllStringFunc(node.Value, func(found string) string {
			return t.known(t.refs, found[2:len(found)-1], node.Line)
		})
	}
	return node.Value
}

func (t *template) known(names map[string]string, name string, line int) string {
	t.Helper()
	value, ok := names[name]
	if !ok {
		t.Fatalf("template line %d: this deployment has no %s", line, name)
	}
	return value
}

func (t *template) number(node *yaml.Node) int {
	t.Helper()
	n, err := strconv.Atoi(t.value(node))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
