#!/usr/bin/env bash
# Installs what sohoa is built and tested with. Does nothing when all is there.
# With the argument "all", also what some tests skip without: a PostgreSQL
# server, a browser, the programs that read exports back, and the peers that the benchmarks compare with.
set -euo pipefail

packages=(tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd libtesseract-dev libleptonica-dev
          g++ pkg-config fonts-liberation fonts-croscore fonts-noto-core)
[ "${1:-}" = all ] && packages+=(postgresql chromium poppler-utils qpdf ocrmypdf libreoffice-calc-nogui)

command -v go >/dev/null || { echo "error: go is not installed" >&2; echo "hint: see https://go.dev/doc/install" >&2; exit 1; }

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "error: this script knows apt-get only; missing: ${missing[*]}" >&2
  echo "hint: install Tesseract 5 with its headers and the language vie, Leptonica, a C++ compiler and the Liberation fonts" >&2
  exit 1
fi
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
echo "installing: ${missing[*]}"
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
