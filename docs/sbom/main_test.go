package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestBillOfThisTest(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := write(&a, self); err != nil {
		t.Fatal(err)
	}
	if err := write(&b, self); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same binary gives two bills")
	}
	var out bom
	if err := json.Unmarshal(a.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if out.Format != "CycloneDX" || out.Spec != "1.6" || !strings.HasPrefix(out.Serial, "urn:uuid:") || len(out.Components) == 0 {
		t.Errorf("%+v", out)
	}
	seen := map[string]bool{}
	for _, c := range out.Components {
		if c.Name == "" || seen[c.Ref] {
			t.Errorf("component %+v", c)
		}
		seen[c.Ref] = true
	}
}
