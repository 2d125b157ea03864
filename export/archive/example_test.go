package archive_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/sohoa/sohoa/export/archive"
	"github.com/sohoa/sohoa/schema"
)

// report is an invented document of one page with one word.
func report() (*schema.Document, archive.Pages) {
	doc := &schema.Document{DocumentID: "1f2e", Source: schema.Source{Name: "a.png", MediaType: "image/png", Pages: 1}}
	page := schema.Page{PageInfo: schema.PageInfo{Number: 1, Width: 300, Height: 400, DPI: 100}}
	box := schema.Box{X0: 50, Y0: 60, X1: 120, Y1: 80}
	page.Lines = []schema.Line{{Box: box, Words: []schema.Word{{Text: "số", Raw: "sổ", Box: box, Confidence: 0.5}}}}
	return doc, func(yield func(schema.Page, error) bool) { yield(page, nil) }
}

func ExampleWriteALTO() {
	doc, pages := report()
	var b strings.Builder
	if err := archive.WriteALTO(&b, doc, pages); err != nil {
		fmt.Println(err)
		return
	}
	_, page, _ := strings.Cut(b.String(), "<Layout>\n")
	fmt.Println(page)
	// Output:
	//   <Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="300" HEIGHT="400" LANG="vi">
	//    <PrintSpace HPOS="0" VPOS="0" WIDTH="300" HEIGHT="400">
	//     <TextBlock ID="block_1_1" HPOS="50" VPOS="60" WIDTH="70" HEIGHT="20">
	//      <TextLine ID="line_1_1" HPOS="50" VPOS="60" WIDTH="70" HEIGHT="20">
	//       <String ID="word_1_1" CONTENT="số" WC="0.50" HPOS="50" VPOS="60" WIDTH="70" HEIGHT="20">
	//        <ALTERNATIVE PURPOSE="as the engine read it">sổ</ALTERNATIVE>
	//       </String>
	//      </TextLine>
	//     </TextBlock>
	//    </PrintSpace>
	//   </Page>
	//  </Layout>
	// </alto>
}

func ExampleWriteHOCR() {
	doc, pages := report()
	if err := archive.WriteHOCR(os.Stdout, doc, pages); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
	// <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi" lang="vi">
	//  <head>
	//   <title>a.png</title>
	//   <meta http-equiv="Content-Type" content="text/html;charset=utf-8"></meta>
	//   <meta name="ocr-system" content="sohoa"></meta>
	//   <meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocr_table ocrx_word ocrp_wconf ocrp_lang"></meta>
	//   <meta name="ocr-langs" content="vi"></meta>
	//   <meta name="ocr-number-of-pages" content="1"></meta>
	//   <meta name="DC.identifier" content="urn:sha256:1f2e"></meta>
	//  </head>
	//  <body>
	//   <div class="ocr_page" id="page_1" title="image &#34;a.png&#34;; bbox 0 0 300 400; ppageno 0; scan_res 100 100">
	//    <div class="ocr_carea" id="block_1_1" title="bbox 50 60 120 80">
	//     <p class="ocr_par" id="par_1_1" title="bbox 50 60 120 80">
	//      <span class="ocr_line" id="line_1_1" title="bbox 50 60 120 80">
	//       <span class="ocrx_word" id="word_1_1" title="bbox 50 60 120 80; x_wconf 50">số</span>
	//      </span>
	//     </p>
	//    </div>
	//   </div>
	//  </body>
	// </html>
}
