-- What people and their tools read: views of the current versions, corrections
-- included. docs/views.md has their columns and is part of the contract; tables
-- may change, these do not. {{json}} is what the database calls JSON; what
-- stands between {{time(}} and {{)time}}, and so on, becomes a value of that
-- type, NULL where there is none.

CREATE VIEW v_documents AS
SELECT d.id AS document,
    (SELECT n.name FROM names n WHERE n.document = d.id ORDER BY n.at, n.name LIMIT 1) AS name,
    d.media_type, d.bytes, d.state, d.reason, d.version, d.revision, d.pages, d.fields, d.fields_left,
    d.profile, d.title, d.issuer, d.number, d.date,
    COALESCE(o.province, '') AS province, COALESCE(o.period, '') AS period,
    {{date(}}o.period_from{{)date}} AS period_from, {{date(}}o.period_to{{)date}} AS period_to,
    {{time(}}d.created_at{{)time}} AS created_at, {{time(}}d.changed_at{{)time}} AS changed_at
FROM documents d LEFT JOIN origins o ON o.document = d.id;

CREATE VIEW v_pages AS
SELECT v.document, v.version, p.number AS page, p.outcome, p.reason, {{time(}}p.finished_at{{)time}} AS finished_at
FROM pages p JOIN versions v ON v.id = p.version_id JOIN documents d ON d.id = v.document AND d.version = v.version;

CREATE VIEW v_fields AS
SELECT v.document, v.version, f.path, f.record, f.record_kind, f.name, f.kind AS value_type, f.state, f.confidence, f.text, f.why, f.page,
    d.state AS document_state, COALESCE(o.province, '') AS province, COALESCE(o.period, '') AS period
FROM fields f JOIN versions v ON v.id = f.version_id JOIN documents d ON d.id = v.document AND d.version = v.version
    LEFT JOIN origins o ON o.document = d.id;

CREATE VIEW v_records AS
SELECT x.document, x.version, x.record, x.position, x.kind, x.number, x.title, x.status,
    x.j -> 'group' ->> 'number' AS group_number, x.j -> 'group' ->> 'name' AS group_name,
    x.fields_left, x.document_state, x.profile, x.province, x.period, x.period_from, x.period_to, x.changed_at,
    x.j -> 'fields' AS fields
FROM (
    SELECT v.document, v.version, r.id AS record, r.position, r.kind, r.number, r.title, r.status, CAST(r.data AS {{json}}) AS j,
        (SELECT COUNT(*) FROM fields f WHERE f.version_id = r.version_id AND f.record = r.id AND f.state = 'needs_review') AS fields_left,
        d.state AS document_state, d.profile, COALESCE(o.province, '') AS province, COALESCE(o.period, '') AS period,
        {{date(}}o.period_from{{)date}} AS period_from, {{date(}}o.period_to{{)date}} AS period_to, {{time(}}d.changed_at{{)time}} AS changed_at
    FROM records r JOIN versions v ON v.id = r.version_id JOIN documents d ON d.id = v.document AND d.version = v.version
        LEFT JOIN origins o ON o.document = d.id
) x;

CREATE VIEW v_amounts AS
SELECT r.document, r.version, r.record, r.kind, r.number, r.title, r.province, r.period, r.document_state,
    CAST(a.value -> 'value' ->> 'vnd' AS BIGINT) AS vnd, CAST(a.value -> 'value' ->> 'vnd_to' AS BIGINT) AS vnd_to,
    a.value -> 'value' ->> 'qualifier' AS qualifier, a.value -> 'value' ->> 'per' AS per, a.value -> 'value' ->> 'column' AS column_name,
    a.value -> 'value' ->> 'shared_with' AS shared_with, a.value ->> 'text' AS text, a.value ->> 'state' AS state,
    CAST(a.value ->> 'confidence' AS {{float}}) AS confidence
FROM v_records r, {{each(}}r.fields -> 'amounts'{{)each}} WHERE {{item}};

CREATE VIEW v_models AS
SELECT r.document, r.version, r.record, r.position, r.number, r.title, r.status, r.fields -> 'status' ->> 'text' AS status_text,
    r.group_number, r.group_name, r.fields_left, r.document_state, r.profile, r.province, r.period, r.period_from, r.period_to, r.changed_at,
    r.fields -> 'goal' ->> 'text' AS goal, r.fields -> 'lead_agency' ->> 'text' AS lead_agency, r.fields -> 'supporting_agencies' ->> 'text' AS supporting_agencies,
    r.fields -> 'results' ->> 'text' AS results, r.fields -> 'difficulties' ->> 'text' AS difficulties, r.fields -> 'benefits' ->> 'text' AS benefits,
    r.fields -> 'cost' ->> 'text' AS cost_text, r.fields -> 'next_steps' ->> 'text' AS next_steps, r.fields -> 'catalogue_ref' ->> 'text' AS catalogue_ref,
    (SELECT CAST(SUM(CAST(a.value -> 'value' ->> 'vnd' AS BIGINT)) AS BIGINT) FROM {{each(}}r.fields -> 'amounts'{{)each}}
        WHERE {{item}} AND a.value -> 'value' ->> 'per' IS NULL) AS amount_vnd
