package review

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sohoa/sohoa/compare"
	"github.com/sohoa/sohoa/store"
)

// The page of comparison lays the stored reports side by side: what they report
// on down, the provinces across. See package compare for what comes together.

// mostCompared bounds how many documents a comparison reads: some thirty
// provinces with a report a month for years.
const mostCompared = 3000

// reportCache keeps what a comparison needs of documents, by id, at their
// revision, so that turning a filter does not read the store again.
type reportCache struct {
	mu   sync.Mutex
	docs map[string]cachedReport
	key  string // of last: what was asked for, and of which documents
	last *compare.Comparison
}

type cachedReport struct {
	revision int64
	report   *compare.Report // nil for documents without records
}

var compareTexts = map[string]string{
	"Compare": "So sánh", "Compare reports": "So sánh báo cáo", "Kind of records": "Loại bản ghi", "Provinces": "Các tỉnh", "Reports about": "Kỳ báo cáo",
	"A column for each period": "Mỗi kỳ một cột", "Merged provinces under their new name": "Tỉnh sáp nhập tính vào tỉnh mới", "Approved only": "Chỉ tài liệu đã duyệt",
	"Compare these": "So sánh", "What changed": "Thay đổi giữa các kỳ", "What changed as CSV": "Thay đổi dạng CSV",
	"No stored report has such records.":                                              "Không có báo cáo nào trong kho có bản ghi như vậy.",
	"Periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09.":   "Viết kỳ như 2025, 2025-H1, 2025-Q3, 2025-07 hoặc 2025-01..2025-09.",
	"Rows come together by the plan that records are linked to, else by like titles.": "Các dòng ghép theo kế hoạch đã liên kết, nếu không thì theo tên giống nhau.",
	"A dashed frame: look at the source, the reading or the link is unsure.":          "Khung nét đứt: cần xem bản gốc, chữ đọc hoặc việc ghép chưa chắc.",
	"Only the %d newest documents are compared.":                                      "Chỉ so sánh %d tài liệu mới nhất.",
	"kind.model": "mô hình", "kind.task": "nhiệm vụ", "kind.indicator": "chỉ tiêu", "kind.service": "dịch vụ", "kind.benefit": "tiện ích",
	"completed": "hoàn thành", "in progress": "đang làm", "not started": "chưa làm", "not registered": "không đăng ký", "transferred": "đã chuyển", "no status": "không nêu trạng thái",
	"new": "mới", "gone": "không còn", "status changed": "đổi trạng thái", "amount changed": "đổi số tiền", "values changed": "đổi giá trị", "fell back": "lùi lại",
	"Comparison": "So sánh", "Changes": "Thay đổi", "Reports": "Báo cáo", "Cells": "Từng ô", "Number": "Số", "Subject": "Nội dung", "Group": "Nhóm", "Plan": "Kế hoạch", "Province": "Tỉnh", "Period": "Kỳ",
	"Status": "Trạng thái", "Amount (đồng)": "Số tiền (đồng)", "What": "Thay đổi gì", "Before": "Trước", "After": "Sau", "From": "Từ kỳ", "To": "Đến kỳ",
	"to check": "cần xem", "not reported": "không báo cáo", "reported": "có báo cáo", "unknown province": "chưa rõ tỉnh", "unknown period": "chưa rõ kỳ", "in the plan": "trong kế hoạch",
	"page %d": "trang %d", "Subjects: %d. Reports: %d. Cells to check: %d.": "Nội dung: %d. Báo cáo: %d. Ô cần xem: %d.",
	"Left out: %s": "Không đưa vào: %s", "Plans: %s": "Kế hoạch: %s",
	"? = look at the source: the reading or the link is unsure": "? = cần xem bản gốc: chữ đọc hoặc việc ghép chưa chắc",
	"Nothing changed between the periods.":                      "Không có gì thay đổi giữa các kỳ.", "There are no two periods of one province.": "Không tỉnh nào có hai kỳ.",
}

var compareNames = map[string]string{"kind.model": "models", "kind.task": "tasks", "kind.indicator": "indicators", "kind.service": "services", "kind.benefit": "benefits"}

func init() {
	for en, vi := range compareTexts {
		if _, ok := vietnamese[en]; !ok {
			vietnamese[en] = vi
		}
	}
	for key, name := range compareNames {
		englishNames[key] = name
	}
}

// comparing is what a visitor asked to compare.
type comparing struct {
	Kind      string
	Provinces []string
	Period    string
	Periods   bool
	Merged    bool
	Approved  bool
}

