#!/usr/bin/env bash
# Reads the sample reports with Tesseract and shows what came out.
set -euo pipefail
cd "$(dirname "$0")"
out=out/demo
rm -rf "$out"

echo "Reading the sample reports in fixtures/scans …"
bin/sohoa run fixtures/scans -o "$out" --formats json,csv,xlsx

echo
echo "The truth about these reports is known; so right are the results:"
bin/sohoa eval --gold fixtures/truth --pred "$out" | grep -E '^(document|records|=|$)' | grep -vE '^= (mixed|vni|tcvn3)'

report="$out/tra-giang-models.grey200.pdf"
echo
echo "Some records of $report.csv:"
# Number, title, status, amounts; the columns are found by their names.
head -5 "$report.csv" | sed 's/^\xef\xbb\xbf//' | cut -c1-160
echo
echo "Every value with its place, confidence and raw text: $report.json"
