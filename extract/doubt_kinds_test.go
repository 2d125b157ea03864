package extract

import (
	"testing"

	"github.com/sohoa/sohoa/extract/confidence"
	"github.com/sohoa/sohoa/schema"
)

func TestKindsDoubtTexts(t *testing.T) {
	for _, x := range []struct {
		col                        Column
		text                       string
		figure, office, cut, twice float64
	}{
		{Column{Type: TypeText}, "Đã lắp 12 vòi nước cho bản dưới.", 0, 0, 0, 0},
		{Column{Type: TypeText}, "386,4", 1, 0, 0, 0},
		{Column{Type: TypeText, Amounts: true}, "386,4", 0, 0, 0, 0},
		{Column{Type: TypeTitle}, "l;88<", 1, 0, 1, 0},
		{Column{Type: TypeText}, "Sở Y tế", 0, 1, 0, 0},
		{Column{Type: TypeText}, "Sở Y tế đã mở ba điểm tiêm.", 0, 0, 0, 0},
		{Column{Type: TypeText}, "Bộ phận tiếp dân đã dời chỗ", 0, 0, 0, 0},
		{Column{Type: TypeAgency}, "Công an tỉnh; UBND các xã", 0, 0, 0, 0},
		{Column{Type: TypeAgency}, "Xí nghiệp Phà", 0, 0.5, 0, 0},
		{Column{Type: TypeAgency}, "Đã phát 40 tờ rơi.", 0, 1, 0, 0},
		{Column{Type: TypeAgency}, "Sở Giáo dục", 0, 0, 1, 0},
		{Column{Type: TypeAgency}, "Sở Giáo dục và Đào tạo", 0, 0, 0, 0},
		{Column{Type: TypeTitle}, "Trạm bơm nước của", 0, 0, 1, 0},
		{Column{Type: TypeText}, "lấy tại nhà và", 0, 0, 2, 0},
		{Column{Type: TypeUnit}, "% %", 0, 0, 0, 1},
		{Column{Type: TypeUnit}, "%", 0, 0, 0, 0},
		{Column{Type: TypeMeasure}, "84/90 84/90", 0, 0, 0, 1},
	} {
		d := make([]float64, confidence.Count)
		strange := doubtText(&x.col, x.text, d)
		if got := [4]float64{d[confidence.Figure], d[confidence.Office], d[confidence.Cut], d[confidence.Twice]}; got != [4]float64{x.figure, x.office, x.cut, x.twice} {
			t.Errorf("%s %q: figure, office, cut, twice %v", x.col.Type, x.text, got)
		}
		if strange != (x.figure+x.office+x.cut+x.twice > 0) {
			t.Errorf("%s %q: strange %v", x.col.Type, x.text, strange)
		}
	}
}

func TestTextsAreDoubtedForTheirCompany(t *testing.T) {
	b := &builder{}
	table := recordTable{profile: &Profile{Columns: []Column{{Field: "lead", Type: TypeAgency}}}}
	for i, text := range []string{"Sở Y tế", "Đã mở 6 điểm.", "Thay xong.", "Công an tỉnh", "Phát 20 tờ."} {
		f := schema.Field{Text: text, Evidence: &schema.Evidence{Doubts: make([]float64, confidence.Count)}}
		b.res.Records = append(b.res.Records, schema.Record{Fields: map[string]schema.Entry{"lead": schema.One(f)}})
		table.records = append(table.records, i)
	}
	b.tables = []recordTable{table}
	b.doubtKinds()
	for i, want := range []float64{0.75, 0.5, 0.5, 0.75, 0.5} {
		if got := b.res.Records[i].Fields["lead"].One.Evidence.Doubts[confidence.Company]; got != want {
			t.Errorf("record %d: company %v, want %v", i, got, want)
		}
	}
}
