-- The fields of a record, for those who list records with how much of each is
-- still to be reviewed: without it that reads all fields of the document for
-- each of its records.
CREATE INDEX fields_record ON fields (version_id, record, state);
