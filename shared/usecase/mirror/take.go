package mirror

import (
	"context"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/domain/field"
	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

// take writes a page down: into the generation that is being read, or into the
// live one, and what each candidate is now.
func (j *job) take(ctx context.Context, list []candidate.Listed, asked time.Time) error {
	ids := make([]string, 0, len(list))
	for _, c := range list {
		if fit(c.ID) {
			ids = append(ids, c.ID)
		}
	}
	before, err := j.Candidates.Known(ctx, j.team, ids)
	if err != nil {
		return err
	}
	kept := maps.Clone(before)
	var entries []index.Entry
	var changed []candidate.Known
	for _, c := range list {
		next := candidate.Known{Listed: c, ReadAt: asked}
		old, ok := kept[c.ID]
		if ok && !next.Supersedes(old) {
			next = old // what was read later stands
		}
		e, readable := j.entry(ctx, next)
		if !readable {
			j.state.Run.Unreadable++
			continue
		}
		j.name(c)
		entries = append(entries, e)
		if !ok || !same(old, next) {
			changed = append(changed, next)
			kept[c.ID] = next
		}
	}
	j.state.Run.Candidates += len(entries)
	target := j.state.Live
	if j.state.Run.Full {
		target = j.state.Build
	}
	if err := j.put(ctx, target, entries); err != nil {
		return err
	}
	return j.keep(ctx, changed, before)
}

// entry makes a candidate's entry; not even a panic over one of them stops a page.
func (j *job) entry(ctx context.Context, k candidate.Known) (e index.Entry, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			j.Log.LogAttrs(ctx, slog.LevelError, "candidate unreadable", slog.String("team", j.team), slog.String("candidate", k.ID))
			e, ok = index.Entry{}, false
		}
	}()
	if !fit(k.ID) {
		return index.Entry{}, false
	}
	return index.Of(k, j.fields, j.Fold), true
}

// longestID bounds ids, which become parts of keys.
const longestID = 200

// fit reports whether an id can be part of a key. Ashby's are UUIDs.
func fit(id string) bool {
	return id != "" && len(id) <= longestID && !strings.ContainsFunc(id, func(r rune) bool {
		return r == '#' || r == unicode.ReplacementChar || !unicode.IsPrint(r)
	})
}

// same compares what is kept of a candidate, whenever it was read.
func same(a, b candidate.Known) bool {
	a.ReadAt, b.ReadAt, a.Titles, b.Titles = time.Time{}, time.Time{}, nil, nil
	a.UpdatedAt, b.UpdatedAt = a.UpdatedAt.UTC(), b.UpdatedAt.UTC()
	a.CreatedAt, b.CreatedAt = a.CreatedAt.UTC(), b.CreatedAt.UTC()
	return reflect.DeepEqual(a, b)
}

// name remembers the titles that a candidate comes with.
func (j *job) name(c candidate.Listed) {
	note := func(field, id string) {
		if j.catalogue.Name(field, id, c.Titles[id]) {
			j.news = true
		}
	}
	note(field.Source, c.SourceID)
	note(field.CreditedTo, c.CreditedTo)
	for _, tag := range c.Tags {
		note(field.Tags, tag)
	}
}

// put adds entries to a generation. Into one that answers they go together with
// those of the last row, as long as that is small.
func (j *job) put(ctx context.Context, g *index.Generation, entries []index.Entry) error {
	if g == nil || len(entries) == 0 {
		return nil
	}
	last := len(g.Packed) - 1
	if g == j.state.Live && last >= 0 && g.Packed[last].Candidates+len(entries) <= mergeBelow {
		layers, err := j.Segments.Layers(ctx, j.team, g.Number, nil, g.Packed[last:])
		switch {
		case fault.Is(err, fault.NotFound): // too old to be kept: everything is read again soon
		case err != nil:
			return err
		default:
			entries = append(layers[0].Segment.Entries(), entries...)
			g.Packed = g.Packed[:last:last]
		}
	}
	return j.pack(ctx, g, entries)
}

// pack writes entries into one row, or into several where they do not fit.
func (j *job) pack(ctx context.Context, g *index.Generation, entries []index.Entry) error {
	segment := index.Build(entries)
	err := j.Segments.PutPacked(ctx, j.team, g.Number, g.NextRow, segment)
	if fault.Is(err, fault.TooLarge) && len(entries) > 1 {
		half := len(entries) / 2
		if err := j.pack(ctx, g, entries[:half]); err != nil {
			return err
		}
		return j.pack(ctx, g, entries[half:])
	}
	if err != nil {
		return err
	}
	g.Packed = append(g.Packed, index.Packed{Row: g.NextRow, Candidates: segment.Len()})
	g.NextRow++
	return nil
}

// keep writes candidates by id, and their match keys around that. before are
// those that stood there, by id.
func (j *job) keep(ctx context.Context, changed []candidate.Known, before map[string]candidate.Known) error {
	if len(changed) == 0 {
		return nil
	}
	var add, drop []candidate.Bearing
	for _, next := range changed {
		old, now := keysOf(before[next.ID]), keysOf(next)
		for _, key := range now {
			if !slices.Contains(old, key) {
				add = append(add, candidate.Bearing{Key: key, Candidate: next.ID})
			}
		}
		for _, key := range old {
			if !slices.Contains(now, key) {
				drop = append(drop, candidate.Bearing{Key: key, Candidate: next.ID})
			}
		}
	}
	if err := j.Candidates.AddKeys(ctx, j.team, add); err != nil {
		return err
	}
	if err := j.Candidates.Keep(ctx, j.team, changed); err != nil {
		return err
	}
	return j.Candidates.DropKeys(ctx, j.team, drop)
}

// longestKey bounds match keys, which become parts of keys of rows.
const longestKey = 500

func keysOf(k candidate.Known) []string {
	if k.Gone {
		return nil
	}
	keys := map[string]bool{}
	for _, key := range mapping.Keys(k.Candidate) {
		keys[key] = true
	}
	for _, a := range k.Emails {
		if email, ok := mapping.EmailAddress(a.Value); ok {
			keys[mapping.EmailKey(email)] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(keys)), func(key string) bool { return len(key) > longestKey })
}

func sameFields(a, b []field.Field) bool { return reflect.DeepEqual(a, b) }
