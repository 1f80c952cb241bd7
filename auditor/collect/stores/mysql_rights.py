"""What a MySQL credential may do: its own grants, and those of every role that it was given."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.collect.stores.statements import Statement
from auditor.evidence import Reason

MOST_ROLES = 50
_READS = frozenset(
    (
        "SELECT",
        "USAGE",
        "SHOW VIEW",
        "SHOW DATABASES",
        "SHOW CREATE ROUTINE",
        "PROCESS",
        "REPLICATION CLIENT",
        "REPLICATION SLAVE",
        "BINLOG MONITOR",
        "SLAVE MONITOR",
        "REPLICA MONITOR",
        "LOCK TABLES",
    )
)
_PLACE = r"(\*|`(?:[^`]|``)*`)"
_GRANT = re.compile(
    rf"GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE) )?{_PLACE}\.{_PLACE} TO ", re.DOTALL
)
_ROLE = re.compile(r"GRANT ((?:`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?(?:, ?)?)+) TO ")
_NAMED = re.compile(r"`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?")
_COLUMNS = re.compile(r"\((?:`(?:[^`]|``)*`(?:, ?)?)+\)")

_OWN = "SHOW GRANTS FOR CURRENT_USER()"
Query = Callable[[Statement], Iterator[Sequence[object]]]


class Grants(Struct, frozen=True, kw_only=True):
    """Where everything may be selected: `whole` databases (patterns, as granted) and `tables`.

    `writes` is what could be changed, in the server's words.
    """

    whole: tuple[str, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()
    writes: tuple[str, ...] = ()

    def covers(self, database: str, table: str = "") -> bool:
        """Return whether each column of a table may be selected, or everything in a database."""
        is_whole = any(_matches(pattern, database) for pattern in self.whole)
        return is_whole or (database, table) in self.tables


def granted(query: Query, *, is_maria: bool) -> Grants:
    """Return what the credential may do with the roles that are active."""
    if is_maria:
        return _read(_told(query, "SHOW GRANTS"))
    active = str(next(iter(query(Statement(text="SELECT CURRENT_ROLE()"))))[0])
    return _read(_told(query, _OWN if active == "NONE" else f"{_OWN} USING {active}"))


def could_write(query: Query, *, is_maria: bool) -> tuple[str, ...]:
    """Return what could be changed, also by taking on a role; leaves one of these active."""
    said = _told(query, "SHOW GRANTS")
    given = [found[1] for line in said if (found := _ROLE.match(line))]
    roles = [role for names in given for role in _NAMED.findall(names)]
    if len(roles) > MOST_ROLES:
        raise RefusedError(Reason.CAP_REACHED, f"a credential with fewer than {MOST_ROLES} roles")
    if not is_maria and roles:
        said += _told(query, f"{_OWN} USING {', '.join(roles)}")
    for role in roles if is_maria else ():  # of others than the active one it does not tell
        list(query(_said(f"SET ROLE {role}")))
        said += _told(query, "SHOW GRANTS")
    return _read(said).writes


def _told(query: Query, text: str) -> list[str]:
    return [str(row[0]) for row in query(_said(text))]


def _said(text: str) -> Statement:
    return Statement(text=text.replace("%", "%%"))


def _read(said: Sequence[str]) -> Grants:
    whole, tables, writes = list[str](), list[tuple[str, str]](), dict[str, None]()
    for line in said:
        if line.startswith("GRANT PROXY"):
            writes["PROXY"] = None
        found = _GRANT.match(line)
        if not found:
            continue
        words = [word.strip() for word in _COLUMNS.sub("(some columns)", found[1]).split(",")]
        if " WITH GRANT OPTION" in line:
            words.append("GRANT OPTION")
        if "SELECT" in words or any(word.startswith("ALL PRIVILEGES") for word in words):
            database, table = _plain(found[2]), _plain(found[3])
            if table == "*":
                whole.append("%" if database == "*" else database)
            else:
                tables.append((database, table))
        changing = [
            word for word in words if word.removesuffix("(some columns)").strip() not in _READS
        ]
        if changing:
            place = f"{_plain(found[2])}.{_plain(found[3])}"
            writes[f"{', '.join(changing)} on {place}"] = None
    return Grants(whole=tuple(whole), tables=tuple(tables), writes=tuple(writes))


def _plain(name: str) -> str:
    return name if name == "*" else name[1:-1].replace("``", "`")


def _matches(pattern: str, database: str) -> bool:
    """Return whether a database is meant: `%` is any text, `_` any letter, unless escaped."""
    parts = re.split(r"(\\.|%|_)", pattern)
    shape = "".join(
        ".*" if part == "%" else "." if part == "_" else re.escape(part.removeprefix("\\"))
        for part in parts
    )
    return re.fullmatch(shape, database, re.DOTALL) is not None
