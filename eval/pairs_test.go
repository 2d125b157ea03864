package eval

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/normalize"
	"github.com/sohoa/sohoa/schema"
)

// Pairs hold what the engine read, not what repair made of it, and only of fields
// that are copies of what stands on the page.
func TestWritePairs(t *testing.T) {
	field := func(value any, text, raw string) schema.Entry {
		return schema.One(schema.Field{Value: value, Text: text, Raw: raw, Confidence: 0.9})
	}
	g := &Gold{Records: []GoldRecord{{Kind: "task", Fields: map[string]string{
		"number": "4", "task": "Đo mực nước bến phà", "lead_agency": "Trạm Thủy văn", "deadline": "2031-05-02", "result": "Đã đo ở ba bến"}}}}
	d := &schema.Document{Records: []schema.Record{{Kind: "task", Fields: map[string]schema.Entry{
		"number":      field("4", "4", "4"),
		"task":        field("Đo mực nước bến phà", "Đo mực nước bến phà", "Do mưc\nnước bên phà"),
		"lead_agency": field("Trạm Thủy văn", "Trạm Thủy văn", "Tram Thủy văn"),
		"deadline":    field("2031-05-02", "02/5/2031", "02/5/2031"),
		"result":      field("Cầu treo", "Cầu treo", "Cầu treo"), // of another row
	}}}}
	s := Score(g, d)
	r := Report{Documents: []DocumentReport{{Name: "a.worn150.pdf", Group: "worn150", Scores: s}}}
	var out strings.Builder
	if err := r.WritePairs(&out); err != nil {
		t.Fatal(err)
	}
	const want = "worn150\tTram Thủy văn\tTrạm Thủy văn\nworn150\tDo mưc nước bên phà\tĐo mực nước bến phà\n"
	if out.String() != want {
		t.Fatalf("got %q, want %q", out.String(), want)
	}
	// What counts letters takes them as they are.
	var channel strings.Builder
	if err := normalize.TrainChannel(strings.NewReader(strings.Repeat(out.String(), 9)), &channel, normalize.ChannelOptions{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(channel.String(), "ạ\ta") && !strings.Contains(channel.String(), "a\tạ") {
		t.Errorf("the channel lacks what was read:\n%s", channel.String())
	}
}