func (r *request) comparing() (q comparing, o compare.Options, err error) {
	if err := r.ParseForm(); err != nil {
		return q, o, r.complaint(http.StatusBadRequest, "Periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09.")
	}
	has := func(name string) bool { return r.Form.Get(name) != "" }
	q = comparing{Kind: r.Form.Get("kind"), Provinces: r.Form["province"], Period: strings.TrimSpace(r.Form.Get("period")), Periods: has("periods"), Merged: has("merged"), Approved: has("approved")}
	q.Provinces = slices.DeleteFunc(q.Provinces, func(p string) bool { return p == "" })
	o = compare.Options{Kind: q.Kind, Provinces: q.Provinces, ByPeriod: q.Periods}
	if q.Period != "" {
		if o.Within, err = compare.ParsePeriod(q.Period); err != nil {
			return q, o, r.complaint(http.StatusUnprocessableEntity, "Periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09.")
		}
	}
	return q, o, nil
}

// Address is the page of the same comparison, or an export of it.
func (q comparing) Address(path string) string {
	v := url.Values{"province": q.Provinces}
	set := func(name, value string, ok bool) {
		if ok && value != "" {
			v.Set(name, value)
		}
	}
	set("kind", q.Kind, true)
	set("period", q.Period, true)
	set("periods", "1", q.Periods)
	set("merged", "1", q.Merged)
	set("approved", "1", q.Approved)
	if len(v["province"]) == 0 {
		v.Del("province")
	}
	return "/compare" + path + "?" + v.Encode()
}

// compareView is the page.
type compareView struct {
	view
	*compare.Comparison // nil when there is nothing to compare
	Ask                 comparing
	Kinds               []string
	All                 []string // provinces to choose from
	Cut                 bool     // there are more documents than are compared
	Most                int
	Formats             []compare.Format
	base                string // address of this site, which the links of a comparison begin with
}

// KindName is what people call a kind of records.
func (v compareView) KindName(kind string) string {
	if _, ok := vietnamese["kind."+kind]; ok {
		return v.T("kind." + kind)
	}
	return strings.ReplaceAll(kind, "_", " ")
}

// Chosen reports whether a province is asked for.
func (v compareView) Chosen(province string) bool { return slices.Contains(v.Ask.Provinces, province) }

// StatusName is the word of a status.
func (v compareView) StatusName(s string) string { return v.T(compare.StatusWord(s)) }

// What says what changed.
func (v compareView) What(c compare.Change) string {
	return c.Words(v.T)
}

// Dots parts thousands.
func (compareView) Dots(n int64) string { return compare.Dots(n) }

// Source says where a cell is from, in a line.
func (v compareView) Source(c *compare.Cell) string {
	var out []string
	for _, s := range c.Sources {
		at := s.Name
		if s.Page > 0 {
			at += ", " + v.T("page %d", s.Page)
		}
		out = append(out, at+": "+strings.TrimSpace(s.Ordinal+" "+s.Title))
	}
	if len(c.Unsure) > 0 {
		var names []string
		for _, name := range c.Unsure {
			names = append(names, v.T(label(name)))
		}
		out = append(out, v.T("to check")+": "+strings.Join(names, ", "))
	}
	return strings.Join(out, " · ")
}

// Link leads to the place that a cell is from.
func (v compareView) Link(c *compare.Cell) string { return v.Here(c.Sources[0].Link) }

// Here is an address of this site as its pages write it. The comparison has
// whole addresses, so that the page and the files are made of the same one.
func (v compareView) Here(link string) string { return strings.TrimPrefix(link, v.base) }

func (r *request) compare() error {
	q, o, err := r.comparing()
	if err != nil {
		return err
	}
	v := compareView{view: r.view(r.texts.T("Compare reports")), Ask: q, Most: mostCompared, Formats: []compare.Format{compare.XLSX, compare.CSV, compare.JSON, compare.HTML}, base: r.base()}
	v.Section = "compare"
	reports, stamp, cut, err := r.s.reports(r.Context(), q, v.base)
	if err != nil {
		return err
	}
	v.Cut = cut
	for _, x := range reports {
		if !slices.Contains(v.All, x.Province) && x.Province != "" {
			v.All = append(v.All, x.Province)
		}
		for i := range x.Records {
			if k := x.Records[i].Kind; !slices.Contains(v.Kinds, k) {
				v.Kinds = append(v.Kinds, k)
			}
		}
	}
	slices.Sort(v.Kinds)
	fold := r.s.set.Fold
	slices.SortFunc(v.All, func(a, b string) int { return strings.Compare(fold(a), fold(b)) })
	v.Comparison, err = r.s.compareOnce(stamp, reports, o)
	if err != nil && !errors.Is(err, compare.ErrNothing) {
		return err
	}
	if v.Comparison != nil {
		v.Ask.Kind = v.Comparison.Kind
	}
	return r.render("compare", v)
}

