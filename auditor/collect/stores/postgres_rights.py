"""What a PostgreSQL role could change: by grants, as an owner, through the roles it is in."""

from collections.abc import Iterable, Sequence

from auditor.collect.stores.statements import Statement

MOST = 200  # that are named

# A member of a role may become that role, whether it inherits or not; PUBLIC is in each
_REACH = """
WITH reach AS (
  SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb,
    bool_or(rolsuper) OVER () AS may_all
  FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')),
relations AS (
  SELECT c.oid, c.relowner,
    CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'
    AND EXISTS (SELECT FROM reach WHERE NOT may_all))
"""
_ROLES = """
SELECT 1, 'superuser: ' || rolname, '' FROM reach WHERE rolsuper
UNION SELECT 2, 'CREATEROLE: ' || rolname, '' FROM reach WHERE rolcreaterole AND NOT may_all
UNION SELECT 2, 'CREATEDB: ' || rolname, '' FROM reach WHERE rolcreatedb AND NOT may_all
UNION SELECT 3, 'member of ' || rolname, '' FROM reach WHERE NOT may_all AND rolname IN
  ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
"""
_TABLES = """
UNION SELECT 4, 'owner of ' || name, '' FROM relations
  WHERE relowner IN (SELECT oid FROM reach)
UNION SELECT 5, name, word
  FROM relations, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) word
  WHERE relowner NOT IN (SELECT oid FROM reach) AND EXISTS (
    SELECT FROM reach WHERE CASE WHEN word IN ('INSERT', 'UPDATE')
      THEN has_any_column_privilege(reach.oid, relations.oid, word)
      ELSE has_table_privilege(reach.oid, relations.oid, word) END)
"""
_PLACES = """
UNION SELECT 6, 'CREATE on schema ' || nspname, '' FROM pg_namespace, reach
  WHERE left(nspname, 3) <> 'pg_' AND NOT may_all
    AND has_schema_privilege(reach.oid, pg_namespace.oid, 'CREATE')
UNION SELECT 7, 'CREATE on database ' || current_database(), '' FROM reach
  WHERE NOT may_all AND has_database_privilege(oid, current_database(), 'CREATE')
ORDER BY 1, 2, 3
"""
RIGHTS = Statement(text=_REACH + _ROLES + _TABLES + _PLACES)


def rights(rows: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """Return what could be changed, in the server's words: `INSERT, UPDATE on users`."""
    found: dict[str, list[str]] = {}
    for _, what, word in rows:
        found.setdefault(str(what), []).append(str(word))
    said = [
        f"{', '.join(words)} on {what}" if words != [""] else what for what, words in found.items()
    ]
    more = len(said) - MOST
    return (*said[:MOST], *([f"and {more} more"] if more > 0 else []))
