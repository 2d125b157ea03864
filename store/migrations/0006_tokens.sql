-- Tokens of programs that use the API. Only hashes of them are kept: a token
-- is 130 random bits, so that SHA-256 cannot be turned back by guessing.
-- Times are microseconds since 1970 in UTC.
CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,            -- public: it stands in lists and in the audit log
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL,               -- separated by spaces
    by_whom    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until      BIGINT NOT NULL DEFAULT 0,   -- 0 is without end
    used_at    BIGINT NOT NULL DEFAULT 0,   -- to the minute
    revoked_at BIGINT NOT NULL DEFAULT 0
);

-- What an Idempotency-Key stood for, and what was answered.
CREATE TABLE idempotency (
    token       TEXT NOT NULL,              -- id
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL DEFAULT '',   -- of the request; '' while it is under way
    answer      TEXT NOT NULL DEFAULT '',   -- JSON
    at          BIGINT NOT NULL,
    PRIMARY KEY (token, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
