// Package env reads a function's settings from the environment, once, and tells
// of every mistake at once.
//
// A value never appears in an error: some settings are secrets' names or URLs
// with passwords in them, and errors end in logs.
package env

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reader reads settings and collects what is wrong with them. Ask for all of
// them, then ask Err.
type Reader struct {
	getenv func(string) string
	errs   []error
}

// Read starts reading through getenv (os.Getenv, or a map's in tests). White
// space around values is dropped; a blank value is an absent one.
func Read(getenv func(string) string) *Reader { return &Reader{getenv: getenv} }

// Err joins all mistakes; nil when there are none.
func (r *Reader) Err() error { return errors.Join(r.errs...) }

// Required gives a setting that must be there.
func (r *Reader) Required(name string) string {
	v := r.lookup(name)
	if v == "" {
		r.refuse(name, "is required")
	}
	return v
}

// Optional gives a setting, or the fallback when it is absent.
func (r *Reader) Optional(name, fallback string) string {
	if v := r.lookup(name); v != "" {
		return v
	}
	return fallback
}

// OneOf gives a setting that must be among the choices; absent: the fallback.
func (r *Reader) OneOf(name, fallback string, choices ...string) string {
	v := r.Optional(name, fallback)
	if !slices.Contains(choices, v) {
		r.refuse(name, "must be one of "+strings.Join(choices, ", "))
		return fallback
	}
	return v
}

// AllOrNone reports whether settings that mean nothing without each other are
// there. Some of them without the others are refused.
func (r *Reader) AllOrNone(names ...string) bool {
	var missing []string
	for _, name := range names {
		if r.lookup(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && len(missing) < len(names) {
		for _, name := range missing {
			r.refuse(name, "is required, because "+strings.Join(names, ", ")+" go together")
		}
	}
	return len(missing) == 0
}

// URL gives an absolute http or https URL, as it was written; absent: the
// fallback. An empty fallback makes it required.
func (r *Reader) URL(name, fallback string) string {
	v := r.Optional(name, fallback)
	if v == "" {
		r.refuse(name, "is required")
		return ""
	}
	r.checkURL(name, v)
	return v
}

// OptionalURL gives an absolute http or https URL, or "" when absent.
func (r *Reader) OptionalURL(name string) string { return r.URLOr(name, "") }

// URLOr gives an absolute http or https URL; absent: the fallback, which may be
// empty.
func (r *Reader) URLOr(name, fallback string) string {
	v := r.lookup(name)
	if v == "" {
		return fallback
	}
	r.checkURL(name, v)
	return v
}

// Int gives a whole number from least to most; absent: the fallback.
func (r *Reader) Int(name string, fallback, least, most int) int {
	return parsed(r, name, fallback, least, most, strconv.Atoi, "a whole number")
}

// Duration gives a duration such as "8s" from least to most; absent: the fallback.
func (r *Reader) Duration(name string, fallback, least, most time.Duration) time.Duration {
	return parsed(r, name, fallback, least, most, time.ParseDuration, `a duration such as "8s"`)
}

func parsed[T int | time.Duration](r *Reader, name string, fallback, least, most T, parse func(string) (T, error), what string) T {
	v := r.lookup(name)
	if v == "" {
		return fallback
	}
	n, err := parse(v)
	if err != nil || n < least || n > most {
		r.refuse(name, fmt.Sprintf("must be %s from %v to %v", what, least, most))
		return fallback
	}
	return n
}

func (r *Reader) checkURL(name, v string) {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		r.refuse(name, "must be an absolute http or https URL")
	}
}

func (r *Reader) lookup(name string) string { return strings.TrimSpace(r.getenv(name)) }

func (r *Reader) refuse(name, why string) {
	r.errs = append(r.errs, errors.New(name+" "+why))
}
