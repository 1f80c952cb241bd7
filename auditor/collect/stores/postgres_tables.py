"""Which tables a PostgreSQL database has, and what of them a role may not see."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Protocol

from msgspec import Struct, structs

from auditor.collect.refused import RefusedError
from auditor.collect.stores.postgres_values import kind_of
from auditor.collect.stores.reader import Column, TableInfo
from auditor.collect.stores.statements import Statement
from auditor.evidence import Aspect, Gap, Reason

MOST_TABLES = 2_000
_ROWS = (Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS)

# A partition is part of its table. What is in a type's brackets is left out, and a domain is
# what it is made of.
_TABLES = Statement(
    text="WITH RECURSIVE real(oid, base) AS ("
    "SELECT oid, oid FROM pg_type WHERE typtype <> 'd' UNION ALL"
    " SELECT d.oid, real.base FROM pg_type d JOIN real ON d.typbasetype = real.oid"
    " WHERE d.typtype = 'd')"
    " SELECT n.nspname, c.relname, CAST(c.relkind AS text), has_schema_privilege(n.oid, 'USAGE'),"
    " row_security_active(c.oid), current_user, has_table_privilege(c.oid, 'SELECT'),"
    " a.attname, format_type(a.atttypid, NULL), b.typname, CAST(b.typcategory AS text),"
    " has_column_privilege(c.oid, a.attnum, 'SELECT')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN real ON real.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = real.base"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition"
    " AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'"
    " ORDER BY n.nspname, c.relname, c.oid, a.attnum"
)
_SECURED = Statement(text="SELECT count(*) FROM pg_class WHERE relrowsecurity")
_OBJECTS = Statement(text="SELECT count(*) FROM pg_largeobject_metadata")
_PLAN = "EXPLAIN SELECT FROM {} t"


class Query(Protocol):
    """How a statement is asked; with `whole` it is refused where rows would be hidden from it."""

    def __call__(self, statement: Statement, *, whole: bool = ...) -> Iterator[Sequence[object]]:
        """Yield its rows."""


class Found(Struct, frozen=True, kw_only=True):
    """A table, and what it is called in SQL."""

    schema: str
    table: str
    info: TableInfo


def listed(query: Query) -> tuple[Found, ...]:
    """Return every table, sorted by name; `RefusedError` where two would be called the same."""
    found = [
        _found(str(schema), str(table), list(rows))
        for (schema, table), rows in groupby(query(_TABLES), key=lambda row: (row[0], row[1]))
    ]
    if _one(query, _SECURED):
        found = [_of_view(query, one) if one.info.kind == "view" else one for one in found]
    if len(found) > MOST_TABLES:
        raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
    names = {one.info.name for one in found}
    if len(names) < len(found):
        needs = "tables that are not called the same once their schema is written before them"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    return tuple(sorted(found, key=lambda one: one.info.name))


def _found(schema: str, table: str, rows: Sequence[Sequence[object]]) -> Found:
    name = table if schema == "public" else f"{schema}.{table}"
    _, _, kind, may_enter, hides_rows, role, may_read, *_ = rows[0]
    place, to = f"{_quoted(schema)}.{_quoted(table)}", _quoted(str(role))
    enter = "" if may_enter else f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {to}"
    columns = []
    for *_, column, type_, base, category, may in rows:
        if column is None:
            continue
        grants = [
            enter,
            "" if may else f"GRANT SELECT ({_quoted(str(column))}) ON {place} TO {to}",
        ]
        columns.append(
            Column(
                name=str(column),
                type=str(type_),
                kind=kind_of(str(base), str(category)),
                needs="; ".join(filter(None, grants)),
            )
        )
    grants = [enter, "" if may_read else f"GRANT SELECT ON {place} TO {to}"]
    gaps = []
    if any(column.needs for column in columns):
        gaps.append(
            _gap(f"every column of {name}", "; ".join(filter(None, grants)), Aspect.FIELDS)
        )
    if hides_rows:
        needs = f"ALTER ROLE {to} BYPASSRLS, or a policy that shows it every row of {place}"
        gaps.append(_gap(f"every row of {name}", needs, *_ROWS))
    info = TableInfo(
        name=name,
        kind="view" if kind == "v" else "table",
        columns=tuple(columns),
        gaps=tuple(gaps),
    )
    return Found(schema=schema, table=table, info=info)


def _gap(what: str, needs: str, *aspects: Aspect) -> Gap:
    return Gap(what=what, reason=Reason.FORBIDDEN, needs=needs, aspects=aspects)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _of_view(query: Query, one: Found) -> Found:
    """Tell of rows that are hidden in what a view is made of: planning it in full is refused."""
    plan = Statement(
        text=_PLAN.format(f"{_quoted(one.schema)}.{_quoted(one.table)}").replace("%", "%%")
    )
    try:
        list(query(plan, whole=True))
    except RefusedError:
        try:
            list(query(plan))
        except RefusedError:
            return one  # it cannot be read at all, and says so when it is
        name = one.info.name
        needs = f"tables below {name} of which its role, or its owner, may see every row"
        gaps = (*one.info.gaps, _gap(f"every row of {name}", needs, *_ROWS))
        return structs.replace(one, info=structs.replace(one.info, gaps=gaps))
    return one


def unseen(query: Query) -> tuple[Gap, ...]:
    """Return what is in no table: large objects, of which columns hold the numbers."""
    try:
        number = _one(query, _OBJECTS)
    except RefusedError as error:
        return (_outside(error.reason, "GRANT SELECT ON pg_largeobject_metadata"),)
    needs = f"columns instead of {number:,} large objects, which are not looked into"
    return (_outside(Reason.NOT_VERIFIED, needs),) if number else ()


def _outside(reason: Reason, needs: str) -> Gap:
    return Gap(what="large objects", reason=reason, needs=needs, aspects=(Aspect.FIELDS,))


def _one(query: Query, statement: Statement) -> int:
    return int(str(next(iter(query(statement)))[0]))
