package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/sohoa/sohoa/ingest"
	"github.com/sohoa/sohoa/ingest/ocr"
	"github.com/sohoa/sohoa/schema"
)

// Exit codes, as other programs know them.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3 // done, but some pages or documents failed
)

// vietnamese holds everything that this program says to people. The English
// text is the key.
var vietnamese = map[string]string{
	// Help of lm.
	"count which words administrative text prefers":                                                        "đếm những từ văn bản hành chính hay dùng",
	"count which words follow which in badly read reports":                                                 "đếm từ nào đi sau từ nào trong các báo cáo bị đọc sai nhiều",
	"train what words say about those around them":                                                         "huấn luyện xem mỗi từ cho biết gì về các từ quanh nó",
	"how often a word of such text counts (default: 5 times)":                                              "mỗi từ trong văn bản như vậy được tính mấy lần (mặc định: 5)",
	"the channel that cells of torn tables are repaired with":                                              "kênh dùng để sửa các ô của bảng bị vỡ",
	"text that the same engine read, without what is right: what the pairs make certain in it counts, too": "văn bản do cùng bộ nhận dạng đọc, không kèm bản đúng: những gì các cặp cho biết chắc trong đó cũng được tính",
	"text that engines without Vietnamese letters read, or - for standard input":                           "văn bản do bộ nhận dạng không có chữ Việt đọc, hoặc - cho đầu vào chuẩn",
	"table to write": "tệp bảng sẽ ghi",
	"count what reading does to letters, from pairs of read and right lines":                       "đếm lỗi đọc chữ từ các cặp dòng đọc được và dòng đúng",
	"files of pairs, or - for standard input: source, line as read and right line, parted by tabs": "tệp các cặp, hoặc - cho đầu vào chuẩn: nguồn, dòng đọc được và dòng đúng, cách nhau bằng tab",
	"channel file to write": "tệp bảng nhầm lẫn sẽ ghi",
	"how often a pair counts whose source ends so (default: once)":                      "mỗi cặp có nguồn kết thúc như vậy được tính mấy lần (mặc định: một)",
	"longest n-grams (default: 4)":                                                      "độ dài n-gram lớn nhất (mặc định: 4)",
	"n-grams to keep, which the size of the file follows (default: what fits in 40 MB)": "số n-gram giữ lại, quyết định cỡ tệp (mặc định: vừa 40 MB)",
	"how often a line counts that reads administrative (default: 4)":                    "mỗi dòng văn bản hành chính được tính mấy lần (mặc định: 4)",

	// Help.
	"Usage: ": "Cách dùng: ", "Arguments:": "Tham số:", "Flags:": "Tùy chọn:", "Commands:": "Lệnh:",
	"<command>": "<lệnh>", "[flags]": "[tùy chọn]", "Examples:": "Ví dụ:", "Show context-sensitive help.": "xem phần trợ giúp này",
	`Run "sohoa <command> --help" for more information on a command.`:  `Chạy "sohoa <lệnh> --help" để xem từng lệnh.`,
	"turns folders of scanned Vietnamese reports into checked records": "biến thư mục báo cáo quét thành dữ liệu có cấu trúc, đã kiểm tra",
	"read files and folders, write a JSON a document":                  "đọc tệp và thư mục, ghi mỗi tài liệu một tệp JSON",
	"broken Vietnamese in, repaired Vietnamese out, a line for a line": "sửa tiếng Việt bị hỏng, dòng vào dòng ra",
	"compare results with truth and print the figures":                 "so kết quả với đáp án và in số liệu",
	"the language model":                                               "mô hình ngôn ngữ",
	"train a language model from text":                                 "huấn luyện mô hình ngôn ngữ từ văn bản",
	"tell about a language model file":                                 "cho biết thông tin về tệp mô hình",
	"report types":                                                     "các loại báo cáo",
	"list the report types":                                            "liệt kê các loại báo cáo",
	"explain what the report types match in a file":                    "giải thích loại báo cáo nào khớp với tệp và vì sao",
	"print a report type for the tables that none fits, to begin with": "in một loại báo cáo cho các bảng chưa có loại nào khớp, để bắt đầu từ đó",
	"what is missing on this machine, and the command that mends it":   "máy này còn thiếu gì, và lệnh để bổ sung",
	"files and folders: PDF, PNG, JPEG, TIFF, TXT":                     "tệp và thư mục: PDF, PNG, JPEG, TIFF, TXT",
	"folder for the results":                                           "thư mục ghi kết quả",
	"report type, or auto":                                             "loại báo cáo, hoặc auto",
	"more report types: a YAML file or a folder of them":               "thêm loại báo cáo: một tệp YAML hoặc thư mục các tệp đó",
	"result of a plan that titles are linked to":                       "kết quả JSON của kế hoạch để liên kết tên mô hình",
	"pages worked on at once (default: one a core)":                    "số trang làm cùng lúc (mặc định: mỗi nhân một trang)",
	"output formats: json, jsonl, csv, xlsx, parquet, pdf, hocr, alto": "định dạng ra: json, jsonl, csv, xlsx, parquet, pdf, hocr, alto",
	"progress as JSON lines":                                           "tiến độ dạng JSON từng dòng",
	"link titles to the plans among the files":                         "nối tên mô hình với các kế hoạch có trong số tệp",
	"time that a page may take":                                        "thời gian tối đa cho một trang",
	"language of Tesseract":                                            "ngôn ngữ của Tesseract",
	"replay recorded OCR from this folder":                             "dùng lại OCR đã ghi trong thư mục này",
	"file to repair (default: standard input)":                         "tệp cần sửa (mặc định: đầu vào chuẩn)",
	"tokens, reasons and scores as JSON":                               "từng từ, lý do và điểm dạng JSON",
	"folder of truth":                                                  "thư mục đáp án",
	"folder of results":                                                "thư mục kết quả",
	"write a page of plots":                                            "ghi trang biểu đồ",
	"fail when a figure is worse than in this file":                    "báo lỗi khi số liệu kém hơn tệp này",
	"figures as JSON":                                                  "số liệu dạng JSON",
	"text files, or - for standard input":                              "tệp văn bản, hoặc - cho đầu vào chuẩn",
	"model file to write":                                              "tệp mô hình sẽ ghi",
	"model file (default: the one built in)":                           "tệp mô hình (mặc định: mô hình đi kèm)",
	"print the version":                                                "in phiên bản",
	"language of messages: vi or en":                                   "ngôn ngữ thông báo: vi hoặc en",

	// Serving the review pages.
	"pages in which people correct what the machine was unsure of": "trang web để người hiệu đính chỗ máy chưa chắc",
	"address to serve at":                                                               "địa chỉ phục vụ",
	"certificate (PEM), for addresses that others reach":                                "chứng thư (PEM), khi máy khác truy cập được",
	"key of the certificate (PEM)":                                                      "khóa của chứng thư (PEM)",
	"a proxy in front of this does TLS and sets X-Forwarded-For":                        "phía trước có proxy lo TLS và đặt X-Forwarded-For",
	"read pages here too, not by sohoa worker alone":                                    "đọc trang ngay tại đây, không chỉ ở sohoa worker",
	"fields that two people type without seeing each other's: amounts, number, …":       "trường hai người gõ mà không thấy của nhau: amounts, number, …",
	"largest upload, in MB":                                                             "tệp tải lên lớn nhất, tính bằng MB",
	"choose another address with --addr":                                                "chọn địa chỉ khác bằng --addr",
	"give both --tls-cert and --tls-key":                                                "cần cả --tls-cert và --tls-key",
	"TLS needs a certificate and its key":                                               "TLS cần chứng thư và khóa",
	"give --tls-cert and --tls-key, or --behind-proxy when a proxy does TLS":            "dùng --tls-cert và --tls-key, hoặc --behind-proxy nếu đã có proxy lo TLS",
	"%s can be reached by others, and without TLS they could read passwords":            "máy khác tới được %s, và không có TLS thì mật khẩu bị lộ",
	"Review pages are at %s":                                                            "Trang hiệu đính: %s",
	"Nobody has an account yet. This link makes the administrator, once, within a day:": "Chưa có tài khoản nào. Liên kết này tạo quản trị viên, dùng một lần, trong một ngày:",

	// Tokens.
	"tokens of programs that use the API":                           "token cho các chương trình dùng API",
	"make a token and show it, once":                                "tạo token và cho xem một lần",
	"list the tokens, what they allow and when they were last used": "liệt kê token, quyền và lần dùng cuối",
	"end a token at once":                                           "thu hồi token ngay",
	"name of the client, for lists and the history":                 "tên chương trình, để ghi trong danh sách và lịch sử",
	"what it may do: documents:read, documents:write, corrections:write, events:read, webhooks:manage; may be given many times": "quyền: documents:read, documents:write, corrections:write, events:read, webhooks:manage; dùng được nhiều lần",
	"it ends by itself after this time, like 2160h": "tự hết hạn sau thời gian này, ví dụ 2160h",
	"id of the token, as in the list":               "mã của token trong danh sách",
	"scopes are %s":                                 "các quyền là %s",
	"a token needs at least one --scope":            "token cần ít nhất một --scope",
	"there is no scope %q":                          "không có quyền %q",
	"Keep this token well; it is not shown again:":  "Hãy giữ kỹ token này; nó không được hiện lại:",
	"never used":                         "chưa dùng",
	"revoked %s":                         "thu hồi %s",
	"ended %s":                           "hết hạn %s",
	"used %s":                            "dùng %s",
	"run `sohoa token list` to see them": "chạy `sohoa token list` để xem danh sách",
	"no token has the id %q":             "không có token mang mã %q",
	"The API is at %s":                   "API: %s",

	// Webhooks.
	"telling other systems of events":                                                                         "báo sự kiện cho hệ thống khác",
	"tell an address of events; its secret is shown once":                                                     "báo sự kiện cho một địa chỉ; khóa bí mật chỉ hiện một lần",
	"list the addresses that are told of events":                                                              "liệt kê các địa chỉ được báo sự kiện",
	"tell an address no more, and forget its log":                                                             "thôi báo cho một địa chỉ và xóa nhật ký của nó",
	"what became of the messages, newest first":                                                               "kết quả gửi các thông báo, mới nhất trước",
	"send messages once more, under the same id":                                                              "gửi lại thông báo, giữ nguyên mã",
	"address: https://…, or http://… in an allowed network":                                                   "địa chỉ: https://…, hoặc http://… trong mạng được phép",
	"event: document.processed, document.approved or field.corrected; may be given many times (default: all)": "sự kiện: document.processed, document.approved hoặc field.corrected; dùng được nhiều lần (mặc định: tất cả)",
	"what it is for, for people":                                                                              "ghi chú mục đích",
	"id of the address, as in the list":                                                                       "mã của địa chỉ trong danh sách",
	"only those that are pending, delivered, failed or dropped":                                               "chỉ những lần gửi pending, delivered, failed hoặc dropped",
	"give --entries with --hash":                                                                              "thêm --entries cùng với --hash",
	"--hash is that of the last of so many entries":                                                           "--hash là của mục cuối trong số mục đã cho",
	"there is no state %q":                                                                                    "không có trạng thái %q",
	"so many of them":                                                                                         "số dòng hiển thị",
	"only these deliveries, by their numbers":                                                                 "chỉ những lần gửi mang các số này",
	"all events since this day, like 2026-07-01":                                                              "mọi sự kiện từ ngày này, ví dụ 2026-07-01",
	"Verify the messages with this secret; it is not shown again:":                                            "Dùng khóa này để kiểm tra thông báo; nó không được hiện lại:",
	"is told":                                    "đang báo",
	"is not told: %s":                            "không báo: %s",
	"run `sohoa webhook list` to see them":       "chạy `sohoa webhook list` để xem danh sách",
	"no address has the id %q":                   "không có địa chỉ mang mã %q",
	"give --since DAY, or --delivery N":          "dùng --since NGÀY hoặc --delivery SỐ",
	"it is not said what to send":                "chưa nói gửi lại gì",
	"run `sohoa webhook deliveries` to see them": "chạy `sohoa webhook deliveries` để xem danh sách",
	"the address has no delivery %d":             "địa chỉ này không có lần gửi %d",
	"%d messages are queued.":                    "%d thông báo đã xếp hàng.",
	"tell other systems of events from here":     "báo sự kiện cho hệ thống khác từ đây",
	"private network that webhooks may reach, also without TLS, like 10.20.0.0/16; may be given many times": "mạng nội bộ mà webhook được phép tới, kể cả không có TLS, ví dụ 10.20.0.0/16; dùng được nhiều lần",
	"write networks like 10.20.0.0/16": "viết mạng như 10.20.0.0/16",
	"%q is no network":                 "%q không phải là mạng",

	// The closing table.
	"documents":                "tài liệu",
	"pages":                    "trang",
	"records":                  "bản ghi",
	"fields to review":         "trường cần xem lại",
	"seconds":                  "giây",
	"pages with failures":      "trang có lỗi",
	"office documents skipped": "tài liệu văn phòng bỏ qua",
	"Not read: %s. Print them to PDF, and have that read.": "Không đọc: %s. Hãy in ra PDF rồi cho đọc tệp PDF đó.",
	"%s and %d more":     "%s và %d tệp nữa",
	"documents failed":   "tài liệu hỏng",
	"Results are in %s.": "Kết quả nằm trong %s.",

	// Errors and remedies.
	"error: ":         "lỗi: ",
	"hint: ":          "gợi ý: ",
	"page %d: %s: %s": "trang %d: %s: %s",
	"failed":          "không đọc được", "partial": "đọc được một phần", "timed_out": "quá thời gian", "refused": "không đọc được",
	ingest.LostRows:   "tệp ảnh bị cắt cụt hoặc hỏng: đã đọc được %d %% số dòng ảnh phía trên, phần còn lại để trắng; hãy chép hoặc quét lại tệp",
	ingest.LostPasses: "tệp ảnh bị cắt cụt hoặc hỏng: chỉ đọc được các lượt thô của ảnh; hãy chép hoặc quét lại tệp",
	"stopped":         "đã dừng",
	"run the same command again to go on where it was":                                    "chạy lại đúng lệnh này để làm tiếp",
	"run `sohoa doctor` to see what is missing":                                           "chạy `sohoa doctor` để xem còn thiếu gì",
	"run `sohoa %s --help` for the usage":                                                 "chạy `sohoa %s --help` để xem cách dùng",
	"run `sohoa --help` for the usage":                                                    "chạy `sohoa --help` để xem cách dùng",
	"choose a folder that you may write to with -o":                                       "chọn thư mục được phép ghi bằng -o",
	"give a folder that holds PDF, PNG, JPEG, TIFF or TXT files":                          "chỉ tới thư mục có tệp PDF, PNG, JPEG, TIFF hoặc TXT",
	"no files to read":                                                                    "không có tệp nào để đọc",
	"unknown format %q":                                                                   "định dạng %q không có",
	"formats are %s":                                                                      "các định dạng là %s",
	"unknown report type %q":                                                              "loại báo cáo %q không có",
	"run `sohoa profiles list` to see them":                                               "chạy `sohoa profiles list` để xem danh sách",
	"name that the model carries":                                                         "tên ghi trong mô hình",
	"train on the held-out lines too":                                                     "huấn luyện cả phần để dành kiểm tra",
	"with --replay: read what is missing and record it":                                   "cùng --replay: đọc và ghi thêm phần còn thiếu",
	"figures of an earlier run (JSON or a page of plots), to show what changed":           "số liệu của lần chạy trước (JSON hoặc trang biểu đồ), để xem thay đổi",
	"folder of the sources, for cuttings in the page of plots":                            "thư mục tệp gốc, để cắt ảnh vào trang biểu đồ",
	"fit confidences to truth, or to the corrections in a store, and write a calibration": "khớp độ chắc theo đáp án, hoặc theo các sửa chữa trong kho, và ghi tệp hiệu chuẩn",
	"calibration that sohoa eval --calibrate wrote (default: calibration.json in --data, else the one built in)": "tệp hiệu chuẩn do sohoa eval --calibrate ghi (mặc định: calibration.json trong --data, nếu không có thì bản đi kèm)",
	"share of accepted fields that is promised to be right":                                                      "tỷ lệ đúng được hứa của các trường máy nhận",
	"share of accepted fields that go to review all the same, to find errors that the machine is sure of":        "tỷ lệ trường máy nhận vẫn đưa ra xem, để tìm lỗi mà máy tưởng chắc",
	"with --calibrate: print how good confidences are of reports that were left out, by class and report":        "cùng --calibrate: in độ tin cậy của các báo cáo được để ngoài, theo loại trường và theo báo cáo",
	"with --calibrate: fit these sources of text only and keep the others of the calibration in use":             "cùng --calibrate: chỉ khớp các nguồn chữ này, các nguồn khác giữ theo tệp hiệu chuẩn đang dùng",
	"sources are %s":                                                       "các nguồn là %s",
	"unknown source %q":                                                    "nguồn %q không có",
	"name the file to write with --calibrate":                              "chỉ tệp cần ghi bằng --calibrate",
	"--sources says what to fit, and nothing is fitted":                    "--sources chỉ nguồn cần khớp, nhưng không có gì được khớp",
	"lean on no calibration in use":                                        "không dựa vào tệp hiệu chuẩn đang dùng",
	"what the calibration is fitted on, in words":                          "tệp hiệu chuẩn được khớp theo gì, bằng lời",
	"name the folder of truth with --gold and that of results with --pred": "chỉ thư mục đáp án bằng --gold và thư mục kết quả bằng --pred",
	"nothing to compare":                                                   "không có gì để so",
	"give a share between 0 and 1, such as 0.99":                           "cho một tỷ lệ giữa 0 và 1, chẳng hạn 0.99",
	"wrong --precision":                                                    "--precision sai",
	"name a file that `sohoa eval --calibrate` wrote":                      "chỉ tệp mà `sohoa eval --calibrate` đã ghi",
	"review more documents, the random sample among them, and try again":   "hiệu đính thêm tài liệu, kể cả mẫu ngẫu nhiên, rồi thử lại",
	"keep the calibration in use":                                          "giữ tệp hiệu chuẩn đang dùng",
	"%d fields of %d documents; written to %s":                             "%d trường của %d tài liệu; đã ghi vào %s",
	"read no line a second time: faster, and more is left to review":       "không đọc dòng nào lần thứ hai: nhanh hơn, và phải xem nhiều hơn",
	"in use": "đang dùng",
	"new":    "mới",
	"%s: log loss %.4f, ECE %.4f, accepted %.1f %%, of them right %.2f %%":                      "%s: log loss %.4f, ECE %.4f, máy nhận %.1f %%, trong đó đúng %.2f %%",
	"no document has its truth in the folders of truth":                                         "không tài liệu nào có đáp án trong các thư mục đáp án",
	"%d documents with truth":                                                                   "%d tài liệu có đáp án",
	"corrections in %d documents":                                                               "sửa chữa trong %d tài liệu",
	"all documents, those for development, or those kept for tests":                             "mọi tài liệu, phần phát triển, hay phần để kiểm tra",
	"list what was read wrong":                                                                  "liệt kê chỗ đọc sai",
	"write what was read beside what is right, for sohoa lm channel":                            "ghi chỗ đã đọc cạnh chỗ đúng, cho sohoa lm channel",
	"file to try them on":                                                                       "tệp để thử",
	"no ruled table without a report type was found; a draft is made of a scan or PDF with one": "không thấy bảng kẻ khung nào chưa có loại báo cáo; bản nháp được lập từ ảnh quét hoặc PDF có bảng như vậy",
	"no table was found":                                                                        "không thấy bảng nào",
	"no report type fits":                                                                       "không loại báo cáo nào khớp",
	"tried":                                                                                     "đã thử",
	"fields without a column":                                                                   "trường không có cột",
	"fields without a text":                                                                     "trường không có nội dung",
	"groups":                                                                                    "nhóm",
	"run over malformed files and check what was promised":                                      "chạy trên các tệp hỏng và kiểm tra những điều đã cam kết",
	"folder of files, whatever they are":                                                        "thư mục tệp bất kỳ",
	"the audit log":                                                                             "nhật ký kiểm toán",
	"check that nothing in the audit log was changed, taken out or put in, and that all deletions came to their end": "kiểm tra nhật ký kiểm toán không bị sửa, bớt hay thêm, và mọi việc xóa đã làm đến cùng",
	"run `sohoa delete` for each of them again: it goes on where it was":                                             "chạy lại `sohoa delete` cho từng tài liệu: nó làm tiếp phần còn lại",
	"%d deletions were interrupted; files or traces of these documents are left":                                     "%d việc xóa bị gián đoạn; còn tệp hoặc dấu vết của các tài liệu này",
	"entries that an earlier check found":                                                                            "số mục mà lần kiểm tra trước thấy",
	"hash of the last entry that an earlier check found":                                                             "mã băm của mục cuối mà lần kiểm tra trước thấy",
	"compare with a backup, and find out who can write to the database":                                              "so với bản sao lưu, và xem ai ghi được vào cơ sở dữ liệu",
	"The audit log is whole: %d entries, the last one %s.":                                                           "Nhật ký kiểm toán nguyên vẹn: %d mục, mục cuối %s.",
	"delete a document for good, with all that came of it":                                                           "xóa hẳn một tài liệu cùng mọi thứ sinh ra từ nó",
	"document to delete, by its id":                                                                                  "tài liệu cần xóa, theo mã",
	"why, for the audit log; name no person here":                                                                    "lý do, ghi vào nhật ký; không nêu tên người ở đây",
	"give the whole id, as `sohoa status` and the results name it":                                                   "ghi đủ mã, như `sohoa status` và kết quả nêu",
	"run the same command again: it goes on where it was":                                                            "chạy lại đúng lệnh này: nó làm tiếp phần còn lại",
	"Deleted: %d versions, %d pages, %d corrections, %d files.":                                                      "Đã xóa: %d phiên bản, %d trang, %d chỗ sửa, %d tệp.",
	"%d entries of the audit log are older than deletion and keep what they say.":                                    "%d mục nhật ký có từ trước khi xóa được và giữ nguyên nội dung.",
	"Backups still hold it; see docs/security.md.":                                                                   "Các bản sao lưu vẫn còn giữ; xem docs/security.md.",
	"keep a worker at mixed work and check that nothing grows":                                                       "cho một tiến trình làm việc hỗn hợp và kiểm tra không có gì phình ra",
	"how long":                     "trong bao lâu",
	"stopped after %d of %d files": "dừng sau %d trên %d tệp",
	"%d of %d files":               "%d trên %d tệp",
	"keep the results here":        "giữ kết quả ở đây",
	"read the pages too, not only open and draw them": "đọc cả trang, không chỉ mở và vẽ",
	"name another folder":                             "chỉ một thư mục khác",
	"a promise was broken, see above":                 "có cam kết không được giữ, xem ở trên",
	"findings as JSON":                                "kết quả dạng JSON",
	"run on Linux 5.13 or newer with seccomp and Landlock switched on; see docs/security.md": "chạy trên Linux từ 5.13 có bật seccomp và Landlock; xem docs/security.md",
	"something is missing, see above":              "còn thiếu, xem ở trên",
	"the figures are worse than the budget allows": "số liệu kém hơn mức cho phép",

	// The store and its queue.
	"put files on the queue of a store":                                                          "đưa tệp vào hàng đợi",
	"read what is on the queue":                                                                  "đọc các tài liệu trong hàng đợi",
	"put on the queue what arrives in a folder":                                                  "theo dõi thư mục, đưa tệp mới vào hàng đợi",
	"the queue, how it goes, what failed, and trying that again":                                 "hàng đợi, tiến độ, phần bị lỗi và cách làm lại",
	"database: a file (SQLite), or postgres://… (default: sohoa.db in --data)":                   "cơ sở dữ liệu: tệp (SQLite) hoặc postgres://… (mặc định: sohoa.db trong --data)",
	"folder for the database and the files":                                                      "thư mục chứa cơ sở dữ liệu và tệp",
	"where files are kept: file:///… or s3://… (default: blobs in --data)":                       "nơi lưu tệp: file:///… hoặc s3://… (mặc định: blobs trong --data)",
	"name a place that all machines reach: --blobs file:///shared/folder or --blobs s3://bucket": "chỉ nơi mà mọi máy đều tới được: --blobs file:///shared/folder hoặc --blobs s3://bucket",
	"a store on PostgreSQL needs --blobs":                                                        "kho trên PostgreSQL cần có --blobs",
	"check --db and --data, and that the database runs":                                          "kiểm tra --db và --data, và cơ sở dữ liệu có đang chạy không",
	"end when there is nothing left to do":                                                       "kết thúc khi không còn việc",
	"how long pages may go on after the worker is told to stop":                                  "thời gian cho các trang đang đọc khi có lệnh dừng",
	"keep a picture of each page for review":                                                     "giữ ảnh từng trang để xem lại",
	"serve Prometheus metrics at this address":                                                   "cung cấp số đo Prometheus tại địa chỉ này",
	"log as text or json, or off":                                                                "nhật ký dạng text hoặc json, hoặc off để tắt",
	"choose another address with --metrics":                                                      "chọn địa chỉ khác bằng --metrics",
	"results as JSON lines":                                                                      "kết quả dạng JSON từng dòng",
	"read documents again that were read before":                                                 "đọc lại cả tài liệu đã đọc trước đây",
	"let other documents go first":                                                               "nhường các tài liệu khác đi trước",
	"wait while more pages than this are to be read":                                             "chờ khi hàng đợi còn nhiều trang hơn số này",
	"known already":         "đã có",
	"queued":                "đã xếp hàng",
	"the status as JSON":    "trạng thái dạng JSON",
	"show so many failures": "số lỗi hiển thị",
	"read this document again where it failed; the first characters of its id are enough": "đọc lại phần lỗi của tài liệu này; chỉ cần vài ký tự đầu của mã",
	"read all documents again where they failed":                                          "đọc lại phần lỗi của mọi tài liệu",
	"documents queued":            "tài liệu đang chờ",
	"documents being read":        "tài liệu đang đọc",
	"documents ready":             "tài liệu đã xong",
	"documents approved":          "tài liệu đã duyệt",
	"pages left":                  "trang còn lại",
	"workers":                     "tiến trình đang chạy",
	"pages a second, last minute": "trang mỗi giây, phút vừa qua",
	"time left":                   "thời gian còn lại",
	"jobs waiting: %s":            "việc đang chờ: %s",
	"of these, tried again later": "trong đó sẽ thử lại sau",
	"page %d":                     "trang %d",
	"Try one again with `sohoa status --retry ID`, all with --retry-all.":         "Làm lại một tài liệu: `sohoa status --retry MÃ`; tất cả: --retry-all.",
	"run `sohoa status` to see what failed":                                       "chạy `sohoa status` để xem phần bị lỗi",
	"no failed document has this id":                                              "không có tài liệu lỗi nào mang mã này",
	"folder to watch":                                                             "thư mục cần theo dõi",
	"a file is complete when it has not changed for so long":                      "tệp coi như đủ khi không đổi trong thời gian này",
	"how often the folder is looked through":                                      "bao lâu xem lại thư mục một lần",
	"end when all files that are there have been submitted":                       "kết thúc khi đã đưa hết các tệp đang có",
	"copy the database of a store while work goes on":                             "sao lưu cơ sở dữ liệu trong khi vẫn làm việc",
	"file to write; it must not exist":                                            "tệp sẽ ghi; phải chưa có",
	"a store on PostgreSQL is backed up by pg_dump; a SQLite one into a new file": "kho PostgreSQL sao lưu bằng pg_dump; kho SQLite vào một tệp mới",
	"The database is in %s; copy the folder of files too.":                        "Cơ sở dữ liệu đã ở %s; hãy chép cả thư mục tệp.",

	// Export and compare.
	"records of a store as JSON Lines, CSV, XLSX or Parquet, pages as searchable PDF":                        "lấy dữ liệu của kho: JSON Lines, CSV, XLSX, Parquet; trang dạng PDF tìm được",
	"lay the reports of provinces and periods side by side":                                                  "đặt báo cáo các tỉnh, các kỳ cạnh nhau để so sánh",
	"jsonl, csv, xlsx, parquet: all records as one table; json, pdf, hocr, alto: a file a document":          "jsonl, csv, xlsx, parquet: mọi bản ghi trong một bảng; json, pdf, hocr, alto: mỗi tài liệu một tệp",
	"file, or folder where the format makes a file a document (default: standard output)":                    "tệp, hoặc thư mục nếu định dạng ghi mỗi tài liệu một tệp (mặc định: đầu ra chuẩn)",
	"only this document; the first characters of its id are enough":                                          "chỉ tài liệu này; chỉ cần vài ký tự đầu của mã",
	"only documents of this report type":                                                                     "chỉ tài liệu thuộc loại báo cáo này",
	"only this province; may be given again":                                                                 "chỉ tỉnh này; có thể ghi nhiều lần",
	"only reports about a time in this one: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-01..2025-09":               "chỉ báo cáo về thời gian nằm trong kỳ này: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-01..2025-09",
	"only records of this kind: model, task, indicator, …":                                                   "chỉ bản ghi loại này: model, task, indicator, …",
	"only records with this number in their report":                                                          "chỉ bản ghi mang số thứ tự này trong báo cáo",
	"only records with this status: completed, in_progress, not_started, not_registered, transferred":        "chỉ bản ghi có trạng thái này: completed, in_progress, not_started, not_registered, transferred",
	"only records in this state: accepted, needs_review, confirmed, corrected":                               "chỉ bản ghi ở tình trạng này: accepted, needs_review, confirmed, corrected",
	"only documents that were approved":                                                                      "chỉ tài liệu đã duyệt",
	"only documents changed at or after this time: 2025-07-31, 2025-07-31T08:00:00+07:00, or 36h ago as 36h": "chỉ tài liệu thay đổi từ lúc này: 2025-07-31, 2025-07-31T08:00:00+07:00, hoặc 36h là 36 giờ qua",
	"csv: begin with a byte order mark, for Excel":                                                           "csv: ghi dấu BOM ở đầu, cho Excel",
	"csv: sign between cells; Excel on a Vietnamese system wants ;":                                          "csv: dấu ngăn ô; Excel tiếng Việt cần dấu ;",
	"address of the review pages, for links to each place":                                                   "địa chỉ trang xem lại, để có liên kết tới từng chỗ",
	"periods are written like 2025, 2025-H1, 2025-Q3, 2025-07 or 2025-01..2025-09":                           "viết kỳ như 2025, 2025-H1, 2025-Q3, 2025-07 hoặc 2025-01..2025-09",
	"times are written like 2025-07-31, 2025-07-31T08:00:00+07:00 or 36h":                                    "viết thời điểm như 2025-07-31, 2025-07-31T08:00:00+07:00 hoặc 36h",
	"give a folder with -o":                       "chỉ một thư mục bằng -o",
	"this format makes a file a document":         "định dạng này ghi mỗi tài liệu một tệp",
	"%d files are in %s.":                         "Đã ghi %d tệp vào %s.",
	"give -o FILE, or send the output on":         "dùng -o TỆP, hoặc chuyển đầu ra đi",
	"this format is not for terminals":            "định dạng này không hiện được trên màn hình",
	"choose a file that you may write to with -o": "chọn tệp được phép ghi bằng -o",
	"use , or ; or tab":                           "dùng , hoặc ; hoặc tab",
	"no sign to part cells with":                  "không phải dấu ngăn ô",
	"results of sohoa run (JSON), or folders of them; without any, the documents of a store":       "kết quả của sohoa run (JSON), hoặc thư mục chứa chúng; không có thì lấy tài liệu trong kho",
	"result of a plan: its entries are the rows, also those that nobody reports on":                "kết quả JSON của kế hoạch: mỗi mục là một hàng, kể cả mục không ai báo cáo",
	"a column for each period of a province, not for the newest alone":                             "mỗi kỳ của tỉnh một cột, không chỉ kỳ mới nhất",
	"table and csv: only what changed between the periods of a province":                           "table và csv: chỉ những thay đổi giữa các kỳ của một tỉnh",
	"kind of records: model, task, indicator, … (default: the one that most reports have)":         "loại bản ghi: model, task, indicator, … (mặc định: loại nhiều báo cáo có nhất)",
	"fields to show beside status and sum":                                                         "các trường hiện cạnh trạng thái và số tiền",
	"what a report is about that does not say it itself; FILE may have * in it":                    "báo cáo không tự nói thì thuộc tỉnh, kỳ nào; FILE có thể chứa *",
	"count provinces that were merged in 2025 under the province that they joined":                 "tính các tỉnh sáp nhập năm 2025 vào tỉnh mới",
	"output format: table, csv, xlsx, json, html":                                                  "định dạng ra: table, csv, xlsx, json, html",
	"file to write (default: standard output)":                                                     "tệp sẽ ghi (mặc định: đầu ra chuẩn)",
	"give results of sohoa run, or --db with documents that are ready; --kind chooses the records": "đưa kết quả của sohoa run, hoặc --db có tài liệu đã đọc xong; --kind chọn loại bản ghi",
	"lines TITLE = TITLE: titles that name one subject in other words":                             "các dòng TÊN = TÊN: những tên khác lời của cùng một nội dung",
	"each line is TITLE = TITLE":                                                                   "mỗi dòng có dạng TÊN = TÊN",
	"no results of sohoa run are there":                                                            "không có kết quả nào của sohoa run ở đó",
	"write it like --given 'phu-luc*=Sơn Hải,2025-Q3'":                                             "viết như --given 'phu-luc*=Sơn Hải,2025-Q3'",
	"read the reports first: sohoa run DIR -o RESULTS, then sohoa compare RESULTS":                 "đọc báo cáo trước: sohoa run THƯ-MỤC -o KẾT-QUẢ, rồi sohoa compare KẾT-QUẢ",
	"en":        "vi",
	"completed": "hoàn thành", "in progress": "đang làm", "not started": "chưa làm", "not registered": "không đăng ký", "transferred": "đã chuyển", "no status": "không nêu trạng thái",
	"gone": "không còn", "status changed": "đổi trạng thái", "amount changed": "đổi số tiền", "values changed": "đổi giá trị", "fell back": "lùi lại",
	"Comparison": "So sánh", "Changes": "Thay đổi", "Reports": "Báo cáo", "Cells": "Từng ô", "Number": "Số", "Subject": "Nội dung", "Group": "Nhóm", "Plan": "Kế hoạch", "Province": "Tỉnh", "Period": "Kỳ",
	"Status": "Trạng thái", "Amount (đồng)": "Số tiền (đồng)", "What": "Thay đổi gì", "Before": "Trước", "After": "Sau", "From": "Từ kỳ", "To": "Đến kỳ",
	"to check": "cần xem", "not reported": "không báo cáo", "reported": "có báo cáo", "unknown province": "chưa rõ tỉnh", "unknown period": "chưa rõ kỳ", "in the plan": "trong kế hoạch",
	"Subjects: %d. Reports: %d. Cells to check: %d.": "Nội dung: %d. Báo cáo: %d. Ô cần xem: %d.",
	"Left out: %s": "Không đưa vào: %s", "Plans: %s": "Kế hoạch: %s",
	"? = look at the source: the reading or the link is unsure": "? = cần xem bản gốc: chữ đọc hoặc việc ghép chưa chắc",
	"Nothing changed between the periods.":                      "Không có gì thay đổi giữa các kỳ.",
	"There are no two periods of one province.":                 "Không tỉnh nào có hai kỳ.",

	"give a folder that exists": "chỉ tới một thư mục có thật",
	"there is no store at %s":   "không có kho nào ở %s",
	"name its folder with --data; `sohoa submit` and `sohoa serve` make one": "nêu thư mục của kho bằng --data; `sohoa submit` và `sohoa serve` tạo kho mới",
	"No document to write.": "Không có tài liệu nào để ghi.",

	// Remedies of files and pages that cannot be read; see [texts.remedy].
	"check the path":               "xem lại đường dẫn",
	"check who may read it: ls -l": "xem ai được đọc tệp: ls -l",
	"put .pdf, .png, .jpg, .tif or .txt files there, or name them one by one":            "đặt tệp .pdf, .png, .jpg, .tif hoặc .txt vào đó, hoặc nêu tên từng tệp",
	"copy the file again: nothing arrived":                                               "chép lại tệp: chưa có gì được chép tới",
	"print it to PDF, and have that read":                                                "in ra PDF rồi cho đọc tệp PDF đó",
	"give a PDF, PNG, JPEG, TIFF or TXT file":                                            "đưa tệp PDF, PNG, JPEG, TIFF hoặc TXT",
	"copy the file again, or give it the ending that fits what it holds":                 "chép lại tệp, hoặc đổi đuôi tệp cho đúng với nội dung",
	"copy or scan the file again: it seems cut off":                                      "chép hoặc quét lại tệp: có vẻ tệp bị cụt",
	"save it as PDF, or convert it: tiffcp -c lzw in.tif out.tif":                        "lưu thành PDF, hoặc chuyển dạng: tiffcp -c lzw in.tif out.tif",
	"save it as PDF, or convert it: tiff2rgba -n in.tif out.tif":                         "lưu thành PDF, hoặc chuyển dạng: tiff2rgba -n in.tif out.tif",
	"save the picture anew with another program, as png, and read that":                  "lưu lại ảnh bằng chương trình khác, dạng png, rồi đọc tệp đó",
	"save it anew with another program, as png or pdf":                                   "lưu lại bằng chương trình khác, dạng png hoặc pdf",
	"check the file: it may have been renamed or cut off while being copied":             "xem lại tệp: có thể tệp bị đổi tên, hoặc bị cụt khi chép",
	"remove the password first, for example: qpdf --decrypt --password=… in.pdf out.pdf": "gỡ mật khẩu trước, ví dụ: qpdf --decrypt --password=… in.pdf out.pdf",
	"ask for the file again: there is nothing in it to read":                             "xin lại tệp: trong tệp không có gì để đọc",
	"try to repair it first: qpdf in.pdf out.pdf":                                        "thử sửa tệp trước: qpdf in.pdf out.pdf",
	"split the file, or scan it at a lower resolution":                                   "chia nhỏ tệp, hoặc quét ở độ phân giải thấp hơn",
	"print the file to a new pdf, or scan it, and read that":                             "in tệp ra pdf mới, hoặc quét lại, rồi đọc tệp đó",
	ocr.Remedy: "chạy: sudo apt-get install -y tesseract-ocr tesseract-ocr-vie",
}

