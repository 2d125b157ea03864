-- Times are microseconds since 1970 in UTC. {{serial}}, {{blob}} and {{float}}
-- are replaced by what the database calls them.

CREATE TABLE documents (
    id          TEXT PRIMARY KEY,           -- lower-case hex SHA-256 of the bytes
    media_type  TEXT NOT NULL DEFAULT '',
    bytes       BIGINT NOT NULL,
    location    TEXT NOT NULL,              -- 'blob:KEY' or 'file:PATH'
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',   -- why it failed
    remedy      TEXT NOT NULL DEFAULT '',
    version     BIGINT NOT NULL DEFAULT 0,  -- the newest finished one; 0 when there is none
    revision    BIGINT NOT NULL DEFAULT 0,  -- grows with each change that a reader can see
    pages       BIGINT NOT NULL DEFAULT 0,
    fields      BIGINT NOT NULL DEFAULT 0,
    fields_left BIGINT NOT NULL DEFAULT 0,  -- in state needs_review
    profile     TEXT NOT NULL DEFAULT '',
    title       TEXT NOT NULL DEFAULT '',
    issuer      TEXT NOT NULL DEFAULT '',
    number      TEXT NOT NULL DEFAULT '',
    date        TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
);
CREATE INDEX documents_changed ON documents (changed_at, id);
CREATE INDEX documents_state ON documents (state, changed_at, id);

CREATE TABLE names (
    document TEXT NOT NULL REFERENCES documents (id),
    name     TEXT NOT NULL,
    by_whom  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (document, name)
);

CREATE TABLE versions (
    id          {{serial}},                 -- also the order of arrival
    document    TEXT NOT NULL REFERENCES documents (id),
    version     BIGINT NOT NULL,
    engine      TEXT NOT NULL,              -- names everything that decides how pages are read
    assembly    TEXT NOT NULL DEFAULT '',   -- and everything that decides what is made of them
    profile     TEXT NOT NULL DEFAULT '',   -- as asked for; '' leaves it to the program
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    remedy      TEXT NOT NULL DEFAULT '',
    priority    BIGINT NOT NULL DEFAULT 2,
    source      TEXT NOT NULL DEFAULT '',   -- schema.Source as JSON, once split
    pages       BIGINT NOT NULL DEFAULT 0,
    pages_left  BIGINT NOT NULL DEFAULT 0,
    data        {{blob}},                   -- sohoa.document/1 as the machine made it, gzip
    created_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL DEFAULT 0,
    exported_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (document, version)
);
CREATE INDEX versions_open ON versions (state) WHERE state NOT IN ('ready', 'failed');

CREATE TABLE pages (
    version_id  BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    outcome     TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    attempts    BIGINT NOT NULL,
    worker      TEXT NOT NULL,
    picture     TEXT NOT NULL,              -- key of the picture among the blobs, '' when there is none
    data        {{blob}} NOT NULL,          -- schema.Page as JSON, gzip
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (version_id, number)
);
CREATE INDEX pages_finished ON pages (finished_at);

CREATE TABLE fields (
    version_id  BIGINT NOT NULL,
    path        TEXT NOT NULL,
    record      TEXT NOT NULL,              -- id of the record, '' for header and lists
    record_kind TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,              -- text, number, bool, money, citation, none
    state       TEXT NOT NULL,
    confidence  {{float}} NOT NULL,
    text        TEXT NOT NULL,
    why         TEXT NOT NULL,              -- comma separated
    page        BIGINT NOT NULL,            -- first page that it stands on, 0 when on none
    PRIMARY KEY (version_id, path)
);
CREATE INDEX fields_review ON fields (state, name, confidence);

CREATE TABLE records (
    version_id BIGINT NOT NULL,
    id         TEXT NOT NULL,
    position   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    number     TEXT NOT NULL,
    title      TEXT NOT NULL,
    status     TEXT NOT NULL,
    data       TEXT NOT NULL,               -- schema.Record as JSON, corrections applied
    PRIMARY KEY (version_id, id)
);
CREATE INDEX records_kind ON records (kind, status);

CREATE TABLE corrections (
    id       {{serial}},
    document TEXT NOT NULL,
    version  BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    batch    TEXT NOT NULL,
    what     TEXT NOT NULL,                 -- field, record, table
    path     TEXT NOT NULL,
    before   TEXT NOT NULL,                 -- JSON, null where there was nothing
    after    TEXT NOT NULL,
    undoes   TEXT NOT NULL DEFAULT '',      -- the batch that this entry takes back
    carried  BIGINT NOT NULL DEFAULT 0,     -- the correction of an older version that it repeats
    by_whom  TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    at       BIGINT NOT NULL
);
CREATE INDEX corrections_document ON corrections (document, version, id);
CREATE INDEX corrections_batch ON corrections (batch);

-- Corrections that found no field in a newer version.
CREATE TABLE stranded (
    correction BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    PRIMARY KEY (version_id, correction)
);

CREATE TABLE claims (
    document TEXT PRIMARY KEY,
    by_whom  TEXT NOT NULL,
    since    BIGINT NOT NULL,
    until    BIGINT NOT NULL
);

CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    document TEXT NOT NULL,
    version  BIGINT NOT NULL,
    data     TEXT NOT NULL,
    hash     TEXT NOT NULL                  -- over the hash of the entry before and this entry
);
CREATE INDEX audit_document ON audit (document, seq);
CREATE TABLE audit_head (
    one  BIGINT PRIMARY KEY CHECK (one = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '');

CREATE TABLE workers (
    id         {{serial}},
    name       TEXT NOT NULL UNIQUE,        -- River's client id
    slots      BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,             -- for people; liveness is a lock, not a time
    gone_at    BIGINT NOT NULL DEFAULT 0
);
