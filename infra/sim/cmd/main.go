// Command sim runs worlds of the simulation on all cores and sums them up, or
// shows that its guards matter: with each of them taken out, the worlds find it.
//
//	sim run [-events N] [-seed N]      what `make sim` does
//	sim replay -seed N [NAME]          one world, with all that happens in it, without a guard
//	sim mutants [-events N] [NAME…]    what `make sim-mutants` does
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say run, replay or mutants")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	events := flags.Int("events", 0, "events to accept, at least")
	seed := flags.Uint64("seed", 1, "seed of the first world")
	remember := flags.Bool("remember", false, "write down in which worlds mutants were noticed")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "run":
		return runWorlds(ctx, orElse(*events, 100_000), *seed)
	case "replay":
		return replay(ctx, *seed, flags.Args())
	case "mutants":
		return killMutants(ctx, orElse(*events, 100_000), flags.Args(), *remember)
	}
	return fmt.Errorf("%q is none of run, replay, mutants", args[0])
}

func orElse(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
