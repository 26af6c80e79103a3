package ashbytest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// routes are the control requests under /_sim/; the package's documentation
// lists them.
func (a *Ashby) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET /_sim/health":         func(*http.Request) (any, error) { return map[string]bool{"ok": true}, nil },
		"POST /_sim/reset":         a.controlReset,
		"POST /_sim/seed":          a.controlSeed,
		"GET /_sim/state":          func(r *http.Request) (any, error) { return a.Dump(r.FormValue("org")), nil },
		"GET /_sim/stats":          func(*http.Request) (any, error) { return a.Stats(), nil },
		"GET /_sim/calls":          a.controlCalls,
		"POST /_sim/orgs":          a.controlOrg,
		"POST /_sim/keys":          a.controlAddKey,
		"PATCH /_sim/keys/{key}":   a.controlChangeKey,
		"GET /_sim/modes":          func(*http.Request) (any, error) { return a.Modes(), nil },
		"PATCH /_sim/modes":        a.controlModes,
		"GET /_sim/faults":         func(*http.Request) (any, error) { return a.Faults(), nil },
		"POST /_sim/faults":        a.controlAddFault,
		"PUT /_sim/faults":         a.controlSetFaults,
		"DELETE /_sim/faults":      a.controlClearFaults,
		"DELETE /_sim/faults/{id}": a.controlClearFaults,
		"POST /_sim/candidates":    a.controlAddCandidate,
		"POST /_sim/edit":          a.controlEdit,
		"POST /_sim/merge":         a.controlMerge,
		"POST /_sim/delete":        a.controlDelete,
		"POST /_sim/archive-field": a.controlArchiveField,
		"POST /_sim/change-field":  a.controlChangeField,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			result, err := handle(r)
			status := http.StatusOK
			if err != nil {
				result, status = map[string]string{"error": err.Error()}, http.StatusBadRequest
			}
			w.Header().Set("Content-Type", jsonContent)
			w.WriteHeader(status)
			// A caller that went away is not our concern.
			_ = json.NewEncoder(w).Encode(result)
		})
	}
	return mux
}

// read decodes a control request strictly; an empty body leaves v as it is.
func read(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

type done struct {
	OK bool `json:"ok"`
}

func (a *Ashby) controlReset(r *http.Request) (any, error) {
	var in struct {
		Seed       bool `json:"seed"`
		Candidates int  `json:"candidates"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if err := a.Reset(); err != nil || !in.Seed {
		return done{true}, err
	}
	return a.Seed(in.Candidates)
}

func (a *Ashby) controlSeed(r *http.Request) (any, error) {
	var in struct {
		Candidates int `json:"candidates"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return a.Seed(in.Candidates)
}

func (a *Ashby) controlCalls(r *http.Request) (any, error) {
	f := CallFilter{
		Endpoint: r.FormValue("endpoint"), Candidate: r.FormValue("candidate"),
		Org: r.FormValue("org"), KeyID: r.FormValue("key"),
	}
	var errs []error
	number := func(name string) int {
		value := r.FormValue(name)
		if value == "" {
			return 0
		}
		n, err := strconv.Atoi(value)
		errs = append(errs, err)
		return n
	}
	f.Status, f.After, f.Limit = number("status"), int64(number("after")), number("limit")
	if value := r.FormValue("applied"); value != "" {
		applied, err := strconv.ParseBool(value)
		f.Applied = &applied
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return a.Calls(f), nil
}

func (a *Ashby) controlModes(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	// Try on a copy first: a bad request must change nothing.
	trial := a.Modes()
	if err := json.Unmarshal(body, &trial); err != nil {
		return nil, err
	}
	err = a.SetModes(func(m *Modes) {
		// It was decodable a moment ago.
		_ = json.Unmarshal(body, m)
	})
	return a.Modes(), err
}

func (a *Ashby) controlAddFault(r *http.Request) (any, error) {
	var f Fault
	if err := read(r, &f); err != nil {
		return nil, err
	}
	id, err := a.AddFault(f)
	return map[string]string{"id": id}, err
}

// controlSetFaults puts a list of rules in the place of all others.
func (a *Ashby) controlSetFaults(r *http.Request) (any, error) {
	var list []Fault
	if err := read(r, &list); err != nil {
		return nil, err
	}
	for _, f := range list {
		if err := f.check(); err != nil {
			return nil, err
		}
	}
	a.ClearFaults("")
	for _, f := range list {
		if _, err := a.AddFault(f); err != nil {
			return nil, err
		}
	}
	return a.Faults(), nil
}

func (a *Ashby) controlClearFaults(r *http.Request) (any, error) {
	a.ClearFaults(r.PathValue("id"))
	return done{true}, nil
}
