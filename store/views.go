package store

// What the migration that makes the views replaces, besides what all migrations
// do: the functions by which the two databases make times, days and numbers of
// what is stored, and take lists of JSON apart. What goes into a function
// stands between two marks, so that it is written once.

var sqliteViews = []string{
	"{{json}}", "TEXT",
	"{{time(}}", "strftime('%Y-%m-%d %H:%M:%f', NULLIF(", "{{)time}}", ", 0) / 1000000.0, 'unixepoch')",
	"{{date(}}", "NULLIF(", "{{)date}}", ", '')",
	"{{number(}}", "(SELECT CAST(n.v AS REAL) FROM (SELECT ", "{{)number}}", " AS v) n WHERE json_type(n.v) IN ('integer', 'real'))",
	// Fields are a list where there may be many; json_each of one that is none
	// would give its parts.
	"{{each(}}", "json_each(", "{{)each}}", ") a", "{{item}}", "typeof(a.key) = 'integer'",
}

var postgresViews = []string{
	"{{json}}", "JSONB",
	"{{time(}}", "to_timestamp(NULLIF(", "{{)time}}", ", 0) / 1000000.0)",
	"{{date(}}", "CAST(NULLIF(", "{{)date}}", ", '') AS DATE)",
	"{{number(}}", "(SELECT CAST(n.v #>> '{}' AS DOUBLE PRECISION) FROM (SELECT ", "{{)number}}", " AS v) n WHERE jsonb_typeof(n.v) = 'number')",
	"{{each(}}", "jsonb_path_query(", "{{)each}}", ", 'strict $[*]', '{}', true) AS a(value)", "{{item}}", "TRUE",
}
