package queuetest

import "testing"

var deadTests = []test{
	{"a message received too often moves to the dead letters", func(t *testing.T, open Open) { dies(t, open, false) }},
	{"fifo: a message received too often moves to the dead letters", func(t *testing.T, open Open) { dies(t, open, true) }},
	{"fifo: a dead letter opens its group", deathOpens},
}

func dies(t *testing.T, open Open, fifo bool) {
	q, dead := open(t, Setup{FIFO: fifo, MaxReceives: 2})
	send(t, q, in("g", "poison"))
	for want := 1; want <= 2; want++ {
		got := await(t, q, 1, long)
		if got[0].Receives != want {
			t.Fatalf("receives %d, want %d", got[0].Receives, want)
		}
		none(t, dead, 0, "it was not received too often yet")
		release(t, q, 0, got...)
	}
	none(t, q, second, "it was received too often")
	got := await(t, dead, 1, long)
	same(t, got, "poison")
	if got[0].Group != "g" {
		t.Errorf("group %q, want g", got[0].Group)
	}
	remove(t, dead, got...)
	none(t, dead, 0, "it was deleted")
}

func deathOpens(t *testing.T, open Open) {
	q, dead := open(t, Setup{FIFO: true, MaxReceives: 1})
	send(t, q, in("g", "poison"), in("g", "good"))
	release(t, q, 0, await(t, q, 1, long)...)
	same(t, await(t, q, 1, long), "good")
	same(t, await(t, dead, 1, long), "poison")
}
