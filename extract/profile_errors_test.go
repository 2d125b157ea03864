package extract_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/extract"
)

// What is wrong with a profile is told with its line and with what to do.
func TestProfileErrors(t *testing.T) {
	const head = "name: dau-tu\nkind: project\ncolumns:\n"
	for _, c := range []struct{ text, want string }{
		{head + "  - feild: name\n    heads: [Tên dự án]\n", `line 4: unknown key "feild"; do you mean "field"?`},
		{head + "  - field: name\n    heads: [Tên dự án]\nzzzz: 1\n", `line 6: unknown key "zzzz"; the keys are in docs/profiles.md`},
		{head + "  - field: name\n    type: titel\n    heads: [Tên]\n", `column "name" (line 4): unknown type "titel"; use text, title, `},
		{head + "  - field: name\n   type: title\n    heads: [Tên]\n", `line 5: this line does not fit the one above`},
		{head + "\t- field: name\n", `line 4: a tab or a sign that cannot stand here`},
		{head + "  - field: name\n    heads: Tên dự án\n", `line 5: a list belongs here; write [A, B]`},
		{head + "  - field: name\n    heads: [Tên, \"x]\n", `line 5: a quotation mark or bracket is not closed`},
		{head + "  - field: name\n    type: title\n", `column "name" (line 4): no heads`},
		{head + "  - {field: name, heads: [Tên], pattern: Dự án}\n", `column "name" (line 4): pattern "Dự án" needs {n} once`},
		{head + "  - field: name\n    heads: [Tên]\n    share: [a, name]\n", `column "name": share names "a", which is no field of a column`},
		{head + "  - field: name\n    heads: [Tên]\nstatuses:\n  - status: done\n    labels: [XONG]\n", `statuses: unknown status "done"; use completed, `},
		{"name: dau-tu\nkind: a\nkind: b\n", `line 3: a key stands twice`},
		{"bảng\n", `line 1: keys with values belong here`},
	} {
		_, err := extract.ParseProfile([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// Profiles are named by their file or by the folder that they are in; what holds none
// is told, since the report would be read as if there was no such flag.
func TestLoadProfiles(t *testing.T) {
	const text = "name: du-an-thu\nkind: project\ntitles: [danh mục dự án thử]\ncolumns:\n  - {field: name, heads: [Tên dự án]}\n"
	dir, empty := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "du-an[1].yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{dir, file} {
		ps, err := extract.LoadProfiles(where)
		if err != nil || !slices.ContainsFunc(ps, func(p extract.Profile) bool { return p.Name == "du-an-thu" }) {
			t.Errorf("%s: %d profiles, %v", where, len(ps), err)
		}
	}
	for _, where := range []string{empty, filepath.Join(dir, "no.yaml")} {
		if _, err := extract.LoadProfiles(where); err == nil || !strings.Contains(err.Error(), where) {
			t.Errorf("%s: %v, want an error that names it", where, err)
		}
	}
}
