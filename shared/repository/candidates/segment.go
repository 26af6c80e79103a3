package candidates

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
	"github.com/sourcewhale/ashby-sync/shared/domain/fault"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// segmentDoc says what a segment in columns consists of.
type segmentDoc struct {
	IDParts int
	Fields  []index.StoredColumn
}

func generationPartition(team string, number int) string {
	return fmt.Sprintf("%s#gen#%d", team, number)
}

func packedSort(row int) string       { return fmt.Sprintf("p#%09d", row) }
func segmentSort(row int) string      { return fmt.Sprintf("s#%09d#m", row) }
func idsSort(row, part int) string    { return fmt.Sprintf("s#%09d#i#%03d", row, part) }
func columnSort(row, c, p int) string { return fmt.Sprintf("s#%09d#c#%04d#%03d", row, c, p) }

// PutPacked stores a small segment in one row. TooLarge: it does not fit.
func (s *Store) PutPacked(ctx context.Context, team string, generation, row int, segment *index.Segment) error {
	var b []byte
	for _, p := range segment.Encode() {
		b = binary.AppendUvarint(b, uint64(len(p.Field)))
		b = append(b, p.Field...)
		b = binary.AppendUvarint(b, uint64(len(p.Bytes)))
		b = append(b, p.Bytes...)
	}
	key := table.Key{Partition: generationPartition(team, generation), Sort: packedSort(row)}
	item, err := s.item(key, packedDoc{deflate(b)}, s.now().Add(segmentLife))
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: item}); err != nil {
		return fmt.Errorf("write a packed segment: %w", err)
	}
	return nil
}

func openPacked(row table.Item) (*index.Segment, error) {
	var doc packedDoc
	if err := decode(row, &doc); err != nil {
		return nil, err
	}
	b, err := inflate(doc.Z)
	if err != nil {
		return nil, err
	}
	var parts []index.Part
	take := func() []byte {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			b = nil
			return nil
		}
		out := b[size : size+int(n)]
		b = b[size+int(n):]
		return out
	}
	for len(b) > 0 {
		name := string(take())
		parts = append(parts, index.Part{Field: name, Bytes: take()})
	}
	return index.Decode(parts)
}

