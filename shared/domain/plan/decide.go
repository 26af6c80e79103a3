package plan

// Plan decides what the event does, or asks for what it must know first.
func Plan(in Input, facts Facts) Outcome {
	return newPlanner(in, facts).plan()
}
