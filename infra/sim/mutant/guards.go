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
		"no-call-by", "no call begins after the time that its intent allows", "shared/usecase/push/step.go",
		"	if now := w.Now(); !w.mayCall() || !now.Before(intent.CallBy.Add(-lag)) {", "	if now := w.Now(); now.IsZero() {",
	},
	{
		"one-look", "what is not there is absent only when it was looked for twice, a settle time apart", "shared/usecase/push/reconcile.go",
		"	if !known && !w.twice(s, now) {", "	if !known && !w.twice(s, now) && now.IsZero() {",
	},
	{
		"any-key-proves", "that a write is absent is believed of the key that made it, and of no other", "shared/usecase/push/look.go",
		"return s.Fingerprint != w.connection.Fingerprint", "return false",
	},
	{
		"hidden-is-absent", "a key that does not show a note known to be there cannot show that another is absent", "shared/usecase/push/look.go",
		"	if known > 0 && seen == 0 {", "	if known > 0 && seen < 0 {",
	},
	{
		"no-frozen-plan", "a plan stands from its first intent on", "shared/usecase/push/event.go",
		"	if r.Frozen {\n		if p, err", "	if r.Frozen && r.Event == \"\" {\n		if p, err",
	},
	{
		"no-fresh-plan", "fields are written by what was read just before, not when a plan was frozen", "shared/usecase/push/event.go",
		"		return plan.WritesFields(s.ID) || w.elsewhere", "		return w.elsewhere",
	},
	{
		"no-elsewhere", "a plan for a candidate that was merged away does not stand", "shared/usecase/push/survivor.go",
		"	return target != \"\" && l.Candidate != \"\" && !l.Gone && target != l.Candidate", "	return target == \"\" && l.Gone && target != l.Candidate",
	},
	{
		"recalled-is-fresh", "what writes rests on reads of its own, not on those of an earlier event", "shared/usecase/push/recall.go",
		"	if err != nil || !w.recall.used || ", "	if err != nil || w.recall.used || !w.recall.used || ",
	},
	{
		"no-rebase", "an answer is written down although somebody changed the record meanwhile", "shared/usecase/push/step.go",
		"!fault.Is(err, fault.Conflict) || !w.rebase(ctx, intent)", "!fault.Is(err, fault.Conflict) || w.at < 0 || !w.rebase(ctx, delivery.Step{})",
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
		"no-candidate-lock", "a drain has one writer for each candidate", "shared/usecase/push/lock.go",
		"	if candidate == \"\" {\n		return func() {}, false\n	}", "	if candidate != \"\" || candidate == \"\" {\n		return func() {}, false\n	}",
	},
	{
		"lost-race-of-one", "a refusal that shows our own token is our success with a lost answer", "shared/port/table/refused.go",
		"f.Found && f.Old.Token == w.Item.Token", "f.Found && f.Old.Token == \"\"",
	},
	{
		"no-closed-candidate", "a candidate is closed to the others who share it while a write to it is not settled", "shared/usecase/push/shared.go",
		"	if len(others) == 0 {\n		return time.Time{}, nil", "	if len(others) >= 0 {\n		return time.Time{}, nil",
	},
	{
		"no-fence", "who announces a write that rests on the person finds them as they were read", "shared/usecase/push/claim.go",
		"	return ok && s.ID != plan.StepNote", "	return ok && s.ID == \"\"",
	},
	{
		"orphans-dropped", "a due entry without its event is left until nobody can still be recording it", "shared/usecase/push/person.go",
		"		if !ok && w.Now().Sub(entry.Due) < orphanAge {", "		if !ok && w.Now().Sub(entry.Due) < 0 {",
	},
	{
		"no-watch", "a drain ends when the connection is another than it began with", "shared/usecase/push/watch.go",
		"		d.stop(\"connection_changed\")\n		return nil\n", "		return nil\n",
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
	{
		"no-open-circuit", "a refused key ends the drain at once", "shared/usecase/push/fate.go",
		"	case keyless:\n		w.stop(keyRefused)\n", "	case keyless:\n",
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
		"no-regain", "a permission that came back is noticed", "shared/usecase/push/probe.go",
		"		if !use.Needed || d.account == nil ||", "		if use.Needed || d.account == nil ||",
	},
	{
		"no-poison-count", "a try is counted before it is made where the last drain did not end", "shared/usecase/push/poison.go",
		"	if !w.wary {\n		return false, nil", "	if !w.wary || w.wary {\n		return false, nil",
	},
	{
		"new-key-not-believed", "what a new key does not show is not taken for deleted", "shared/usecase/push/visible.go",
		"	case l.Gone, !l.At.Before(since): // Ashby said so, or the key has seen it", "	case l.Gone, !l.Gone:",
	},
	{
		"late-come-back", "what was accepted before a person was forgotten is not recorded any more", "shared/usecase/record/gone.go",
		"		if !gone.Ends(e.ID, e.Person.ID, e.AcceptedAt) {", "		if gone.People != nil || gone.People == nil {",
	},
	{
		"forgotten-meanwhile", "who was forgotten while an event was being recorded is looked up again", "shared/usecase/record/gone.go",
		"		case gone.Ends(e.ID, e.Person.ID, e.AcceptedAt):", "		case b.errs[i] != nil && gone.Ends(e.ID, e.Person.ID, e.AcceptedAt):",
	},
	{
		"no-second-pass", "an event that links its person goes on with those that waited for it", "shared/usecase/push/person.go",
		"		if freed := w.freedBefore(i, again); freed >= 0 {", "		if freed := w.freedBefore(i, again); freed < -1 {",
	},
}

