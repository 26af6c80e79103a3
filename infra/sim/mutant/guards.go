package mutant

// A write of which nobody knows.
var unknown = []Mutant{
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
	{
		"filed-is-an-error", "an email that is there already is filed", "shared/adapter/ashby/reader.go",
		"method == methodEmail && AlreadyExists(err)", "method == \"\" && AlreadyExists(err)",
	},
}

// Writers that do not know of each other.
var writers = []Mutant{
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
		"no-closed-candidate", "a candidate is closed to the others who share it while a write to it is not settled", "shared/usecase/push/shared.go",
		"	if len(others) == 0 {\n		return time.Time{}, nil", "	if len(others) >= 0 {\n		return time.Time{}, nil",
	},
}

// Waiting.
var waiting = []Mutant{
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
		"no-sweep", "the sweep rings for every hint that was lost", "shared/usecase/sweep/sweeper.go",
		"	if !due {\n		gone, err", "	if due = false; !due {\n		gone, err",
	},
	{
		"no-due-entry", "the due entry comes before the event", "shared/usecase/record/batch.go",
		"		err = b.Ledger.AddDue(ctx, team, work)\n", "",
	},
	{
		"circuit-not-kept", "a refused key turns the connection, for all drains", "shared/usecase/push/probe.go",
		"	turned, err := d.Teams.MarkRefused(ctx, d.team, d.connection.Fingerprint, reason, d.Now().UTC())", "	turned, err := false, error(nil)",
	},
	{
		"no-probe", "a refused key is looked at again, and the connection resumes when it works", "shared/usecase/push/probe.go",
		"	case now.Before(due):", "	case now.Before(due) || !d.connection.Active():",
	},
	{
		"no-paused", "a connection that an admin paused is not used", "shared/domain/connection/connection.go",
		"	case !c.PausedAt.IsZero():", "	case !c.PausedAt.IsZero() && c.Team == \"\":",
	},
}

// What is written.
var written = []Mutant{
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
		"late-first", "a person's events go in the order in which they happened", "shared/repository/timeline/person.go",
		"return strings.Compare(a.Order, b.Order)", "return strings.Compare(b.Order, a.Order)",
	},
}

// The limit.
var limit = []Mutant{
	{
		"no-carry-over", "what a drain spent is told to the next one", "shared/usecase/push/pacer.go",
		"	revision, err := p.store.SaveBudget(ctx, p.team, state, p.revision)", "	revision, err := p.revision, error(nil)\n	if state.Rate < 0 {\n		revision, err = p.store.SaveBudget(ctx, p.team, state, p.revision)\n	}",
	},
	{
		"too-many-at-once", "no more calls are on their way than the key is known to bear", "shared/domain/budget/state.go",
		"return max(1, int(s.Flight))", "return max(100, int(s.Flight))",
	},
	{
		"no-pause", "a key that is told to slow down is left alone for so long", "shared/domain/budget/state.go",
		"	if until.After(s.Paused) {", "	if until.IsZero() {",
	},
	{
		"own-pause-only", "a limit on all of the integration's calls pauses every team", "shared/usecase/push/pacer.go",
		"	if f.Code() == codePartner {", "	if f.Code() == \"\" {",
	},
}