FROM v_records r WHERE r.kind = 'model';

CREATE VIEW v_tasks AS
SELECT r.document, r.version, r.record, r.position, r.number, r.fields -> 'task' ->> 'text' AS task, r.status, r.fields -> 'status' ->> 'text' AS status_text,
    r.group_number, r.group_name, r.fields_left, r.document_state, r.profile, r.province, r.period, r.period_from, r.period_to, r.changed_at,
    r.fields -> 'lead_agency' ->> 'text' AS lead_agency, r.fields -> 'supporting_agencies' ->> 'text' AS supporting_agencies,
    r.fields -> 'deadline' ->> 'text' AS deadline, r.fields -> 'result' ->> 'text' AS result
FROM v_records r WHERE r.kind = 'task';

CREATE VIEW v_indicators AS
SELECT r.document, r.version, r.record, r.position, r.number, r.fields -> 'name' ->> 'text' AS name,
    r.group_number, r.group_name, r.fields_left, r.document_state, r.profile, r.province, r.period, r.period_from, r.period_to, r.changed_at,
    r.fields -> 'section' ->> 'text' AS section, r.fields -> 'unit' ->> 'text' AS unit, r.fields -> 'directive' ->> 'text' AS directive,
    r.fields -> 'target' ->> 'text' AS target_text,
    COALESCE({{number(}}r.fields -> 'target' -> 'value'{{)number}}, {{number(}}r.fields -> 'target' -> 'value' -> 'number'{{)number}}) AS target,
    r.fields -> 'progress' ->> 'text' AS progress_text,
    COALESCE({{number(}}r.fields -> 'progress' -> 'value'{{)number}}, {{number(}}r.fields -> 'progress' -> 'value' -> 'number'{{)number}}) AS progress
FROM v_records r WHERE r.kind = 'indicator';

CREATE VIEW v_services AS
SELECT r.document, r.version, r.record, r.position, r.number, r.fields -> 'name' ->> 'text' AS name,
    r.group_number, r.group_name, r.fields_left, r.document_state, r.profile, r.province, r.period, r.period_from, r.period_to, r.changed_at,
    r.fields -> 'section' ->> 'text' AS section,
    COALESCE({{number(}}r.fields -> 'total' -> 'value'{{)number}}, {{number(}}r.fields -> 'total' -> 'value' -> 'number'{{)number}}) AS total,
    COALESCE({{number(}}r.fields -> 'online' -> 'value'{{)number}}, {{number(}}r.fields -> 'online' -> 'value' -> 'number'{{)number}}) AS online,
    COALESCE({{number(}}r.fields -> 'ratio' -> 'value'{{)number}}, {{number(}}r.fields -> 'ratio' -> 'value' -> 'number'{{)number}}) AS ratio,
    COALESCE({{number(}}r.fields -> 'change' -> 'value'{{)number}}, {{number(}}r.fields -> 'change' -> 'value' -> 'number'{{)number}}) AS change,
    r.fields -> 'beneficiaries' ->> 'text' AS beneficiaries, r.fields -> 'data_source' ->> 'text' AS data_source,
    r.fields -> 'citizen_savings' ->> 'text' AS citizen_savings, r.fields -> 'state_savings' ->> 'text' AS state_savings,
    r.fields -> 'shortcomings' ->> 'text' AS shortcomings, r.fields -> 'solutions' ->> 'text' AS solutions, r.fields -> 'local_application' ->> 'text' AS local_application
FROM v_records r WHERE r.kind = 'service';

CREATE VIEW v_benefits AS
SELECT r.document, r.version, r.record, r.position, r.number, r.fields -> 'content' ->> 'text' AS content,
    r.group_number, r.group_name, r.fields_left, r.document_state, r.profile, r.province, r.period, r.period_from, r.period_to, r.changed_at,
    r.fields -> 'section' ->> 'text' AS section, r.fields -> 'for_citizens' ->> 'text' AS for_citizens, r.fields -> 'for_businesses' ->> 'text' AS for_businesses,
    r.fields -> 'shortcomings' ->> 'text' AS shortcomings, r.fields -> 'causes' ->> 'text' AS causes,
    r.fields -> 'responsibility' ->> 'text' AS responsibility, r.fields -> 'solutions' ->> 'text' AS solutions
FROM v_records r WHERE r.kind = 'benefit';

CREATE VIEW v_corrections AS
SELECT c.id AS correction, c.document, c.version, c.revision, c.batch, c.what, c.path,
    CAST(c.before AS {{json}}) ->> 'text' AS text_before, CAST(c.after AS {{json}}) ->> 'text' AS text_after, CAST(c.after AS {{json}}) ->> 'state' AS state_after,
    c.undoes, c.by_whom, c.note, {{time(}}c.at{{)time}} AS at
FROM corrections c WHERE c.carried = 0;

CREATE VIEW v_events AS
SELECT a.seq, {{time(}}a.at{{)time}} AS at, a.actor, a.action, a.document, a.version, a.data
FROM audit a WHERE a.action LIKE 'document.%' OR a.action LIKE 'field.%';
