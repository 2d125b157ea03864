package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// program runs the test binary as the program: under that name it is (see
// TestMain), and so are the helper processes that it starts.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "sohoa")
	if _, err := os.Stat(name); err != nil {
		data, err := os.ReadFile(self)
		if err == nil {
			err = os.WriteFile(name, data, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "SOHOA_LANG=en")
	return cmd
}

// TestRunKilled kills a run with SIGKILL at random moments, again and again:
// the last one goes on where the others were, and its files are those of a run
// that nobody disturbed. It kills 5 times, or SOHOA_KILLS.
func TestRunKilled(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("SOHOA_KILLS")); err == nil {
		kills = n
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	bin, in, calm, killed := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	documents := 60 * kills
	for n := range documents {
		text := fmt.Sprintf("ỦY BAN NHÂN DÂN TỈNH HƯNG LẬP\nSố: %d/BC-UBND\nBÁO CÁO\nKết quả chuyển đổi số, kinh phí %d triệu đồng\n", n, n%7+1)
		if n%10 == 9 {
			text = "BÁO CÁO\nTrùng nhau\n" // the same bytes under many names
		}
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%03d.txt", n)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := program(t, bin, "run", in, "-o", calm, "--workers", "2").CombinedOutput(); err != nil {
		t.Fatalf("the undisturbed run: %v\n%s", err, out)
	}

	read := map[string]int{}
	var log bytes.Buffer
	for range kills {
		cmd := program(t, bin, "run", in, "-o", killed, "--workers", "2", "--json")
		progress, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Half of the kills hit the start, half the pages.
		atPage := random.IntN(2) == 1
		var timer *time.Timer
		kill := func() {
			timer = time.AfterFunc(time.Duration(random.IntN(300))*time.Millisecond, func() { _ = cmd.Process.Kill() }) // it may have come to its end
		}
		if !atPage {
			kill()
		}
		for lines := bufio.NewScanner(progress); lines.Scan(); {
			log.Write(append(lines.Bytes(), '\n'))
			if timer == nil && bytes.Contains(lines.Bytes(), []byte(`"event":"page"`)) && !bytes.Contains(lines.Bytes(), []byte(`"kept":true`)) {
				kill()
			}
		}
		if cmd.Wait() == nil {
			t.Log("a run came to its end before it was killed")
		}
	}
	last := program(t, bin, "run", in, "-o", killed, "--workers", "2", "--json")
	last.Stderr = &log
	if err := last.Run(); err != nil {
		t.Fatalf("the last run: %v\n%s", err, log.Bytes())
	}
	for line := range bytes.Lines(log.Bytes()) {
		var e struct {
			Event, File string
			Kept        bool
		}
		// The last line of a killed run may be half a line.
		if json.Unmarshal(line, &e) == nil && e.Event == "page" && !e.Kept {
			read[e.File]++
		}
	}
	twice := 0
	for _, n := range read {
		twice += n - 1
	}
	t.Logf("%d files had pages read in runs that were killed or the last", len(read))
	if twice > 2*kills {
		t.Errorf("%d pages were read more than once, with %d kills of two workers", twice, kills)
	}
	for n := range documents {
		name := fmt.Sprintf("%03d.txt.json", n)
		want, err1 := os.ReadFile(filepath.Join(calm, name))
		got, err2 := os.ReadFile(filepath.Join(killed, name))
		if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
			t.Errorf("%s differs from that of an undisturbed run: %v %v", name, err1, err2)
		}
	}
}
