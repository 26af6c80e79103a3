package mapping

import (
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/contact"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
)

// Composites: several variables that make one value, by the field they fill. The
// last of the longer form is what is taken where the others say nothing.
var (
	fullName = []contact.Variable{contact.FirstName, contact.LastName}
	wholeSet = map[string][][]contact.Variable{
		field.Name: {fullName, append(slices.Clone(fullName), contact.Name)},
		field.Location: {
			{contact.City, contact.State, contact.Country},
			{contact.City, contact.State, contact.Country, contact.Location},
		},
	}
	linkLists = []contact.Variable{contact.SocialLinks, contact.Links}
)

// shape checks whether an entry's sound variables fit its sound field.
func (c *checker) shape(path string, e Entry, f field.Field) {
	if _, link := field.Network(f.ID); link && f.BuiltIn {
		c.link(path, e)
		return
	}
	if composites, ok := wholeSet[f.ID]; ok && f.BuiltIn {
		c.composite(path, e, composites)
		return
	}
	text := f.Type == field.String || f.Type == field.LongText
	if len(e.From) > 1 {
		if !text || !same(e.From, fullName) {
			c.add(path+".from", NotComposite, "only first and last name make one text")
			return
		}
		c.whole(path, e)
		return
	}
	if contact.KindOf(e.From[0]) == contact.List {
		c.list(path, e, takes(f))
		return
	}
	if f.Type == field.List {
		c.add(path+".from", ListRequired, "")
		return
	}
	c.whole(path, e)
}

func (c *checker) link(path string, e Entry) {
	for j, v := range e.From {
		if !slices.Contains(linkLists, v) || slices.Contains(e.From[:j], v) {
			c.add(path+".from", LinksRequired, "")
			return
		}
	}
	c.whole(path, e)
}

func (c *checker) composite(path string, e Entry, composites [][]contact.Variable) {
	if slices.ContainsFunc(composites, func(set []contact.Variable) bool { return same(e.From, set) }) {
		c.whole(path, e)
		return
	}
	code := NotComposite
	if len(e.From) == 1 {
		code = CompositeRequired
	}
	c.add(path+".from", code, "it is made of "+listed(composites[0])+", with "+string(composites[1][len(composites[1])-1])+" where these are blank")
}

func (c *checker) whole(path string, e Entry) {
	if e.Take != Whole {
		c.add(path+".take", TakeUnfit, "here everything is taken: leave it out")
	}
}

func (c *checker) list(path string, e Entry, fit []Take) {
	switch {
	case e.Take == Whole:
		c.add(path+".take", TakeRequired, "one of "+words(fit))
	case !slices.Contains(fit, e.Take):
		c.add(path+".take", TakeUnfit, "one of "+words(fit))
	}
}

// takes gives the parts of a list that fit a field.
func takes(f field.Field) []Take {
	switch f.Type {
	case field.List, field.MultiSelect:
		return []Take{First, Rest, All}
	case field.String, field.LongText:
		if !f.BuiltIn {
			return []Take{First, Joined}
		}
	default: // has room for one
	}
	return []Take{First}
}

// same compares two sets, each without repeats.
func same(a, b []contact.Variable) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

func listed(variables []contact.Variable) string {
	out := ""
	for i, v := range variables {
		switch {
		case i > 0 && i == len(variables)-1:
			out += " and "
		case i > 0:
			out += ", "
		}
		out += string(v)
	}
	return out
}
