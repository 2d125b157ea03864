# syntax=docker/dockerfile:1
FROM golang:1.26.8-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libtesseract-dev libleptonica-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download && go mod verify
COPY . .
ARG VERSION=dev
# Nothing of the time, the folder or the machine gets into the binary.
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/sohoa ./cmd/sohoa \
 && go run ./docs/sbom /out/sohoa > /out/sbom.cdx.json

FROM debian:bookworm-slim
# No program of the image may lend its rights to who starts it.
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin sohoa \
 && find / -xdev -perm /6000 -type f -exec chmod a-s {} +
COPY --from=build /out/sohoa /usr/local/bin/sohoa
COPY --from=build /out/sbom.cdx.json /usr/share/doc/sohoa/
COPY LICENSE NOTICE docs/licences.md docs/security.md /usr/share/doc/sohoa/
ENV OMP_THREAD_LIMIT=1 SOHOA_LANG=vi
# Runs with a read-only root and no capability: see docs/security.md.
USER 10001:10001
WORKDIR /data
VOLUME /data
ENTRYPOINT ["sohoa"]
CMD ["--help"]
