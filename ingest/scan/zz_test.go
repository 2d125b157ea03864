package scan
import ("testing";"os";"image";_ "image/jpeg";_ "image/png";"fmt";"strings";"slices")
func TestZZ(t *testing.T){
 for _,a:=range strings.Fields(os.Getenv("ZZ")){
  path,d,_:=strings.Cut(a,":"); dpi:=0; fmt.Sscan(d,&dpi)
  f,_:=os.Open(path); m,_,err:=image.Decode(f); if err!=nil{t.Fatal(err)}
  p:=split(m); ink(p,dpi); g:=p.gray; whiten(g,dpi)
  g=straighten(g,skewOf(thresholdGray(g,inkLevel),dpi),0)
  s:=ruleSizes(dpi)
  at:=func(x,y int)uint8{return g.Pix[y*g.Stride+x]}
  hr:=ridgesH(g,s)
  grown:=hr.clone(); grown.dilateV(1); grown.openH(s.short); grown.and(hr)
  for _,p:=range trace(grown,s){
   if p.u1-p.u0<60 {continue}
   q,ok:=p.judge(hr,g.Rect.Dx(),g.Rect.Dy(),s,at)
   var dk []int
   for u:=p.u0;u<p.u1;u++{ d:=uint8(255); for v:=p.v0-1;v<=p.v1;v++{ d=min(d,at(u,v))}; dk=append(dk,255-int(d))}
   slices.Sort(dk); n:=len(dk)
   fmt.Println(ok,"u",p.u0,p.u1,"v",p.v0,p.v1,"len",p.u1-p.u0,"thick",q.thick,"breaks",q.breaks,"dark p5,10,25,50,90:",dk[n/20],dk[n/10],dk[n/4],dk[n/2],dk[n*9/10])
  }
 }
}