// phrases are what packages below and the system say of what went wrong, and the
// parser of the command line of calls. The first that fits counts.
var phrases = []phrase{
	// Of the command line.
	{`%v, did you mean one of %s?`, `%v; có phải ý bạn là một trong %s?`},
	{`%v, did you mean %s?`, `%v; có phải ý bạn là %s?`},
	{`%v; perhaps try %s?`, `%v; thử %s xem?`},
	{`unexpected argument %s`, `tham số %s không có ở đây`},
	{`unexpected flag argument %s`, `tùy chọn không nhận giá trị %s`},
	{`unexpected token %s`, `không hiểu %s`},
	{`unknown flag %s`, `không có tùy chọn %s`},
	{`missing flags: %s`, `thiếu tùy chọn: %s`},
	{`missing positional arguments %s`, `thiếu tham số %s`},
	{`%s must be one of %s but got %s`, `%s phải là một trong %s, không phải %s`},
	{`%s and %s can't be used together`, `không dùng %s cùng với %s được`},
	{`%s: expected a valid %s bit int but got %s`, `%s: cần số nguyên (%s bit), không phải %s`},
	{`%s: expected a valid %s bit uint but got %s`, `%s: cần số nguyên không âm (%s bit), không phải %s`},
	{`%s: expected an int but got %s`, `%s: cần số nguyên, không phải %s`},
	{`%s: expected a float but got %s`, `%s: cần một số, không phải %s`},
	{`%s: expected int value but got %s (%s)`, `%s: cần số nguyên, không phải %s`},
	{`%s: expected duration but got "%s": %s`, `%s: cần khoảng thời gian như 90s hay 3m, không phải "%s"`},
	{`%s: bool value must be true, 1, yes, false, 0 or no but got %s`, `%s: cần true hoặc false, không phải %s`},
	{`%s: expected %s value but got "EOL" (<EOL>)`, `%s: thiếu giá trị`},
	{`%s: missing value, expecting %s`, `%s: thiếu giá trị, cần %s`},
	{`expected one of %s`, `cần một trong %s`},
	{`expected %s`, `thiếu %s`},

	// What is wrong with a file.
	{"no such file or folder", "không có tệp hoặc thư mục này"},
	{"not readable", "không đọc được"},
	{"nothing to read in the folder", "thư mục không có gì để đọc"},
	{"file is empty", "tệp rỗng"},
	{"an office document", "tài liệu văn phòng (Word, Excel…)"},
	{"unknown kind of file", "không rõ loại tệp"},
	{"file is not what its name says", "nội dung tệp không đúng với tên"},
	{"file is damaged", "tệp bị hỏng"},
	{"form of picture is not supported", "dạng ảnh không được hỗ trợ"},
	{"not a pdf file", "không phải tệp PDF"},
	{"pdf is encrypted", "tệp PDF có mật khẩu"},
	{"pdf has no pages", "tệp PDF không có trang nào"},
	{"pdf is damaged", "tệp PDF bị hỏng"},
	{"over a limit", "vượt giới hạn"},
	{"over its time", "quá thời gian"},

	// What exactly.
	{"permission denied", "không có quyền"},
	{"it is a device or a pipe", "đây là thiết bị hoặc đường ống"},
	{"it is a folder", "đây là thư mục"},
	{"it holds plain text", "bên trong là văn bản thường"},
	{"it holds no text", "bên trong không phải văn bản"},
	{"it holds no picture of the kind %s", "bên trong không phải ảnh loại %s"},
	{"there are only blanks in it", "trong tệp chỉ có khoảng trắng"},
	{"a file of %s, %s allowed", "tệp %s, cho phép %s"},
	{"a file of %d MB, %d MB allowed", "tệp %d MB, cho phép %d MB"},
	{"a text of %s, %s allowed", "văn bản %s, cho phép %s"},
	{"a BigTIFF of %s, %s allowed", "BigTIFF %s, cho phép %s"},
	{"%d pages, %d allowed", "%d trang, cho phép %d"},
	{"more than %d pages", "hơn %d trang"},
	{"no page in it", "trong tệp không có trang nào"},
	{"cut off in its head", "bị cụt ở phần đầu"},
	{"no head of a TIFF file", "không có phần đầu của tệp TIFF"},
	{"cut off before a page's directory", "bị cụt trước thư mục của một trang"},
	{"a page's directory of %d entries", "thư mục của một trang có %d mục"},
	{"cut off before this page; those after it are missing, too", "bị cụt trước trang này; các trang sau nó cũng thiếu"},
	{"a picture of %d×%d pixels, %d million pixels allowed", "ảnh %d×%d điểm ảnh, cho phép %d triệu"},
	{"a picture of %d×%d pixels", "ảnh %d×%d điểm ảnh"},
	{"a picture in %d pieces, %d allowed", "ảnh chia %d mảnh, cho phép %d"},
	{"a strip of %d×%d pixels where %d×%d were announced", "một dải %d×%d điểm ảnh trong khi phần đầu ghi %d×%d"},
	{"%d×%d pixels where %d×%d were announced", "có %d×%d điểm ảnh trong khi phần đầu ghi %d×%d"},
	{"strips or tiles of %d×%d pixels", "dải hoặc ô %d×%d điểm ảnh"},
	{"a strip that is no JPEG", "một dải không phải JPEG"},
	{"none of its rows can be read", "không đọc được dòng ảnh nào"},
	{"compressed as %s (%d)", "nén kiểu %s (%d)"},
	{"each colour by itself", "mỗi màu lưu riêng"},
	{"BitsPerSample of %s", "mẫu màu %s bit"},
	{"color model", "hệ màu"},
	{"extra samples", "kênh màu phụ"},
	{"save it as PDF, or convert it", "lưu thành PDF, hoặc chuyển dạng"},
	{"fax of more than two tones or in tiles", "ảnh fax hơn hai sắc độ hoặc chia ô"},
	{"fax with uncompressed parts", "ảnh fax có phần không nén"},
	{"JPEG with each colour by itself", "JPEG lưu riêng từng màu"},
	{"JPEG of %d samples in colours of kind %d", "JPEG %d mẫu màu, kiểu màu %d"},
	{"decoding the picture took longer than the %s allowed", "giải mã ảnh lâu hơn %s cho phép"},
	{"memory for decoding", "bộ nhớ để giải mã"},
	{"no renderer for PDF files was given", "không có bộ đọc tệp PDF"},
	{"the %s allowed were not enough", "thời gian cho phép (%s) không đủ"},
	{"memory", "bộ nhớ"},
	{"the answer is no picture", "trả lời không phải ảnh"},
	{"the answer is no text layer", "trả lời không phải lớp chữ"},
	{"pdfium finds no document in it", "pdfium không thấy tài liệu nào bên trong"},
	{"pdfium cannot open it", "pdfium không mở được"},
	{"page %d cannot be opened", "không mở được trang %d"},
	{"a page of %.0f×%.0f points, %d points allowed", "trang %.0f×%.0f điểm in, cho phép %d"},
	{"a page of %.0f×%.0f points", "trang %.0f×%.0f điểm in"},
	{"a page of %.1f×%.1f m, %d million pixels allowed", "trang %.1f×%.1f m, cho phép %d triệu điểm ảnh"},

	// Of the stages of a page.
	{"open", "mở trang"},
	{"straighten", "chỉnh ngay trang"},
	{"find tables", "tìm bảng"},
	{"read", "đọc"},
	{"repair", "sửa chữ"},
	{"read again", "đọc lại"},
	{"settle capitals", "xét chữ hoa"},
	{"settle stops", "xét dấu chấm"},
	{"settle figures", "xét chữ số"},
	{"write out", "ghi ra"},
	{"internal fault", "lỗi bên trong chương trình"},
	{"took longer than the %s a page may take", "lâu hơn %s cho phép với một trang"},
	{"page refused", "bỏ trang này"},
	{"loading model %s", "nạp mô hình %s"},
	{"page over its time", "trang quá thời gian"},
	{"tesseract not usable", "không dùng được Tesseract"},
	{"%d readings of %d regions", "%d kết quả đọc cho %d vùng"},
	{"more than %d words on the page, %d allowed", "hơn %d từ trên trang, cho phép %d"},
	{"%d of %d regions read in the %s allowed", "đọc được %d trong %d vùng trong %s cho phép"},
	{"it ended %d reading processes, the last in region %d of %d", "nó làm hỏng %d tiến trình đọc, lần cuối ở vùng %d trong %d"},
	{"%d of %d regions could not be read", "%d trong %d vùng không đọc được"},
	{"helper process exited", "tiến trình con tự kết thúc"},
	{"helper process over time", "tiến trình con quá thời gian"},
	{"helper process over size", "tiến trình con quá bộ nhớ"},
	{"helper process garbled", "tiến trình con trả lời không hiểu được"},
	{"helper process cancelled", "tiến trình con bị dừng"},
	{"helper process not begun", "không khởi động được tiến trình con"},
	{"it asked for more than the %d MB allowed", "nó đòi nhiều hơn %d MB cho phép"},
	{"it closed its pipe and went on", "nó đóng đường ống mà vẫn chạy"},
	{"exit status %s", "mã thoát %s"},
	{"signal: killed", "bị hệ thống kết thúc"},
	{"broken message", "tin nhắn hỏng"},
	{"starting the reader of pdf files", "khởi động bộ đọc PDF"},
	{"starting the decoder of pictures", "khởi động bộ giải mã ảnh"},
	{"it was begun %d times and never finished", "đã bắt đầu %d lần mà không lần nào xong"},
	{"it kills the worker that reads it", "nó làm hỏng tiến trình đọc nó"},
	{"did not stop when its time was over", "không dừng khi hết thời gian"},

	// Of a store.
	{"open store", "mở kho"},
	{"open %s", "mở %s"},
	{"there is no such entry", "không có mục này"},
	{"it was changed in between", "trong lúc đó đã có người sửa"},
	{"the document is approved", "tài liệu đã duyệt"},
	{"another person works on it", "người khác đang làm tài liệu này"},
	{"the change does not fit", "thay đổi không hợp"},
	{"the store was written by a newer version of this program", "kho do phiên bản mới hơn của chương trình ghi"},
	{"the document was deleted on request", "tài liệu đã bị xóa theo yêu cầu"},
	{"the audit log was tampered with", "nhật ký kiểm toán đã bị sửa"},
	{"not enough space on the disk", "đĩa không đủ chỗ"},
	{"%s MB are free, %s MB are to stay free; make room and submit it again", "còn %s MB, phải để trống %s MB; hãy dọn chỗ rồi đưa tệp lại"},
	{"another process holds the lock", "tiến trình khác đang giữ khóa"},
	{"%s is neither a file nor postgres://…", "%s không phải tệp, cũng không phải postgres://…"},
	{"unable to open database file (%s)", "không mở được tệp cơ sở dữ liệu"},
	{"file is not a database (%s)", "tệp này không phải cơ sở dữ liệu"},
	{"database disk image is malformed (%s)", "cơ sở dữ liệu bị hỏng"},
	{"database or disk is full (%s)", "đĩa hết chỗ"},
	{"attempt to write a readonly database (%s)", "cơ sở dữ liệu chỉ cho đọc"},
	{"database is locked (%s)", "cơ sở dữ liệu đang bị khóa"},
	{"reach the database", "nối tới cơ sở dữ liệu"},
	{"back up", "sao lưu"},
	{"the store is on PostgreSQL", "kho nằm trên PostgreSQL"},
	{"delete %s", "xóa %s"},
	{"revoke token %s", "thu hồi token %s"},
	{"make token", "tạo token"},
	{"drop webhook %s", "bỏ webhook %s"},
	{"start worker", "khởi động tiến trình đọc"},

	// Of files that programs keep, and of what users write.
	{"reading text", "đọc văn bản"},
	{"reading truth", "đọc đáp án"},
	{"reading predictions", "đọc kết quả"},
	{"no .json or .txt file in %s", "không có tệp .json hay .txt nào trong %s"},
	{"no %s document in %s", "không có tài liệu %s nào trong %s"},
	{"reading the budget", "đọc ngưỡng số liệu"},
	{"reading calibration", "đọc tệp hiệu chuẩn"},
	{"reading calibration %s", "đọc tệp hiệu chuẩn %s"},
	{"write %s", "ghi %s"},
	{"opening language model", "mở mô hình ngôn ngữ"},
	{"writing language model", "ghi mô hình ngôn ngữ"},
	{" (rebuild it", " (tạo lại"},
	{"not a language model", "không phải mô hình ngôn ngữ"},
	{"language model of another version", "mô hình ngôn ngữ của phiên bản khác"},
	{"language model was not written to its end", "mô hình ngôn ngữ ghi dở dang"},
	{"language model is damaged", "mô hình ngôn ngữ bị hỏng"},
	{"unknown report type %s", "không có loại báo cáo %s"},
	{"read profiles", "đọc các loại báo cáo"},
	{"list profiles in %s", "liệt kê các loại báo cáo trong %s"},
	{"no report types (*.yaml) in %s", "không có loại báo cáo nào (*.yaml) trong %s"},
	{"read profile", "đọc loại báo cáo"},
	{"profile %s", "loại báo cáo %s"},
	{"parse", "phân tích"},
	{"name at least one event", "nêu ít nhất một sự kiện"},
	{"name %s", "tên %s"},
	{"want lower-case letters, digits and dashes", "cần chữ thường không dấu, chữ số và gạch nối"},
	{"kind is missing", "thiếu kind"},
	{"no columns", "không có cột nào"},
	{"%d columns", "%d cột"},
	{"at most %d", "nhiều nhất %d"},
	{"column %s (line %d)", "cột %s (dòng %d)"},
	{"column %s", "cột %s"},
	{"unknown key %s; do you mean %s?", "không có khóa %s; có phải là %s?"},
	{"unknown key %s; the keys are in docs/profiles.md", "không có khóa %s; các khóa có trong docs/profiles.md"},
	{"a list belongs here; write [A, B]", "chỗ này phải là danh sách; viết [A, B]"},
	{"keys with values belong here, with a colon between them", "chỗ này phải là khóa và giá trị, có dấu hai chấm ở giữa"},
	{"a tab or a sign that cannot stand here; indent with blanks and put texts with signs in quotes", "có phím Tab hoặc dấu không được đứng ở đây; thụt dòng bằng dấu cách và đặt chữ có dấu đặc biệt trong ngoặc kép"},
	{"this line does not fit the one above; give keys of one column the same number of blanks", "dòng này không khớp với dòng trên; các khóa của một cột phải thụt vào bằng nhau"},
	{"a quotation mark or bracket is not closed", "ngoặc kép hoặc ngoặc vuông chưa đóng"},
	{"a key stands twice", "khóa này có hai lần"},
	{"unknown status %s; use %s", "không có trạng thái %s; dùng %s"},
	{"unknown type %s; use %s", "không có kiểu %s; dùng %s"},
	{"share names %s, which is no field of a column", "share nêu %s, không phải field của cột nào"},
	{"field is missing", "thiếu field"},
	{"field %s stands twice", "field %s có hai lần"},
	{"no heads", "thiếu heads"},
	{"unknown type %s", "không có kiểu %s"},
	{"pattern %s needs {n} once", "pattern %s cần đúng một {n}"},
	{"share needs two fields", "share cần hai trường"},
	{"period %s ends before it begins", "kỳ %s kết thúc trước khi bắt đầu"},
	{"period %s", "kỳ %s"},
	{"want a year, half, quarter, month or day", "cần năm, nửa năm, quý, tháng hoặc ngày"},
	{"no such month", "không có tháng này"},
	{"no such day", "không có ngày này"},
	{"line %d", "dòng %d"},
	{"want TITLE = TITLE, got %s", "cần TÊN = TÊN, không phải %s"},
	{"want FILE=PROVINCE,PERIOD", "cần FILE=TỈNH,KỲ"},
	{"titles that are the same", "các tên như nhau"},
	{"no records to compare", "không có bản ghi nào để so sánh"},
	{"no report has a %s", "không báo cáo nào có %s"},
	{"%s is no time", "%s không phải thời điểm"},
	{"the address %s cannot be read", "không hiểu địa chỉ %s"},
	{"the address begins with https://, or with http:// within the own network, not with %s", "địa chỉ phải bắt đầu bằng https://, hoặc http:// trong mạng nội bộ, không phải %s"},
	{"the address %s names no host", "địa chỉ %s không nêu máy nào"},
	{"the address holds a password; the signature tells who we are", "địa chỉ có mật khẩu; chữ ký đã cho biết ai gửi"},
	{"the address has a part behind #", "địa chỉ có phần sau dấu #"},
	{"the address is longer than 2000 characters", "địa chỉ dài hơn 2000 ký tự"},
	{"there is no event %s", "không có sự kiện %s"},
	{"it is a link that leaves the folder", "đây là liên kết dẫn ra ngoài thư mục"},

	// Where a table is.
	{"table %s, pages %s", "bảng %s, trang %s"},
	{"table %s, page %s", "bảng %s, trang %s"},
	{"page %d", "trang %d"},
	{"body, lines %s", "phần lời văn, dòng %s"},
	{"body", "phần lời văn"},
	{"%s, lines %s", "%s, dòng %s"},

	// Of the system.
	{"no such file or directory", "không có tệp hoặc thư mục này"},
	{"is a directory", "đây là thư mục"},
	{"not a directory", "không phải thư mục"},
	{"file exists", "đã có tệp này"},
	{"operation not permitted", "không được phép"},
	{"read-only file system", "hệ thống tệp chỉ cho đọc"},
	{"no space left on device", "đĩa hết chỗ"},
	{"disk quota exceeded", "quá hạn mức đĩa"},
	{"input/output error", "đĩa hoặc thiết bị bị lỗi"},
	{"file name too long", "tên tệp quá dài"},
	{"too many open files", "mở quá nhiều tệp"},
	{"cannot allocate memory", "hết bộ nhớ"},
	{"file already closed", "tệp đã đóng"},
	{"unexpected EOF", "bị cụt"},
	{"listen tcp %s", "phục vụ tại %s"},
	{"listen tcp", "phục vụ"},
	{"bind", "nhận địa chỉ"},
	{"address already in use", "địa chỉ đã có chương trình khác dùng"},
	{"address %s", "địa chỉ %s"},
	{"invalid port", "cổng không hợp lệ"},
	{"missing port in address", "địa chỉ thiếu cổng"},
	{"cannot assign requested address", "máy này không có địa chỉ ấy"},
	{"connection refused", "máy kia không nhận kết nối"},
	{"context canceled", "đã dừng"},
	{"context deadline exceeded", "quá thời gian"},
}

