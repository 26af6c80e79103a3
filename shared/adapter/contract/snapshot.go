package contract

import (
	"bytes"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
)

// readSnapshot reads the variables by their kinds. A null is a value that was
// cleared, like a blank one.
func readSnapshot(f *form) contact.Snapshot {
	out := contact.Snapshot{}
	for _, key := range f.n.keys {
		f.taken = append(f.taken, key)
		n, at, name := f.n.fields[key], step(f.path, key), contact.Variable(key)
		switch kind := contact.KindOf(name); {
		case kind == contact.Unknown:
			f.add(at, "unknown_variable")
		case n.kind == null:
			out[name] = cleared(kind)
		case n.kind == tooDeep:
			f.add(at, "too_deep")
		case kind == contact.Text && n.kind == text:
			if len(n.text) > maxText {
				f.add(at, "too_long")
			}
			out[name] = contact.Value{Text: n.text}
		case kind == contact.List && n.kind == list:
			out[name] = contact.Value{List: f.texts(n, at, maxURL)}
		case kind == contact.Objects && n.kind == list:
			out[name] = readObjects(f.sheet, n, at)
		default:
			f.add(at, "type")
		}
	}
	f.done()
	return out
}

func cleared(kind contact.Kind) contact.Value {
	if kind == contact.Text {
		return contact.Value{}
	}
	return contact.Value{List: []string{}}
}

// readObjects keeps a list of objects as JSON.
func readObjects(s *sheet, n *node, path string) contact.Value {
	if len(n.items) == 0 {
		return cleared(contact.Objects)
	}
	for i, item := range n.items {
		if item.kind != object {
			s.add(place(path, i), "type")
		}
	}
	if deep(n) {
		s.add(path, "too_deep")
	}
	var b bytes.Buffer
	n.canonical(&b)
	if b.Len() > maxObjects {
		s.add(path, "too_long")
		return contact.Value{}
	}
	return contact.Value{Raw: b.String()}
}

// deep reports whether something below n was too deep to be read.
func deep(n *node) bool {
	for _, key := range n.keys {
		if deep(n.fields[key]) {
			return true
		}
	}
	for _, item := range n.items {
		if deep(item) {
			return true
		}
	}
	return n.kind == tooDeep
}

// readChanged reads the names of variables that an edit changed.
func readChanged(f *form) []contact.Variable {
	n := f.get("changed", list)
	if n == nil {
		return nil
	}
	at := step(f.path, "changed")
	var out []contact.Variable
	for i, name := range f.texts(n, at, maxShort) {
		if contact.KindOf(contact.Variable(name)) == contact.Unknown {
			f.add(place(at, i), "unknown_variable")
		}
		out = append(out, contact.Variable(name))
	}
	return out
}