// What is written.
var written = []Mutant{
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
	{
		"no-survivor", "a merge whose hook came before the link is followed all the same", "shared/usecase/push/survivor.go",
		"	if err != nil || c.Into == \"\" {", "	if err != nil || c.Into == \"\" || c.Into != \"\" {",
	},
	{
		"overtaken", "a late edit does not bring back what a newer one replaced", "shared/domain/plan/change.go",
		"	return ok && known && before.At.After(now.at) && !before.Value.Equal(now.value)", "	return ok && known && before.At.After(now.at) && !before.Value.Equal(now.value) && p.creating",
	},
	{
		"others-values", "nobody writes an older value over that of another who shares the candidate", "shared/usecase/push/visible.go",
		"		answer.Others, err = r.Ledger.AppliedByOthers(ctx, r.team, ask.Arg, r.id)\n", "",
	},
}

// The limit.
var limit = []Mutant{
	{
		"no-carry-over", "what a drain spent is told to the next one", "shared/usecase/push/pacer.go",
		"	revision, err := p.store.SaveBudget(ctx, p.team, state, p.revision)", "	revision, err := p.revision, error(nil)\n	if state.Rate < 0 {\n		revision, err = p.store.SaveBudget(ctx, p.team, state, p.revision)\n	}",
	},
	{
		"too-fast", "calls stay below the rate that Ashby allows", "shared/domain/budget/limits.go",
		"	l.Ceiling = float64(l.PerMinute-l.Burst) / (minute + l.Jitter).Seconds() * minute.Seconds()", "	l.Ceiling = 1.2 * float64(l.PerMinute)",
	},
	{
		"too-many-at-once", "no more calls are on their way than the key is known to bear", "shared/domain/budget/state.go",
		"return max(1, int(s.Flight))", "return max(100, int(s.Flight))",
	},
	{
		"no-reserve", "a drain leaves to people in the settings what they spend", "shared/usecase/push/pacer.go",
		"	p.people = reserve.Used(p.tended)", "	p.people = 0 * reserve.Used(p.tended)",
	},
	{
		"no-pause", "a key that is told to slow down is left alone for so long", "shared/domain/budget/state.go",
		"	if until.After(s.Paused) {", "	if until.IsZero() {",
	},
	{
		"own-pause-only", "a limit on all of the integration's calls pauses every team", "shared/usecase/push/pacer.go",
		"	if f.Code() == codePartner {", "	if f.Code() == \"\" {",
	},
	{
		"fails-open", "where it cannot be told what was spent, nothing is", "shared/usecase/push/pacer.go",
		"	state, revision, err := store.Budget(ctx, team)\n	if err != nil {\n		return nil, err\n	}", "	state, revision, _ := store.Budget(ctx, team)",
	},
}
