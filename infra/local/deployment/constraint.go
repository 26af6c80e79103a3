package deployment

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Refused gives everything for which CloudFormation would refuse this deployment
// before it makes anything, with the sentence that says what to write: values that
// their parameters do not take, and parameters that do not go together. A local run
// may have what a deployment may not, such as a shorter settle time, so it does not ask.
func (t *Template) Refused() error {
	var errs []error
	for name, declared := range members(t.at(t.root, "Parameters")) {
		if !t.takes(declared, t.refs[name]) {
			errs = append(errs, fmt.Errorf("%s: %s", name, t.value(t.at(declared, "ConstraintDescription"))))
		}
	}
	for name, rule := range members(t.at(t.root, "Rules")) {
		for _, assertion := range list(t.at(rule, "Assertions")) {
			if !t.holds(t.at(assertion, "Assert")) {
				errs = append(errs, fmt.Errorf("%s: %s", name, t.value(t.at(assertion, "AssertDescription"))))
			}
		}
	}
	return errors.Join(append(errs, t.Err())...)
}

// takes reports whether a parameter takes a value.
func (t *Template) takes(declared *yaml.Node, value string) bool {
	if pattern := t.at(declared, "AllowedPattern"); pattern != nil {
		whole, err := regexp.Compile(t.value(pattern))
		if err != nil {
			t.fail(pattern, "no pattern: %v", err)
			return false
		}
		if !whole.MatchString(value) {
			return false
		}
	}
	if values := t.at(declared, "AllowedValues"); values != nil && !slices.Contains(t.values(values), value) {
		return false
	}
	if t.value(t.at(declared, "Type")) != "Number" {
		return true
	}
	n, err := strconv.ParseFloat(value, 64)
	least, most := t.at(declared, "MinValue"), t.at(declared, "MaxValue")
	return err == nil && (least == nil || n >= float64(t.number(least))) && (most == nil || n <= float64(t.number(most)))
}

// holds evaluates a condition.
func (t *Template) holds(node *yaml.Node) bool {
	switch parts := list(node); {
	case node != nil && node.Tag == "!Equals" && len(parts) == 2:
		return t.value(parts[0]) == t.value(parts[1])
	case node != nil && node.Tag == "!Not" && len(parts) == 1:
		return !t.holds(parts[0])
	case node != nil && node.Tag == "!And":
		return !slices.ContainsFunc(parts, func(part *yaml.Node) bool { return !t.holds(part) })
	case node != nil && node.Tag == "!Or":
		return slices.ContainsFunc(parts, t.holds)
	}
	t.fail(node, "no condition that is known here")
	return false
}
