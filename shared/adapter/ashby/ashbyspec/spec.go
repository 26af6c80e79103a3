package ashbyspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
)

// file is the description's place, from the module's root.
const file = "shared/adapter/ashby/testdata/openapi.yaml"

// Spec is the loaded description with every exception applied. It is safe for
// concurrent use.
type Spec struct {
	doc *openapi3.T
}

// Load reads the description from the module that the working directory lies
// in and applies every exception.
func Load() (*Spec, error) {
	return load(Exceptions())
}

func load(exceptions []Exception) (*Spec, error) {
	path, err := locate()
	if err != nil {
		return nil, err
	}
	original, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, fmt.Errorf("load ashby's description: %w", err)
	}
	tree, err := toTree(original)
	if err != nil {
		return nil, err
	}
	// Exceptions change the plain tree, before references are resolved: in the
	// resolved document one schema may exist as several copies.
	for _, e := range exceptions {
		if err := e.apply(tree); err != nil {
			return nil, fmt.Errorf("exception %s: %w", e.Name, err)
		}
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("load ashby's description with exceptions: %w", err)
	}
	return &Spec{doc: doc}, nil
}

func toTree(doc *openapi3.T) (node, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var tree node
	return tree, json.Unmarshal(data, &tree)
}

func locate() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, file), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}

// Methods lists the methods described, such as "candidate.info", sorted.
func (s *Spec) Methods() []string {
	var methods []string
	for _, path := range s.doc.Paths.InMatchingOrder() {
		methods = append(methods, path[1:])
	}
	return methods
}

func (s *Spec) operation(method string) (*openapi3.Operation, error) {
	item := s.doc.Paths.Value("/" + method)
	if item == nil || item.Post == nil {
		return nil, fmt.Errorf("%s: not described", method)
	}
	return item.Post, nil
}
