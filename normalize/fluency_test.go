package normalize

import "testing"

func TestFluency(t *testing.T) {
	r, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	good := r.Fluency("Ủy ban nhân dân tỉnh giao Sở Tài chính chủ trì, phối hợp với các đơn vị liên quan")
	bad := r.Fluency("Ủy ban nhân dẫn tính giáo Sở Tài chỉnh chú trí, phôi hộp với các đơn vi liên quán")
	if bad.Mean < good.Mean+1 || bad.Worst <= good.Worst {
		t.Errorf("right text %+v, misread text %+v", good, bad)
	}
	if good.Strangers != 0 || good.Words != 19 {
		t.Errorf("right text: %+v", good)
	}
	if got := r.Fluency("các đơn vị Và các xã, Sở Tài chính và UBND tỉnh"); got.Misfits != 1 {
		t.Errorf("a capital in a sentence: %+v, want 1 misfit", got)
	}
	for text, want := range map[string]int{"phối hrp vdi các": 2, "hệ thống VNeID của Nguyễn Văn Xyzt": 0, "12/KH-UBND 45,6 %": 0, "": 0} {
		if got := r.Fluency(text); got.Strangers != want {
			t.Errorf("%q: %+v, want %d strangers", text, got, want)
		}
	}
}