// texts prints messages in the user's language.
type texts struct {
	*message.Printer
	vietnamese bool
}

// newTexts chooses the language: the flag, else SOHOA_LANG, else the locale;
// English when none of them says Vietnamese.
func newTexts(flag string) texts {
	builder := catalog.NewBuilder(catalog.Fallback(language.English))
	for en, vi := range vietnamese {
		// The keys are constants of this file; a bad one fails the test of this table.
		_ = builder.SetString(language.Vietnamese, en, vi)
		_ = builder.SetString(language.English, en, en)
	}
	tag := language.English
	for _, s := range []string{flag, os.Getenv("SOHOA_LANG"), os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")} {
		if s != "" {
			if strings.HasPrefix(strings.ToLower(s), "vi") {
				tag = language.Vietnamese
			}
			break
		}
	}
	return texts{message.NewPrinter(tag, message.Catalog(builder)), tag == language.Vietnamese}
}

// reason puts into the user's language why a page was read only in part, or not
// at all.
func (t texts) reason(s string) string {
	percent := 0
	if _, err := fmt.Sscanf(s, ingest.LostRows, &percent); err == nil {
		return t.Sprintf(ingest.LostRows, percent) + t.more(strings.TrimPrefix(s, fmt.Sprintf(ingest.LostRows, percent)))
	}
	if rest, ok := strings.CutPrefix(s, ingest.LostPasses); ok {
		return t.Sprintf(ingest.LostPasses) + t.more(rest)
	}
	return t.parts(s)
}

