-- Double entry: what each person typed for a field, until two agree or a third
-- settles it. Times are microseconds since 1970 in UTC.
CREATE TABLE entries (
    document TEXT NOT NULL,
    version  BIGINT NOT NULL,
    path     TEXT NOT NULL,
    by_whom  TEXT NOT NULL,
    text     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (document, version, path, by_whom)
);
