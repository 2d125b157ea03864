# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libtesseract-dev libleptonica-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/sohoa ./cmd/sohoa

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data sohoa
COPY --from=build /out/sohoa /usr/local/bin/sohoa
COPY LICENSE NOTICE docs/licences.md /usr/share/doc/sohoa/
ENV OMP_THREAD_LIMIT=1 SOHOA_LANG=vi
USER sohoa
WORKDIR /data
ENTRYPOINT ["sohoa"]
CMD ["--help"]