// more is what else a reason says.
func (t texts) more(s string) string {
	if rest, ok := strings.CutPrefix(s, "; "); ok {
		return "; " + t.parts(rest)
	}
	return s
}

// outcome puts how the work on a page ended into the user's language.
func (t texts) outcome(o schema.Outcome) string { return t.Sprintf(literal(string(o))) }

// remedy puts into the user's language what a package below says that a user can do.
// What is said in it already stays as it is.
func (t texts) remedy(s string) string { return t.Sprintf(literal(s)) }

// hintedError is an error with what to do about it, and the exit code that it
// deserves.
type hintedError struct {
	err  error
	hint string
	code int
}

func (e *hintedError) Error() string  { return e.err.Error() }
func (e *hintedError) Unwrap() error  { return e.err }
func (e *hintedError) Remedy() string { return e.hint }

// failure reports a failed run, usage a wrong call.
func failure(hint string, err error) error { return &hintedError{err, hint, exitFailed} }
func usage(hint string, err error) error   { return &hintedError{err, hint, exitUsage} }

// errPartial ends a run in which some pages or documents failed: all has been
// said by then.
var errPartial = errors.New("some pages or documents failed")

// errNothing ends a run to which nothing was given that could be read: all has been
// said by then.
var errNothing = errors.New("no files to read")

// complain prints an error: a line that says what and where, a line that says
// what to do.
func (t texts) complain(w io.Writer, err error, hint string) {
	fmt.Fprintln(w, t.Sprintf("error: ")+strings.ReplaceAll(t.told(err), "\n", "; "))
	if hint != "" {
		fmt.Fprintln(w, t.Sprintf("hint: ")+t.remedy(hint))
	}
}
