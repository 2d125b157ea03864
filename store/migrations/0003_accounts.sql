-- People who log in. Times are microseconds since 1970 in UTC.

CREATE TABLE accounts (
    name       TEXT PRIMARY KEY,            -- as it stands in claims, corrections and the audit log
    role       TEXT NOT NULL,
    password   TEXT NOT NULL,               -- argon2id, with its parameters and salt
    disabled   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- Links that make one account each. Only hashes of them are kept.
CREATE TABLE invitations (
    hash    TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    until   BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash  TEXT PRIMARY KEY,                 -- of the token in the cookie
    data  {{blob}} NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX sessions_until ON sessions (until);
