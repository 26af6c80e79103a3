package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcewhale/ashby-sync/shared/domain/delivery"
	"github.com/sourcewhale/ashby-sync/shared/domain/job"
	"github.com/sourcewhale/ashby-sync/shared/port/table"
)

// jobLife is how long a job can be looked at.
const jobLife = 30 * day

// namedSuffix ends the sort key of what a job names.
const namedSuffix = "#named"

type namedDoc struct{ Named []string }

func jobPartition(team string) string { return team + "#jobs" }

func jobKey(team, id string) table.Key { return table.Key{Partition: jobPartition(team), Sort: id} }

func jobNamedKey(team, id string) table.Key {
	return table.Key{Partition: jobPartition(team), Sort: id + namedSuffix}
}

// jobWork is the entry of the due list that a running job has.
func jobWork(j job.Job) delivery.Work {
	return delivery.Work{Class: delivery.Chore, Due: j.At, Event: j.ID}
}

// CreateJob keeps a job with the people or events that it names, and puts it on the
// due list.
func (s *Store) CreateJob(ctx context.Context, team string, j job.Job, named []string) error {
	if err := s.Touch(ctx, team); err != nil {
		return err
	}
	token, expires := s.token(), j.At.Add(jobLife)
	row, err := item(jobKey(team, j.ID), j, token, expires)
	if err != nil {
		return err
	}
	list, err := item(jobNamedKey(team, j.ID), namedDoc{named}, token, expires)
	if err != nil {
		return err
	}
	err = table.Transact(ctx, s.t, []table.Write{{Item: row, If: table.IfAbsent()}, {Item: list}, {Item: s.dueItem(team, jobWork(j))}})
	if err != nil {
		return fmt.Errorf("create the job: %w", err)
	}
	return nil
}

// Job reads a job with what it names; ok is false when there is none.
func (s *Store) Job(ctx context.Context, team, id string) (j job.Stored, named []string, ok bool, err error) {
	rows, err := s.t.BatchGet(ctx, []table.Key{jobKey(team, id), jobNamedKey(team, id)})
	if err != nil {
		return job.Stored{}, nil, false, fmt.Errorf("read the job: %w", err)
	}
	for _, row := range rows {
		if strings.HasSuffix(row.Sort, namedSuffix) {
			var doc namedDoc
			if err := read(row, &doc); err != nil {
				return job.Stored{}, nil, false, err
			}
			named = doc.Named
			continue
		}
		ok, j.Revision = true, delivery.Revision(row.Token)
		if err := read(row, &j.Job); err != nil {
			return job.Stored{}, nil, false, err
		}
	}
	return j, named, ok, nil
}

// SaveJob writes a job over what was read; one that ended leaves the due list with
// it. Conflict: another came between.
func (s *Store) SaveJob(ctx context.Context, team string, from job.Stored, to job.Job) error {
	row, err := item(jobKey(team, to.ID), to, s.token(), to.At.Add(jobLife))
	if err != nil {
		return err
	}
	writes := []table.Write{{Item: row, If: over(from.Revision)}}
	if to.Ended() {
		writes = append(writes, table.Write{Item: table.Item{Key: dueKey(team, jobWork(to))}, Delete: true})
	}
	if err := s.write(ctx, writes); err != nil {
		return fmt.Errorf("write the job: %w", err)
	}
	return nil
}

// NextJob gives the running job that was asked for first; ok is false when none is.
// An entry whose job is no more is taken away.
func (s *Store) NextJob(ctx context.Context, team string) (id string, ok bool, err error) {
	from, to := table.Prefix(string(delivery.Chore) + "#")
	rows, err := s.t.Query(ctx, table.Range{Partition: dueKey(team, delivery.Work{Class: delivery.Chore}).Partition, From: from, To: to, Limit: 1})
	if err != nil || len(rows.Items) == 0 {
		return "", false, err
	}
	w, err := parseDue(rows.Items[0].Sort)
	if err != nil {
		return "", false, err
	}
	j, _, found, err := s.Job(ctx, team, w.Event)
	if err != nil {
		return "", false, err
	}
	if !found || j.Ended() {
		return "", false, s.DropDue(ctx, team, w)
	}
	return j.ID, true, nil
}

// Jobs lists a team's jobs of the last 30 days, newest first: their ids begin with
// their times.
func (s *Store) Jobs(ctx context.Context, team, cursor string, limit int) (page []job.Job, next string, err error) {
	rows, err := s.t.Query(ctx, table.Range{Partition: jobPartition(team), After: cursor, Limit: 2 * limit, Descending: true})
	if err != nil {
		return nil, "", fmt.Errorf("list the jobs: %w", err)
	}
	for _, row := range rows.Items {
		if strings.HasSuffix(row.Sort, namedSuffix) {
			continue
		}
		var j job.Job
		if err := read(row, &j); err != nil {
			return nil, "", err
		}
		page = append(page, j)
	}
	return page, rows.Next, nil
}

// scrubJobs takes a person and their events out of the team's jobs: their places
// stay, empty.
func (s *Store) scrubJobs(ctx context.Context, team string, ids []string) error {
	rows, err := s.all(ctx, table.Range{Partition: jobPartition(team)})
	if err != nil {
		return fmt.Errorf("read the jobs: %w", err)
	}
	for _, row := range rows {
		for range purgeRounds {
			if err = s.scrubJob(ctx, row, ids); err == nil {
				break
			}
			if _, refused := table.AsRefused(err); !refused {
				break
			}
			if row, _, err = s.t.Get(ctx, row.Key); err != nil {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("take out of a job: %w", err)
		}
	}
	return nil
}

func (s *Store) scrubJob(ctx context.Context, row table.Item, ids []string) error {
	var doc any
	if strings.HasSuffix(row.Sort, namedSuffix) {
		var list namedDoc
		if err := read(row, &list); err != nil {
			return err
		}
		found := false
		for i, name := range list.Named {
			if name != "" && slices.Contains(ids, name) {
				list.Named[i], found = "", true
			}
		}
		if !found {
			return nil
		}
		doc = list
	} else {
		var j job.Job
		if err := read(row, &j); err != nil {
			return err
		}
		about := func(e job.Error) bool { return slices.Contains(ids, e.About) }
		if !slices.ContainsFunc(j.Errors, about) {
			return nil
		}
		j.Errors = slices.DeleteFunc(j.Errors, about)
		doc = j
	}
	fresh, err := item(row.Key, doc, s.token(), row.Expires)
	if err != nil {
		return err
	}
	return table.Put(ctx, s.t, table.Write{Item: fresh, If: table.IfToken(row.Token)})
}
