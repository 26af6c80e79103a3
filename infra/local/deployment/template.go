// Package deployment brings template.yaml up on this machine. It evaluates the
// template as CloudFormation would for one deployment, makes its tables, queues
// and secrets behind AWS-compatible endpoints, and runs its functions' bootstrap
// files behind a Runtime API, fed by the routes, queues and schedule that the
// template gives them. What it cannot evaluate is an error: nothing is left out in
// silence.
package deployment

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Template is template.yaml with what its references stand for.
type Template struct {
	root *yaml.Node
	refs map[string]string // what !Ref gives, by parameter or logical id
	arns map[string]string // what !GetAtt X.Arn gives
	errs []error
}

// ReadTemplate reads a template and gives its parameters their values; each
// without one has its default.
func ReadTemplate(path string, parameters map[string]string) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	t := &Template{root: document.Content[0], refs: map[string]string{}, arns: map[string]string{}}
	declared := members(t.at(t.root, "Parameters"))
	for name := range parameters {
		if declared[name] == nil {
			t.fail(nil, "there is no parameter %s", name)
		}
	}
	for name, declared := range declared {
		value, given := parameters[name]
		if !given {
			node := t.at(declared, "Default")
			if node == nil {
				t.fail(declared, "parameter %s has neither a value nor a default", name)
			}
			value = t.value(node)
		}
		t.refs[name] = value
	}
	return t, t.Err()
}

// Err gives everything that could not be evaluated so far.
func (t *Template) Err() error { return errors.Join(t.errs...) }

// Ref gives what a reference stands for: a parameter's value, a table's name, a
// queue's URL, a secret's ARN.
func (t *Template) Ref(name string) string { return t.refs[name] }

func (t *Template) fail(node *yaml.Node, format string, args ...any) {
	line := 0
	if node != nil {
		line = node.Line
	}
	t.errs = append(t.errs, fmt.Errorf("template line %d: %s", line, fmt.Sprintf(format, args...)))
}

// at follows names into mappings; nil where one is missing.
func (t *Template) at(node *yaml.Node, names ...string) *yaml.Node {
	for _, name := range names {
		node = members(node)[name]
	}
	return node
}

// members of a mapping; none of nil.
func members(node *yaml.Node) map[string]*yaml.Node {
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
func (t *Template) resources(kind string) map[string]*yaml.Node {
	found := map[string]*yaml.Node{}
	for id, resource := range members(t.at(t.root, "Resources")) {
		if t.value(t.at(resource, "Type")) == kind {
			found[id] = t.at(resource, "Properties")
		}
	}
	return found
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// value of a scalar; "" of nil.
func (t *Template) value(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch {
	case node.Kind != yaml.ScalarNode:
		t.fail(node, "no scalar")
		return ""
	case node.Tag == "!Ref":
		return t.known(t.refs, node, node.Value)
	case node.Tag == "!GetAtt":
		return t.known(t.arns, node, node.Value)
	case node.Tag == "!Sub":
		return placeholder.ReplaceAllStringFunc(node.Value, func(found string) string {
			return t.known(t.refs, node, found[2:len(found)-1])
		})
	}
	return node.Value
}

func (t *Template) known(names map[string]string, node *yaml.Node, name string) string {
	value, ok := names[name]
	if !ok {
		t.fail(node, "this deployment has no %s", name)
	}
	return value
}

func (t *Template) number(node *yaml.Node) int {
	n, err := strconv.Atoi(t.value(node))
	if err != nil {
		t.fail(node, "no number: %q", t.value(node))
	}
	return n
}
