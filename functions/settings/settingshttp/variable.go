package settingshttp

import (
	"context"
	"net/http"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
	"github.com/sourcewhale/ashby-sync/shared/domain/wording"
)

// Variables are SourceWhale's variables of a contact.
type Variables struct {
	Variables []Variable `json:"variables"`
}

// Variable is one of them.
type Variable struct {
	Name     string `json:"name" example:"firstName"`
	Kind     string `json:"kind" enum:"text,list,objects"`
	Mappable bool   `json:"mappable"`
	Reason   string `json:"reason,omitempty" doc:"why it is not mappable, for people"`
}

var variableKinds = map[contact.Kind]string{contact.Text: "text", contact.List: "list", contact.Objects: "objects"}

func (s *surface) variableOperations() {
	op := operation("listVariables", http.MethodGet, "/v1/variables", "List SourceWhale's variables of a contact", variablesExample)
	op.Description = "Sensitive attributes are never mapped, stored or logged; they are not among these."
	register(s.api, op, func(context.Context, *struct{}) (*struct{ Body Variables }, error) {
		return &struct{ Body Variables }{variables()}, nil
	})
}

func variables() Variables {
	var out Variables
	for _, v := range contact.Variables() {
		kind := contact.KindOf(v)
		shown := Variable{Name: string(v), Kind: variableKinds[kind], Mappable: kind != contact.Objects}
		if !shown.Mappable {
			shown.Reason = wording.Mapping(mapping.ObjectVariable)
		}
		out.Variables = append(out.Variables, shown)
	}
	return out
}
