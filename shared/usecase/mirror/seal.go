package mirror

import (
	"context"
	"errors"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
)

// untidy reports whether there is something to be done that needs no call.
func (j *job) untidy() bool { return len(j.state.Old) > 0 || j.full() != nil }

// full gives the generation whose packed segments have become many.
func (j *job) full() *index.Generation {
	s := &j.state
	switch {
	case s.Build != nil && (s.Build.Waiting() >= sealAt || len(s.Build.Packed) >= sealRows):
		return s.Build
	case s.Live != nil && s.Run == nil && (s.Live.Waiting() >= liveAt || len(s.Live.Packed) >= liveRows):
		return s.Live
	}
	return nil
}

// tidy does one such thing: it clears up after a generation that was replaced, or
// puts packed segments into columns.
func (j *job) tidy(ctx context.Context) (done bool, err error) {
	switch g := j.full(); {
	case len(j.state.Old) > 0:
		err = j.bury(ctx, &j.state.Old[0])
		j.state.Old = slices.Delete(j.state.Old, 0, 1)
	case g != nil:
		err = j.sealOne(ctx, g)
	default:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, j.save(ctx)
}

func (j *job) sealOne(ctx context.Context, g *index.Generation) error {
	layers, err := j.Segments.Layers(ctx, j.team, g.Number, nil, g.Packed)
	if err != nil {
		return j.forgetLost(ctx, err)
	}
	var entries []index.Entry
	for _, l := range layers {
		entries = append(entries, l.Segment.Entries()...)
	}
	if err := j.Segments.PutSegment(ctx, j.team, g.Number, g.NextRow, index.Build(entries)); err != nil {
		return err
	}
	g.Segments = append(g.Segments, g.NextRow)
	g.NextRow++
	g.Packed = nil
	return nil
}

// forgetLost begins anew when a part of the copy is not kept any more: the team
// did not read Ashby for longer than segments live.
func (j *job) forgetLost(ctx context.Context, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	j.state = index.State{Last: j.state.Last, Wanted: true}
	return errors.Join(j.save(ctx), err)
}

// buryAtOnce bounds how many candidates are read and written together.
const buryAtOnce = 100

// bury takes the candidates out of what is kept by id that an earlier generation
// had and the live one has not: they were deleted, or merged away, and no hook came.
func (j *job) bury(ctx context.Context, old *index.Generation) error {
	then, err := j.ids(ctx, old)
	if fault.Is(err, fault.NotFound) {
		return nil // too old to know
	}
	if err != nil {
		return err
	}
	now, err := j.ids(ctx, j.state.Live)
	if err != nil {
		return err
	}
	var gone []string
	for id := range then {
		if !now[id] {
			gone = append(gone, id)
		}
	}
	for len(gone) > 0 {
		some := gone[:min(buryAtOnce, len(gone))]
		gone = gone[len(some):]
		if err := j.buryThese(ctx, some); err != nil {
			return err
		}
		if j.Missing != nil && old.Fingerprint == j.state.Live.Fingerprint {
			if err := j.Missing(ctx, j.team, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *job) buryThese(ctx context.Context, ids []string) error {
	known, err := j.Candidates.Known(ctx, j.team, ids)
	if err != nil {
		return err
	}
	var changed []candidate.Known
	for id, k := range known {
		// What was read since the reading began was there after all.
		if !k.Gone && k.ReadAt.Before(j.state.FullAt) {
			changed = append(changed, tombstone(id, "", j.state.FullAt))
		}
	}
	return j.keep(ctx, changed, known)
}

// ids gives the candidates of a generation that are not gone.
func (j *job) ids(ctx context.Context, g *index.Generation) (map[string]bool, error) {
	layers, err := j.Segments.Layers(ctx, j.team, g.Number, g.Segments, g.Packed)
	if err != nil {
		return nil, err
	}
	segments := index.Segments(layers)
	alive, count := index.Alive(segments)
	ids := make(map[string]bool, count)
	for i, s := range segments {
		for row := range alive[i].Rows() {
			ids[s.ID(row)] = true
		}
	}
	return ids, nil
}
