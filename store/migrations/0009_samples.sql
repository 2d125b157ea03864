-- Fields that the machine accepted and that a person looks at all the same, so
-- that confident errors are seen.
CREATE TABLE samples (
    version_id BIGINT NOT NULL,
    path       TEXT NOT NULL,
    name       TEXT NOT NULL,
    confidence {{float}} NOT NULL,
    share      {{float}} NOT NULL, -- that was drawn when this one was
    at         BIGINT NOT NULL,
    PRIMARY KEY (version_id, path)
);
