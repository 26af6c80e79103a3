package endpoints

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

const role, address = "ENDPOINTS_TEST_ROLE", "ENDPOINTS_TEST_ADDRESS"

// TestMain lets the test binary play the processes that the tests start.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "server":
		fmt.Println("cannot serve:", http.ListenAndServe(os.Getenv(address), http.NotFoundHandler()))
		os.Exit(3)
	case "parent":
		_, err := startChild(context.Background(), server(os.Getenv(address)), "http://"+os.Getenv(address), "/")
		fmt.Println("started:", err)
		select {} // until it is killed
	}
	os.Exit(m.Run())
}

func play(part, addr string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"="+part, address+"="+addr)
	return cmd
}

func server(addr string) *exec.Cmd { return play("server", addr) }

func freeAddress(t *testing.T) string {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// awaitClosed waits until nobody listens any more.
func awaitClosed(t *testing.T, addr string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			return
		}
		_ = conn.Close()
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("still listening")
		}
	}
}

func TestServerIsReadyWhenItAnswersAndGoneWhenStopped(t *testing.T) {
	addr := freeAddress(t)
	c, err := startChild(t.Context(), server(addr), "http://"+addr, "/")
	if err != nil {
		t.Fatal(err)
	}
	if !answers(t.Context(), c.url) {
		t.Error("called ready, but does not answer")
	}
	c.stop()
	c.stop() // again is no harm
	if answers(t.Context(), c.url) {
		t.Error("stopped, but answers")
	}
}

func TestServerThatEndsEarlySaysWhatItPrinted(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = startChild(t.Context(), server(taken.Addr().String()), "http://127.0.0.1:1", "/")
	if err == nil || !strings.Contains(err.Error(), "cannot serve:") {
		t.Fatalf("got %v, want its output", err)
	}
}

func TestServerIsStoppedWhenTheStartIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	addr := freeAddress(t)
	if _, err := startChild(ctx, server(addr), "http://"+addr, "/"); err == nil {
		t.Fatal("ready under a cancelled context")
	}
	awaitClosed(t, addr)
}

func TestServerDiesWithAParentThatIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system cannot do that")
	}
	addr := freeAddress(t)
	parent := play("parent", addr)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "started: <nil>\n" {
		t.Fatalf("parent said %q, %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	awaitClosed(t, addr)
}
