package mutant

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// edit puts a text into a source, in place of what is between the two offsets.
type edit struct {
	from, to int
	text     string
}

// source is a file that is being changed.
type source struct {
	text   string
	file   *ast.File
	set    *token.FileSet
	edits  []edit
	copies []string
	named  map[*ast.FuncDecl]call // functions that mutants were found in
}

// call is how a function hands over to a copy of it: the receiver, if there is one,
// and the arguments as it passes them on.
type call struct{ receiver, arguments string }

// without gives a file's text with the functions of the mutants doubled, and the
// name of its package.
func without(text string, mutants []Mutant) (changed, pkg string, err error) {
	s := source{text: text, set: token.NewFileSet(), named: map[*ast.FuncDecl]call{}}
	if s.file, err = parser.ParseFile(s.set, "", text, parser.SkipObjectResolution); err != nil {
		return "", "", err
	}
	for _, m := range mutants {
		if failed := s.double(m); failed != nil {
			err = errors.Join(err, fmt.Errorf("mutant %s: %w in %s; write it anew", m.Name, failed, m.File))
		}
	}
	return s.String(), s.file.Name.Name, err
}

// double adds the function without the guard, and the way to it.
func (s *source) double(m Mutant) error {
	if n := strings.Count(s.text, m.Old); n != 1 {
		return fmt.Errorf("what it takes out is %d times", n)
	}
	from := strings.Index(s.text, m.Old)
	f := s.around(from, from+len(m.Old))
	if f == nil {
		return errors.New("what it takes out is not inside of one function")
	}
	begin, end := s.at(f.Pos()), s.at(f.End())
	name := f.Name.Name + "_" + identifier(m.Name)
	s.copies = append(s.copies, s.text[begin:s.at(f.Name.Pos())]+name+s.text[s.at(f.Name.End()):from]+m.New+s.text[from+len(m.Old):end])
	c, known := s.named[f]
	if !known {
		c = s.signature(f)
		s.named[f] = c
	}
	hand := fmt.Sprintf("%s%s(%s)", c.receiver, name, c.arguments)
	if f.Type.Results == nil {
		hand += "\n\t\treturn"
	} else {
		hand = "return " + hand
	}
	brace := s.at(f.Body.Lbrace) + 1
	s.edits = append(s.edits, edit{brace, brace, fmt.Sprintf("\n\tif takenOut == %q {\n\t\t%s\n\t}\n", m.Name, hand)})
	return nil
}

// around gives the function whose body holds the text between the offsets.
func (s *source) around(from, to int) *ast.FuncDecl {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && s.at(f.Body.Lbrace) < from && to <= s.at(f.Body.Rbrace) {
			return f
		}
	}
	return nil
}

// signature gives names to the receiver and the parameters that have none, and says
// how they are passed on.
func (s *source) signature(f *ast.FuncDecl) call {
	var c call
	if f.Recv != nil {
		c.receiver = s.names(f.Recv.List, "self")[0] + "."
	}
	c.arguments = strings.Join(s.names(f.Type.Params.List, "given"), ", ")
	return c
}

func (s *source) names(fields []*ast.Field, otherwise string) []string {
	var names []string
	for _, field := range fields {
		more := ""
		if _, ok := field.Type.(*ast.Ellipsis); ok {
			more = "..."
		}
		if len(field.Names) == 0 {
			name := fmt.Sprint(otherwise, len(names))
			s.edits = append(s.edits, edit{s.at(field.Pos()), s.at(field.Pos()), name + " "})
			names = append(names, name+more)
		}
		for _, id := range field.Names {
			name := id.Name
			if name == "_" {
				name = fmt.Sprint(otherwise, len(names))
				s.edits = append(s.edits, edit{s.at(id.Pos()), s.at(id.End()), name})
			}
			names = append(names, name+more)
		}
	}
	return names
}

func (s *source) at(p token.Pos) int { return s.set.Position(p).Offset }

// String is the text with the edits in it and the copies behind.
func (s *source) String() string {
	slices.SortStableFunc(s.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out strings.Builder
	done := 0
	for _, e := range s.edits {
		out.WriteString(s.text[done:e.from] + e.text)
		done = e.to
	}
	out.WriteString(s.text[done:])
	for _, c := range s.copies {
		out.WriteString("\n" + c + "\n")
	}
	return out.String()
}
