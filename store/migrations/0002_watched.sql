-- Files that `sohoa watch` has put on the queue, so that it need not read them
-- again after a restart.
CREATE TABLE watched (
    path     TEXT PRIMARY KEY,
    bytes    BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    document TEXT NOT NULL
);
