"""Which tables a MySQL database has, and what of them a credential may not see."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.collect.stores.mysql_rights import Grants
from auditor.collect.stores.mysql_values import kind_of
from auditor.collect.stores.reader import Column, TableInfo
from auditor.collect.stores.statements import Statement
from auditor.evidence import Aspect, Gap, Reason

MOST_TABLES = 2_000
Query = Callable[[Statement], Iterator[Sequence[object]]]
_OWN = "('information_schema', 'performance_schema', 'mysql', 'sys')"
_TABLES = (
    "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_TYPE, c.COLUMN_NAME, c.DATA_TYPE, c.COLUMN_TYPE,"
    " c.PRIVILEGES FROM information_schema.TABLES t LEFT JOIN information_schema.COLUMNS c"
    " ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME"
    " WHERE t.TABLE_TYPE <> 'SEQUENCE' AND {} ORDER BY 1, 2, c.ORDINAL_POSITION"
)


class Found(Struct, frozen=True, kw_only=True):
    """A table, and what it is called in SQL."""

    schema: str
    table: str
    info: TableInfo


def listed(query: Query, database: str, grants: Grants) -> tuple[Found, ...]:
    """Return every table that the server tells of, sorted by name."""
    which = "t.TABLE_SCHEMA = %s" if database else f"t.TABLE_SCHEMA NOT IN {_OWN}"
    rows = query(Statement(text=_TABLES.format(which), bound=(database,) if database else ()))
    found = [
        _found(str(schema), str(table), list(group), grants, has_schema=not database)
        for (schema, table), group in groupby(rows, key=lambda row: (row[0], row[1]))
    ]
    if len(found) > MOST_TABLES:
        raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_TABLES:,} tables")
    if len({one.info.name for one in found}) < len(found):
        needs = "tables that are not called the same once their database is written before them"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    return tuple(sorted(found, key=lambda one: one.info.name))


def _found(
    schema: str,
    table: str,
    rows: Sequence[Sequence[object]],
    grants: Grants,
    *,
    has_schema: bool,
) -> Found:
    name = f"{schema}.{table}" if has_schema else table
    place = f"{_quoted(schema)}.{_quoted(table)}"
    columns = tuple(
        Column(
            name=str(column),
            type=str(type_),
            kind=kind_of(str(type_), str(whole)),
            needs=""
            if "select" in str(may).split(",")
            else f"GRANT SELECT ({_quoted(str(column))}) ON {place}",
        )
        for _, _, _, column, type_, whole, may in rows
        if column is not None
    )
    gaps = []
    if any(column.needs for column in columns) or not grants.covers(schema, table):
        needs = f"GRANT SELECT ON {place}: other columns may not even be seen"
        gaps.append(_gap(f"every column of {name}", Reason.FORBIDDEN, needs, Aspect.FIELDS))
    kind = str(rows[0][2])
    if kind == "SYSTEM VERSIONED":
        needs = f"{place} without system versioning: what was deleted or changed is still there"
        which = (Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS)
        gaps.append(_gap(f"former rows of {name}", Reason.NOT_VERIFIED, needs, *which))
    info = TableInfo(
        name=name,
        kind="view" if kind.endswith("VIEW") else "table",
        columns=columns,
        gaps=tuple(gaps),
    )
    return Found(schema=schema, table=table, info=info)


def unseen(database: str, grants: Grants) -> tuple[Gap, ...]:
    """Return that there may be more tables: the server tells only of those with a grant."""
    if grants.covers(database) or (not database and "%" in grants.whole):
        return ()
    needs = f"GRANT SELECT ON {_quoted(database)}.*" if database else "a database in the address"
    return (_gap("tables without a grant", Reason.FORBIDDEN, needs, Aspect.TABLES),)


def _gap(what: str, reason: Reason, needs: str, *aspects: Aspect) -> Gap:
    return Gap(what=what, reason=reason, needs=needs, aspects=aspects)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
