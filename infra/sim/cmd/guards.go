package main

// mutants are the guards that are shown to matter, one at a time.
var mutants = []mutant{
	// A write of which nobody knows.
	{
		"blind-retry", "an unclear answer to a write makes the step unknown", "shared/usecase/push/fate.go",
		"	case fault.Ambiguous:\n		return uncertain", "	case fault.Ambiguous:\n		return again",
	},
	{
		"no-settle", "an unknown write is left alone for the settle time", "shared/usecase/push/reconcile.go",
		"	return s.CallBy.Add(CallTime + w.settleTime())", "	return s.CallBy",
	},
	{
		"no-look-for-notes", "an unknown note is looked for before it is sent again", "shared/usecase/push/look.go",
		"		if strings.Contains(notes[id], ref) {\n			return id, true", "		if strings.Contains(notes[id], ref) {\n			return id, false",
	},
	{
		"no-look-for-candidates", "an unknown create is looked for before it is sent again", "shared/usecase/push/look.go",
		"	switch len(ids) {\n	case 0:", "	if len(ids) == 1 {\n		ids = nil\n	}\n	switch len(ids) {\n	case 0:",
	},
	{
		"no-halt", "an unknown step holds back its person's later events", "shared/usecase/push/step.go",
		"		s.Status = delivery.Uncertain\n		return true, true, w.settle(", "		s.Status = delivery.Uncertain\n		return true, false, w.settle(",
	},
	{
		"no-intent", "a call is announced before it is made", "shared/usecase/push/step.go",
		"	err := w.conclude(ctx, r, subject)\n	p.begun = err == nil", "	var err error\n	w.records[w.at].Record, w.subject.Person = r, subject\n	p.begun = true",
	},
	{
		"intent-not-unknown", "an intent without an outcome is unknown", "shared/domain/delivery/record.go",
		"s.Status == Intent || s.Status == Uncertain", "s.Status == Uncertain",
	},
	// Writers that do not know of each other.
	{
		"no-tokens", "a row is written over the revision that was read, and no other", "shared/repository/timeline/store.go",
		"	return table.IfToken(string(r))", "	return table.Always()",
	},
	{
		"no-create-only", "a record is made once", "shared/repository/timeline/ledger.go",
		"	err = table.Put(ctx, s.t, table.Write{Item: row, If: table.IfAbsent()})", "	err = table.Put(ctx, s.t, table.Write{Item: row})",
	},
	{
		"no-first-body", "of two bodies under one id the first stays", "shared/repository/timeline/event.go",
		"	err = table.Put(ctx, s.t, table.Write{Item: row, If: table.IfAbsent()})", "	err = table.Put(ctx, s.t, table.Write{Item: row})",
	},
	{
		"no-identity-claims", "a create claims its person's identity keys in the table", "shared/usecase/push/claim.go",
		"	keys = keys[:min(len(keys), delivery.MostClaims)]", "	keys = nil",
	},
	{
		"no-candidate-lock", "a drain has one writer for each candidate", "shared/usecase/push/lock.go",
		"	if candidate == \"\" {\n		return func() {}, false\n	}", "	if candidate != \"\" || candidate == \"\" {\n		return func() {}, false\n	}",
	},
	// Waiting.
	{
		"throttled-counts", "to be told to slow down uses up no attempt", "shared/usecase/push/fate.go",
		"	case fault.Throttled:\n		return paced", "	case fault.Throttled:\n		return ours",
	},
	{
		"outage-counts", "an outage uses up no attempt", "shared/usecase/push/fate.go",
		"	case fault.Unavailable:\n		return again", "	case fault.Unavailable:\n		return ours",
	},
	{
		"key-refused-is-no", "a refused key parks the work and ends none of it", "shared/usecase/push/fate.go",
		"	case fault.KeyRefused:\n		return keyless", "	case fault.KeyRefused:\n		return refused",
	},
	{
		"unpermitted-is-no", "a missing permission parks the work and ends none of it", "shared/usecase/push/fate.go",
		"	case fault.PermissionMissing:\n		return parked", "	case fault.PermissionMissing:\n		return refused",
	},
	{
		"no-sweep", "the sweep rings for every hint that was lost", "shared/usecase/sweep/sweeper.go",
		"	if !due {\n		gone, err", "	if due = false; !due {\n		gone, err",
	},
	{
		"no-team-row", "the team's row comes before its due entries", "shared/usecase/record/batch.go",
		"	err := b.Ledger.Touch(ctx, team)\n	if err == nil {", "	var err error\n	{",
	},
	{
		"no-due-entry", "the due entry comes before the event", "shared/usecase/record/batch.go",
		"		err = b.Ledger.AddDue(ctx, team, work)\n", "",
	},
	// What is written.
	{
		"stale-over-new", "no value is written that is older than the last one", "shared/domain/plan/change.go",
		"	return !known.IsZero() && known.Before(applied)", "	return false",
	},
	{
		"unprotected", "a protected field is written only where it is blank", "shared/domain/field/policy.go",
		"	case c.Policy == OnlyIfBlank:\n		return Skip, Protected\n", "",
	},
	{
		"unchanged-written", "an edit writes what it changed, and not what a recruiter corrected", "shared/domain/field/policy.go",
		"	case c.Unchanged:\n		return Skip, Unchanged\n", "",
	},
	{
		"shared-address", "an address that leads to one candidate is that candidate's", "shared/domain/plan/identity.go",
		"	case len(e.clear) == 1:\n		return InAshby, e.clear[0]\n", "	case len(e.clear) == 1:\n		return NotInAshby, candidate.Candidate{}\n",
	},
	{
		"merges-forgotten", "a merge in Ashby moves the link to the survivor", "shared/usecase/record/candidate.go",
		"	return p.Moved(h.Deleted, h.Survivor, h.AcceptedAt)", "	return p.Lost()",
	},
	{
		"late-first", "a person's events go in the order in which they happened", "shared/repository/timeline/person.go",
		"return strings.Compare(a.Order, b.Order)", "return strings.Compare(b.Order, a.Order)",
	},
	// The limit.
	{
		"no-carry-over", "what a drain spent is told to the next one", "shared/usecase/push/pacer.go",
		"	if !spent {\n		return nil\n	}", "	if spent || !spent {\n		return nil\n	}",
	},
	{
		"too-fast", "calls stay below the rate that Ashby allows", "shared/domain/budget/limits.go",
		"	l.Ceiling = float64(l.PerMinute-l.Burst) / (minute + l.Jitter).Seconds() * minute.Seconds()", "	l.Ceiling = 1.2 * float64(l.PerMinute)",
	},
}
