#!/usr/bin/env bash
# Reads the sample reports with Tesseract and shows what came out.
set -euo pipefail
cd "$(dirname "$0")"
out=out/demo
rm -rf "$out"

echo "Reading the sample reports in fixtures/scans …"
bin/sohoa run fixtures/scans -o "$out" --formats json,csv,xlsx

echo
echo "The truth about these reports is known. So much of them is right, by the damage done to the scans:"
bin/sohoa eval --gold fixtures/truth --pred "$out" >"$out/figures.txt"
awk '/^document/ || (/^= / && !records) || /^records/ {print} /^records/ {records = 1; next} records && /^= all/ {print} /^confidence/ {exit}' "$out/figures.txt"
echo "CER, WER: wrong characters and words. Whole, exact: cells whose text is all there, and right. GriTS, TEDS-S, tables, join: tables and"
echo "their rows across pages. Exact, F1 and typed: header, citations and records. 1 is all right, - is nothing of the kind; CER and WER are 0 at best."

report=tra-giang-models.grey200.pdf
echo
echo "A record of $report:"
grep -A 48 '"id": "model-2"' "$out/$report.json"
echo "  …"
echo
echo "All results are in $out: JSON, CSV and XLSX a report; figures.txt has every figure."
