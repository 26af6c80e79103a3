package search

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
)

// shelf remembers segments, and which of their rows count, until there are too
// many of them. Nothing is read while it is locked.
type shelf struct {
	mu     sync.Mutex
	layers map[layerName]*kept
	alive  map[string]*kept
	size   int
	clock  int
}

// layerName names a segment for ever. The team is part of it, always.
type layerName struct {
	team            string
	generation, row int
}

type kept struct {
	layer index.Layer
	alive []index.Bits
	size  int
	used  int
}

// open gives the segments of a generation with the columns of fields, and which
// of their rows count.
func (s *Searcher) open(ctx context.Context, team string, g *index.Generation, fields []string) ([]*index.Segment, []index.Bits, error) {
	layers, err := s.layers(ctx, team, g)
	if err != nil {
		return nil, nil, err
	}
	if slices.ContainsFunc(layers, func(l index.Layer) bool { return lacks(l, fields) }) {
		if layers, err = s.Index.Columns(ctx, team, g.Number, layers, fields); err != nil {
			return nil, nil, err
		}
		s.shelf.put(team, g.Number, layers, s.memory())
	}
	segments := index.Segments(layers)
	version := fmt.Sprint(team, "\x00", g.Number, g.Segments, g.Packed)
	alive, ok := s.shelf.rows(version)
	if !ok {
		alive, _ = index.Alive(segments)
		s.shelf.putRows(version, alive, s.memory())
	}
	return segments, alive, nil
}

func (s *Searcher) memory() int {
	if s.Memory > 0 {
		return s.Memory
	}
	return DefaultMemory
}

// lacks reports whether a layer has a column of a field that was not read yet.
func lacks(l index.Layer, fields []string) bool {
	return slices.ContainsFunc(l.Columns, func(c index.StoredColumn) bool {
		return slices.Contains(fields, c.Field) && l.Segment.Column(c.Field) == nil
	})
}

// layers gives the segments of a generation, of which it reads those that are not
// remembered, in one go.
func (s *Searcher) layers(ctx context.Context, team string, g *index.Generation) ([]index.Layer, error) {
	found := map[int]index.Layer{}
	var segments []int
	var packed []index.Packed
	for _, row := range g.Segments {
		if l, ok := s.shelf.get(layerName{team, g.Number, row}); ok {
			found[row] = l
		} else {
			segments = append(segments, row)
		}
	}
	for _, p := range g.Packed {
		if l, ok := s.shelf.get(layerName{team, g.Number, p.Row}); ok {
			found[p.Row] = l
		} else {
			packed = append(packed, p)
		}
	}
	if len(segments)+len(packed) > 0 {
		read, err := s.Index.Layers(ctx, team, g.Number, segments, packed)
		if err != nil {
			return nil, err
		}
		for _, l := range read {
			found[l.Row] = l
		}
		s.shelf.put(team, g.Number, read, s.memory())
	}
	layers := make([]index.Layer, 0, len(found))
	for _, row := range g.Segments {
		layers = append(layers, found[row])
	}
	for _, p := range g.Packed {
		layers = append(layers, found[p.Row])
	}
	return layers, nil
}

func (s *shelf) get(name layerName) (index.Layer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.layers[name]
	if !ok {
		return index.Layer{}, false
	}
	s.clock++
	k.used = s.clock
	return k.layer, true
}

func (s *shelf) put(team string, generation int, layers []index.Layer, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.layers == nil {
		s.layers, s.alive = map[layerName]*kept{}, map[string]*kept{}
	}
	for _, l := range layers {
		name := layerName{team, generation, l.Row}
		if old, ok := s.layers[name]; ok {
			if len(old.layer.Segment.Fields()) > len(l.Segment.Fields()) {
				continue // somebody else read more of it meanwhile
			}
			s.size -= old.size
		}
		s.clock++
		k := &kept{layer: l, size: l.Segment.Bytes(), used: s.clock}
		s.layers[name] = k
		s.size += k.size
	}
	s.trim(most)
}

func (s *shelf) rows(version string) ([]index.Bits, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.alive[version]
	if !ok {
		return nil, false
	}
	s.clock++
	k.used = s.clock
	return k.alive, true
}

func (s *shelf) putRows(version string, alive []index.Bits, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alive == nil || s.alive[version] != nil {
		return
	}
	s.clock++
	k := &kept{alive: alive, used: s.clock}
	for _, b := range alive {
		k.size += 8 * len(b)
	}
	s.alive[version] = k
	s.size += k.size
	s.trim(most)
}

// trim forgets what was not used for longest until the rest fits.
func (s *shelf) trim(most int) {
	for s.size > most && len(s.layers)+len(s.alive) > 1 {
		oldest := s.clock + 1
		var layer layerName
		version, isVersion := "", false
		for name, k := range s.layers {
			if k.used < oldest {
				oldest, layer = k.used, name
			}
		}
		for v, k := range s.alive {
			if k.used < oldest {
				oldest, version, isVersion = k.used, v, true
			}
		}
		if isVersion {
			s.size -= s.alive[version].size
			delete(s.alive, version)
		} else {
			s.size -= s.layers[layer].size
			delete(s.layers, layer)
		}
	}
}