// PutSegment stores a segment in columns. What says that it is there comes last.
func (s *Store) PutSegment(ctx context.Context, team string, generation, row int, segment *index.Segment) error {
	var doc segmentDoc
	var items []table.Item
	partition, expires := generationPartition(team, generation), s.now().Add(segmentLife)
	for _, p := range segment.Encode() {
		pieces := cut(deflate(p.Bytes))
		for i, piece := range pieces {
			sort := idsSort(row, i)
			if p.Field != "" {
				sort = columnSort(row, len(doc.Fields), i)
			}
			item, err := s.item(table.Key{Partition: partition, Sort: sort}, packedDoc{piece}, expires)
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		if p.Field == "" {
			doc.IDParts = len(pieces)
		} else {
			doc.Fields = append(doc.Fields, index.StoredColumn{Field: p.Field, Parts: len(pieces)})
		}
	}
	if err := s.t.BatchPut(ctx, items); err != nil {
		return fmt.Errorf("write a segment: %w", err)
	}
	head, err := s.packed(table.Key{Partition: partition, Sort: segmentSort(row)}, doc, expires)
	if err != nil {
		return err
	}
	if err := table.Put(ctx, s.t, table.Write{Item: head}); err != nil {
		return fmt.Errorf("write a segment's head: %w", err)
	}
	return nil
}

func cut(b []byte) [][]byte {
	var pieces [][]byte
	for len(b) > mostPart {
		pieces, b = append(pieces, b[:mostPart]), b[mostPart:]
	}
	return append(pieces, b)
}

// Layers reads the segments of a generation that are asked for by row, oldest
// first: packed ones whole, of others the ids. One read, as a rule.
func (s *Store) Layers(ctx context.Context, team string, generation int, segments []int, packed []index.Packed) ([]index.Layer, error) {
	partition := generationPartition(team, generation)
	var keys []table.Key
	for _, row := range segments {
		keys = append(keys, table.Key{Partition: partition, Sort: segmentSort(row)}, table.Key{Partition: partition, Sort: idsSort(row, 0)})
	}
	for _, p := range packed {
		keys = append(keys, table.Key{Partition: partition, Sort: packedSort(p.Row)})
	}
	rows, err := s.rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	layers := make([]index.Layer, 0, len(segments)+len(packed))
	for _, row := range segments {
		layer, err := s.openSegment(ctx, partition, row, rows)
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	for _, p := range packed {
		item, ok := rows[packedSort(p.Row)]
		if !ok {
			return nil, lost()
		}
		segment, err := openPacked(item)
		if err != nil {
			return nil, err
		}
		layers = append(layers, index.Layer{Row: p.Row, Segment: segment, Packed: true})
	}
	return layers, nil
}

func (s *Store) openSegment(ctx context.Context, partition string, row int, rows map[string]table.Item) (index.Layer, error) {
	head, ok := rows[segmentSort(row)]
	if !ok {
		return index.Layer{}, lost()
	}
	var doc segmentDoc
	if err := unpack(head, &doc); err != nil {
		return index.Layer{}, err
	}
	var more []table.Key
	for part := 1; part < doc.IDParts; part++ {
		more = append(more, table.Key{Partition: partition, Sort: idsSort(row, part)})
	}
	rest, err := s.rows(ctx, more)
	if err != nil {
		return index.Layer{}, err
	}
	rest[idsSort(row, 0)] = rows[idsSort(row, 0)]
	ids, err := join(rest, doc.IDParts, func(part int) string { return idsSort(row, part) })
	if err != nil {
		return index.Layer{}, err
	}
	segment, err := index.Decode([]index.Part{{Bytes: ids}})
	return index.Layer{Row: row, Segment: segment, Columns: doc.Fields}, err
}

// Columns reads columns of fields for layers that lack them, in one read, and
// gives the layers with them.
func (s *Store) Columns(ctx context.Context, team string, generation int, layers []index.Layer, fields []string) ([]index.Layer, error) {
	partition := generationPartition(team, generation)
	var keys []table.Key
	each := func(do func(layer, column, parts int)) {
		for i, l := range layers {
			for c, f := range l.Columns {
				if wanted(l, f.Field, fields) {
					do(i, c, f.Parts)
				}
			}
		}
	}
	each(func(layer, column, parts int) {
		for p := range parts {
			keys = append(keys, table.Key{Partition: partition, Sort: columnSort(layers[layer].Row, column, p)})
		}
	})
	rows, err := s.rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := append([]index.Layer(nil), layers...)
	each(func(layer, column, parts int) {
		if err != nil {
			return
		}
		var b []byte
		if b, err = join(rows, parts, func(p int) string { return columnSort(layers[layer].Row, column, p) }); err != nil {
			return
		}
		var c *index.Column
		if c, err = index.DecodeColumn(b, out[layer].Segment.Len()); err == nil {
			out[layer].Segment = out[layer].Segment.With(layers[layer].Columns[column].Field, c)
		}
	})
	return out, err
}

func wanted(l index.Layer, field string, fields []string) bool {
	if l.Packed || l.Segment.Column(field) != nil {
		return false
	}
	for _, f := range fields {
		if f == field {
			return true
		}
	}
	return false
}

// AllColumns reads every column of layers.
func (s *Store) AllColumns(ctx context.Context, team string, generation int, layers []index.Layer) ([]index.Layer, error) {
	var all []string
	for _, l := range layers {
		for _, f := range l.Columns {
			all = append(all, f.Field)
		}
	}
	return s.Columns(ctx, team, generation, layers, all)
}

func (s *Store) rows(ctx context.Context, keys []table.Key) (map[string]table.Item, error) {
	found := make(map[string]table.Item, len(keys))
	if len(keys) == 0 {
		return found, nil
	}
	rows, err := s.t.BatchGet(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read segments: %w", err)
	}
	for _, row := range rows {
		found[row.Sort] = row
	}
	return found, nil
}

func join(rows map[string]table.Item, parts int, sort func(int) string) ([]byte, error) {
	var whole []byte
	for p := range parts {
		row, ok := rows[sort(p)]
		if !ok {
			return nil, lost()
		}
		var doc packedDoc
		if err := decode(row, &doc); err != nil {
			return nil, err
		}
		whole = append(whole, doc.Z...)
	}
	return inflate(whole)
}

// CodeLost is the code of a segment that is not there any more.
const CodeLost = "index_lost"

// lost is a segment whose rows expired: nobody has read Ashby for as long as they live.
func lost() error {
	return fault.New(fault.NotFound, CodeLost, "this part of the index is not kept any more")
}
