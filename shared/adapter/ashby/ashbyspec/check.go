package ashbyspec

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

const jsonType = "application/json"

// CheckRequest reports whether body is a request that method, such as
// "candidate.create", describes. A key that is not described is an error.
func (s *Spec) CheckRequest(method string, body []byte) error {
	op, err := s.operation(method)
	if err != nil {
		return err
	}
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("%s request: %w", method, err)
	}
	schema := op.RequestBody.Value.Content[jsonType].Schema
	if _, ok := value.(map[string]any); !ok {
		return fmt.Errorf("%s request: not an object", method)
	}
	if err := errors.Join(visit(schema.Value, value), unknownKeys(schema, value, "")); err != nil {
		return fmt.Errorf("%s request: %w", method, err)
	}
	return nil
}

// CheckResponse reports whether body is a 200 answer that method describes:
// with success:true the success alternative, with success:false the error one.
func (s *Spec) CheckResponse(method string, body []byte) error {
	op, err := s.operation(method)
	if err != nil {
		return err
	}
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("%s response: %w", method, err)
	}
	answer, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("%s response: not an object", method)
	}
	success, ok := answer["success"].(bool)
	if !ok {
		return fmt.Errorf("%s response: no boolean success", method)
	}
	if _, has := answer["results"]; success && !has {
		return fmt.Errorf("%s response: success without results", method)
	}
	alternatives := op.Responses.Value("200").Value.Content[jsonType].Schema.Value.OneOf
	if len(alternatives) != 2 {
		return fmt.Errorf("%s response: %d alternatives described, want success and error", method, len(alternatives))
	}
	branch := alternatives[1]
	if success {
		branch = alternatives[0]
	}
	if err := visit(branch.Value, value); err != nil {
		return fmt.Errorf("%s response: %w", method, err)
	}
	return nil
}

// CheckWebhook reports whether body is the payload that Ashby describes for
// the webhook of that action, such as "candidateMerge".
func (s *Spec) CheckWebhook(action string, body []byte) error {
	item := s.doc.Webhooks[action]
	if item == nil || item.Post == nil {
		return fmt.Errorf("webhook %s: not described", action)
	}
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("webhook %s: %w", action, err)
	}
	schema := item.Post.RequestBody.Value.Content[jsonType].Schema
	if err := visit(schema.Value, value); err != nil {
		return fmt.Errorf("webhook %s: %w", action, err)
	}
	return nil
}

// visit uses the library's own validator, not its JSON Schema 2020-12 one: the
// description needs nothing of 2020-12 beyond type lists and null, and the
// tests of this package show that wrong values are refused.
func visit(schema *openapi3.Schema, value any) error {
	return schema.VisitJSON(value, append(formats(),
		openapi3.MultiErrors(),
		openapi3.EnableFormatValidation(),
		openapi3.DisableSchemaErrorDetails(),
	)...)
}

func decode(body []byte) (any, error) {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return value, nil
}
