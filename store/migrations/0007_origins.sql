-- Which province a report is from and which time it is about, as far as its
-- letterhead and title say. Days are written as 2025-07-31, unknown ones as ''.
CREATE TABLE origins (
    document      TEXT PRIMARY KEY,
    province      TEXT NOT NULL,            -- 'Sơn Hải'
    province_key  TEXT NOT NULL,            -- without case and marks: 'son hai'
    period        TEXT NOT NULL,            -- '2025', '2025-H1', '2025-Q3', '2025-07', '2025-01..2025-09'
    period_from   TEXT NOT NULL,
    period_to     TEXT NOT NULL,
    period_source TEXT NOT NULL             -- 'title', 'date' or ''
);
CREATE INDEX origins_province ON origins (province_key, period_from);
