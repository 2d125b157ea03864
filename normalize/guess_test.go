package normalize

import (
	"bytes"
	"strings"
	"testing"
)

// misread spells "ơ" as "@", which no pair says; everything else loses its
// marks as engines without Vietnamese letters have it.
const misread = "C@ quan nha nu@c cung cap dich vu c@ ban cho nguoi dan va doanh nghiép.\n" +
	"Céc c@ quan bao céo két qua thuc hién ké hoach phat trién c@ sé ha tang.\n\n"

const givenPairs = "a\tcac co quan nha nuoc bao cao ket qua\tcác cơ quan nhà nước báo cáo kết quả\n" +
	"a\tke hoach phat trien ha tang dich vu cho nguoi dan\tkế hoạch phát triển hạ tầng dịch vụ cho người dân\n" +
	"a\tthuc hien cung cap va doanh nghiep\tthực hiện cung cấp và doanh nghiệp\n"

// A channel learns from text without its truth what the context leaves no
// doubt about.
func TestTrainChannelOnText(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	count := func(text string) float64 {
		var out bytes.Buffer
		opts := ChannelOptions{Text: []byte(text), TextWeight: 1, Model: r.model}
		if err := TrainChannel(strings.NewReader(strings.Repeat(givenPairs, 3)), &out, opts); err != nil {
			t.Fatal(err)
		}
		c, err := loadChannel(heavyChannel, &out)
		if err != nil {
			t.Fatal(err)
		}
		if p := c.bySeen["@"]; p != nil {
			return float64(maxReadingCost - p.costs[letterNumber('ơ')])
		}
		return 0
	}
	if got := count(""); got > 0 {
		t.Errorf("ơ is read @ with %v nats to spare though no text says so", got)
	}
	if got := count(strings.Repeat(misread, 5)); got < 3 {
		t.Errorf("ơ is read @ with %v nats to spare, want 3 at least", got)
	}
}

// Phrases are what badly read text has in several places, and they decide
// what the model alone does not.
func TestPhrases(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	read := strings.Repeat("Uy ban nhan dan tinh ban hanh ké hoach trién khai thuc hién nhiém vy dugc giao.\n\n", 3)
	if err := r.TrainPhrases(strings.NewReader(read), &table); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "kế hoạch\t") {
		t.Errorf("no phrase of the text in the table:\n%s", table.String())
	}
	p, err := loadPhrases(r.model, "# Made up.\ntỉnh khai\t0.9\nxyzzy plugh\t0.5\n")
	if err != nil {
		t.Fatal(err)
	}
	first, _ := r.model.ID("tỉnh")
	second, _ := r.model.ID("khai")
	if got := p.mix(first, second, -12); got < -2 {
		t.Errorf("a frequent phrase scores %v", got)
	}
	if got := p.mix(second, first, -12); got != -12 {
		t.Errorf("what is no phrase scores %v, want what the model says", got)
	}
	for _, bad := range []string{"a b\n", "a b\t2\n", "a b\t-1\n", "a b\tNaN\n"} {
		if _, err := loadPhrases(r.model, bad); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}
