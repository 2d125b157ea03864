-- How far readers of the audit log have come: deliveries to other systems.
CREATE TABLE cursors (
    name TEXT PRIMARY KEY,
    seq  BIGINT NOT NULL
);
