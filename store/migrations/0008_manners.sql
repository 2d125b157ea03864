-- How single pages are to be read, where a person saw that the usual way read
-- them badly. Later versions of the document keep to it.
CREATE TABLE manners (
    document TEXT NOT NULL,
    page     BIGINT NOT NULL,
    manner   TEXT NOT NULL,
    by_whom  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (document, page)
);
