// Package sim runs the service under fire: the real record, push and sweep
// functions over tables and queues in memory, and the simulated Ashby, on
// simulated time, with faults at every effect.
//
// A world is a few teams with their people for a few hours or days. Its seed
// decides everything: who is there, what happens, and at every effect (a read or
// write of the store, a call to Ashby, a message, a secret) which of those that
// wait goes next and what goes wrong with it. A world with the same seed is the
// same again.
//
// The judge of a world sees what was accepted, the history of the settings, and
// Ashby's own state and log; never the ledger. What the service says of an event
// at the end is judged by that, too: whoever waits must have a reason that the
// judge can see.
//
//	gate      one effect at a time, in an order that the seed chooses
//	process   a function's process: it dies, freezes, and its clock is off
//	chaos     what goes wrong, how often, and what of it was seen (coverage)
//	world     teams, people, events and what admins and recruiters do
//	judge     what must be in Ashby, and what must not
package sim
