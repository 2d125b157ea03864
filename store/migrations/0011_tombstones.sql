-- Deletion on request. What an entry of the audit log says is covered by the
-- chain through its seal, SHA-256 over salt and data, so that both can be
-- erased later and the chain still holds. Entries from before have none, and
-- are covered as they are.

ALTER TABLE audit ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN seal TEXT NOT NULL DEFAULT '';

CREATE TABLE tombstones (
    document TEXT PRIMARY KEY,
    by_whom  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    blobs    BIGINT NOT NULL DEFAULT 0    -- 1 when the files are gone too
);
