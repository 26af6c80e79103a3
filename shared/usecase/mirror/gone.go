package mirror

import (
	"context"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/candidate"
	"github.com/sourcewhale/ashby-sync/shared/domain/candidate/index"
)

func tombstone(id, into string, at time.Time) candidate.Known {
	return candidate.Known{
		Listed: candidate.Listed{Candidate: candidate.Candidate{ID: id}}, Gone: true, Into: into, ReadAt: at,
	}
}

// Gone takes a candidate out of the copy that was deleted or merged away. Ids do
// not come back, so that counts from now on, whatever was asked for before. It
// makes no call.
func (m *Mirror) Gone(ctx context.Context, team, id string) error {
	return m.one(ctx, team, tombstone(id, "", m.Now().UTC()))
}

// Look reads one candidate anew, with one call.
func (m *Mirror) Look(ctx context.Context, team, id string, a Ashby) error {
	asked := m.Now().UTC()
	c, ok, err := a.One(ctx, id)
	if err != nil {
		return err
	}
	k := candidate.Known{Listed: c, ReadAt: asked}
	if !ok {
		k = tombstone(id, "", asked)
	}
	return m.one(ctx, team, k)
}

// one writes a candidate into every generation and by id, unless what is kept of
// it was learnt later.
func (m *Mirror) one(ctx context.Context, team string, k candidate.Known) error {
	if !fit(k.ID) {
		return nil
	}
	j := &job{Mirror: m, team: team}
	var err error
	if j.state, j.over, err = m.States.State(ctx, team); err != nil {
		return err
	}
	if j.catalogue, err = m.Catalogues.Catalogue(ctx, team); err != nil {
		return err
	}
	j.fields = j.catalogue.Fields
	kept, err := m.Candidates.Known(ctx, team, []string{k.ID})
	if err != nil {
		return err
	}
	if old, ok := kept[k.ID]; ok && !k.Supersedes(old) {
		return nil
	}
	e, ok := j.entry(ctx, k)
	if !ok {
		return nil
	}
	j.name(k.Listed)
	for _, g := range []*index.Generation{j.state.Live, j.state.Build} {
		if err := j.put(ctx, g, []index.Entry{e}); err != nil {
			return err
		}
	}
	if err := j.keep(ctx, []candidate.Known{k}, kept); err != nil {
		return err
	}
	if j.over == "" {
		return nil // there is no copy yet; its first reading must not bring the candidate back
	}
	return j.save(ctx)
}
