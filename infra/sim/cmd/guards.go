package main

// mutants are the guards that are shown to matter.
var mutants = []mutant{
	{
		name: "no-settle", guard: "an unknown write is left alone for the settle time",
		file: "shared/usecase/push/reconcile.go",
		old:  "return s.CallBy.Add(CallTime + w.settleTime())", new: "return s.CallBy",
	},
}