// compareExport sends the comparison as a file.
func (r *request) compareExport() error {
	ctx := r.Context()
	q, o, err := r.comparing()
	if err != nil {
		return err
	}
	format := compare.Format(r.PathValue("format"))
	if !slices.Contains(compare.Formats(), format) {
		return fmt.Errorf("format %q: %w", format, store.ErrNotFound)
	}
	reports, stamp, _, err := r.s.reports(ctx, q, r.base())
	if err != nil {
		return err
	}
	c, err := r.s.compareOnce(stamp, reports, o)
	if errors.Is(err, compare.ErrNothing) {
		return r.complaint(http.StatusNotFound, "No stored report has such records.")
	}
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	set := compare.Writing{Say: r.texts.T, Lang: r.texts.Lang, BOM: true, Changes: r.Form.Get("changes") != ""}
	if err := c.Write(&buf, format, set); err != nil {
		return err
	}
	if err := r.s.store.Audit(ctx, r.who.Name, "comparison.exported", "", 0, map[string]any{"format": string(format), "kind": c.Kind, "columns": len(c.Columns)}); err != nil {
		return err
	}
	suffix := string(format)
	if format == compare.Table {
		suffix = "txt"
	}
	r.w.Header().Set("Content-Type", format.MediaType())
	r.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "so-sanh." + suffix}))
	_, err = r.w.Write(buf.Bytes())
	return err
}

// base is the address of this site, for files that leave it.
func (r *request) base() string {
	here := url.URL{Scheme: "http", Host: r.Host}
	if r.s.set.Secure {
		here.Scheme = "https"
	}
	return here.String()
}

// reports reads the finished documents with records, the newest first, and
// finds their provinces and periods. base goes before the links. The stamp is
// the same for the same question about the same state of the documents.
func (v *Server) reports(ctx context.Context, q comparing, base string) (all []*compare.Report, stamp string, cut bool, err error) {
	query := store.DocumentQuery{States: []store.State{store.Ready, store.Locked}, Limit: 500}
	if q.Approved {
		query.States = query.States[1:]
	}
	v.compared.mu.Lock()
	defer v.compared.mu.Unlock()
	kept := map[string]cachedReport{}
	sum := sha256.New()
	fmt.Fprintln(sum, q.Address(""), base)
	for {
		docs, next, err := v.store.Documents(ctx, query)
		if err != nil {
			return nil, "", false, err
		}
		for _, d := range docs {
			if _, seen := kept[d.ID]; seen || d.Version == 0 {
				continue
			}
			if len(kept) == mostCompared {
				cut = true
				break
			}
			c, ok := v.compared.docs[d.ID]
			if !ok || c.revision != d.Revision {
				if c, err = v.report(ctx, d); err != nil {
					return nil, "", false, err
				}
			}
			kept[d.ID] = c
			if c.report == nil {
				continue
			}
			fmt.Fprintln(sum, d.ID, d.Revision, d.State)
			own := *c.report // what is found about it depends on the others
			own.State, own.Link = string(d.State), base+"/d/"+d.ID
			all = append(all, &own)
		}
		if query.After = next; next == "" || cut {
			break
		}
	}
	if !q.Approved { // otherwise it is a part of them
		v.compared.docs = kept
	}
	compare.Locate(all, nil, q.Merged)
	return all, string(sum.Sum(nil)), cut, nil
}

// compareOnce compares, or returns the comparison that was made last if it is
// the one that is asked for: to lay a hundred reports side by side takes a
// second, and whoever looks at a page looks at it again. Nobody changes it.
func (v *Server) compareOnce(stamp string, reports []*compare.Report, o compare.Options) (*compare.Comparison, error) {
	v.compared.mu.Lock()
	defer v.compared.mu.Unlock()
	if v.compared.last != nil && v.compared.key == stamp {
		return v.compared.last, nil
	}
	c, err := compare.New(reports, o)
	if err == nil {
		v.compared.key, v.compared.last = stamp, c
	}
	return c, err
}

// report reads one document and keeps what is compared of it.
func (v *Server) report(ctx context.Context, d store.Document) (cachedReport, error) {
	doc, revision, err := v.store.Current(ctx, d.ID)
	if errors.Is(err, store.ErrNotFound) {
		return cachedReport{}, nil // gone meanwhile
	}
	if err != nil || len(doc.Records) == 0 {
		return cachedReport{revision: revision}, err
	}
	doc.Tables, doc.Citations, doc.Amounts, doc.Checks = nil, nil, nil, nil
	if len(d.Names) > 0 {
		doc.Source.Name = d.Names[0]
	}
	return cachedReport{revision, &compare.Report{Document: doc, Version: d.Version}}, nil
}
