package deployment

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Allows says whether the role that the template gives a function lets it do an
// action to a resource: a table's or queue's logical id, a secret's logical id, or
// the name of a secret. Only what such roles consist of is judged: statements that
// allow actions on resources.
func (t *Template) Allows(function, action, resource string) bool {
	for _, s := range t.statements(function) {
		if t.value(t.at(s, "Effect")) != "Allow" || !slices.Contains(t.values(t.at(s, "Action")), action) {
			continue
		}
		for _, node := range list(t.at(s, "Resource")) {
			if covers(node, resource) {
				return true
			}
		}
	}
	return false
}

// statements of a function's role.
func (t *Template) statements(function string) []*yaml.Node {
	var found []*yaml.Node
	for _, properties := range t.resources("AWS::Serverless::Function") {
		if folder(t, properties) != function {
			continue
		}
		role := strings.TrimSuffix(t.at(properties, "Role").Value, ".Arn")
		for _, policy := range list(t.at(t.root, "Resources", role, "Properties", "Policies")) {
			found = append(found, list(t.at(policy, "PolicyDocument", "Statement"))...)
		}
	}
	return found
}

// covers says whether a statement's resource is the one meant: !GetAtt X.Arn and
// !Ref X are X; a !Sub that ends in a path is every name that fits its end.
func covers(node *yaml.Node, resource string) bool {
	switch node.Tag {
	case "!GetAtt", "!Ref":
		return strings.TrimSuffix(node.Value, ".Arn") == resource
	case "!Sub":
		_, name, ok := strings.Cut(node.Value, ":secret:${Stage}/")
		prefix, open := strings.CutSuffix(name, "*") // IAM's * stands for slashes too
		_, given, named := strings.Cut(resource, "/")
		return ok && open && named && strings.HasPrefix(given, prefix)
	}
	return false
}

// list is a sequence, or the one element that stands in its place.
func list(node *yaml.Node) []*yaml.Node {
	if node == nil {
		return nil
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.SequenceNode {
		return node.Content
	}
	return []*yaml.Node{node}
}

func (t *Template) values(node *yaml.Node) []string {
	var out []string
	for _, one := range list(node) {
		out = append(out, t.value(one))
	}
	return out
}
