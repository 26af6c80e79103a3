package index

// Layer is a segment of a generation as far as it was read from where it is kept.
type Layer struct {
	Row     int
	Segment *Segment
	Packed  bool           // it is stored in one row, so all of it is there
	Columns []StoredColumn // otherwise: what there is to be read
}

// StoredColumn is a column that is stored in so many pieces.
type StoredColumn struct {
	Field string
	Parts int
}

// Segments gives the segments of layers.
func Segments(layers []Layer) []*Segment {
	out := make([]*Segment, len(layers))
	for i, l := range layers {
		out[i] = l.Segment
	}
	return out
}
