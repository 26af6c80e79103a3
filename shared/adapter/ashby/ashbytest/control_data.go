package ashbytest

import (
	"encoding/json"
	"net/http"
	"slices"
)

func (a *Ashby) controlOrg(r *http.Request) (any, error) {
	var in struct {
		Name string `json:"name"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	id, err := a.AddOrg(in.Name)
	return map[string]string{"id": id}, err
}

// controlAddKey is the one answer that shows a key's secret.
func (a *Ashby) controlAddKey(r *http.Request) (any, error) {
	var k Key
	if err := read(r, &k); err != nil {
		return nil, err
	}
	return a.AddKey(k)
}

func (a *Ashby) controlChangeKey(r *http.Request) (any, error) {
	var in struct {
		Title        *string   `json:"title"`
		Scopes       *[]string `json:"scopes"`
		Confidential *bool     `json:"confidential"`
		Private      *bool     `json:"private"`
		Disabled     *bool     `json:"disabled"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	k, err := a.ChangeKey(r.PathValue("key"), func(k *Key) {
		assignIf(&k.Title, in.Title)
		assignIf(&k.Scopes, in.Scopes)
		assignIf(&k.Confidential, in.Confidential)
		assignIf(&k.Private, in.Private)
		assignIf(&k.Disabled, in.Disabled)
	})
	k.Secret = k.LastFour()
	return k, err
}

func assignIf[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (a *Ashby) controlAddCandidate(r *http.Request) (any, error) {
	var c Candidate
	if err := read(r, &c); err != nil {
		return nil, err
	}
	id, err := a.AddCandidate(c.Org, c)
	return map[string]string{"id": id}, err
}

// controlEdit lays "set" over the candidate's record; "values" changes single
// custom fields, null removing one.
func (a *Ashby) controlEdit(r *http.Request) (any, error) {
	var in struct {
		Candidate string          `json:"candidate"`
		Set       json.RawMessage `json:"set"`
		Values    map[string]any  `json:"values"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if in.Set == nil {
		in.Set = json.RawMessage("{}")
	}
	if err := json.Unmarshal(in.Set, &Candidate{}); err != nil {
		return nil, err
	}
	err := a.Edit(in.Candidate, func(c *Candidate) {
		// It was decodable a moment ago.
		_ = json.Unmarshal(in.Set, c)
		for field, value := range in.Values {
			c.Fields = slices.DeleteFunc(c.Fields, func(v Value) bool { return v.Field == field })
			if value != nil {
				c.Fields = append(c.Fields, Value{field, value})
			}
		}
	})
	return done{err == nil}, err
}

func (a *Ashby) controlMerge(r *http.Request) (any, error) {
	var in struct {
		From string `json:"from"`
		Into string `json:"into"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return done{true}, a.Merge(in.From, in.Into)
}

func (a *Ashby) controlDelete(r *http.Request) (any, error) {
	var in struct {
		Candidate string `json:"candidate"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return done{true}, a.Delete(in.Candidate)
}

func (a *Ashby) controlArchiveField(r *http.Request) (any, error) {
	in := struct {
		Field    string `json:"field"`
		Archived bool   `json:"archived"`
	}{Archived: true}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return done{true}, a.ArchiveField(in.Field, in.Archived)
}
