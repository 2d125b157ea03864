-- Addresses of other systems that are told of events, and what became of each
-- telling. Times are microseconds since 1970 in UTC.
CREATE TABLE webhooks (
    id         TEXT PRIMARY KEY,
    url        TEXT NOT NULL,
    types      TEXT NOT NULL,               -- of events, separated by spaces
    note       TEXT NOT NULL DEFAULT '',
    secret     TEXT NOT NULL,               -- signing needs it as it is
    old_secret TEXT NOT NULL DEFAULT '',    -- signs too until old_until
    old_until  BIGINT NOT NULL DEFAULT 0,
    since      BIGINT NOT NULL,             -- events of the audit log after this one
    disabled   TEXT NOT NULL DEFAULT '',    -- why nothing is sent, '' while it is
    by_whom    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE deliveries (
    id          {{serial}},
    webhook     TEXT NOT NULL,
    seq         BIGINT NOT NULL,            -- of the event in the audit log
    type        TEXT NOT NULL,
    state       TEXT NOT NULL,              -- pending, delivered, failed, dropped
    attempts    BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (webhook, seq)
);
CREATE INDEX deliveries_webhook ON deliveries (webhook, state, id);

CREATE TABLE attempts (
    delivery BIGINT NOT NULL,
    number   BIGINT NOT NULL,               -- 1, 2, 3, …, of replays too
    at       BIGINT NOT NULL,
    seconds  {{float}} NOT NULL,
    status   BIGINT NOT NULL,               -- of HTTP, 0 when there was no answer
    error    TEXT NOT NULL,
    answer   TEXT NOT NULL,                 -- its beginning
    PRIMARY KEY (delivery, number)
);
