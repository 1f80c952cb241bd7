"""PostgreSQL: each statement in a transaction of its own that reads only, and ends by itself.

What bounds a statement is set for its transaction, and never for the session: behind a pooler a
session is somebody else's a moment later.
"""

import os
import socket
import threading
from collections.abc import Generator
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from typing import cast

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from auditor.collect.refused import RefusedError
from auditor.collect.stores import postgres_tables, postgres_values
from auditor.collect.stores.postgres_refusals import not_connected, refusal
from auditor.collect.stores.postgres_rights import RIGHTS, rights
from auditor.collect.stores.reader import TableInfo
from auditor.collect.stores.statements import Dialect, Statement
from auditor.evidence import Gap, Reason

BATCH = 2_000  # rows
CONNECT = 10  # seconds
LOCK = 10  # seconds to wait for a table that somebody has locked
GRACE = 5  # seconds more until the line is cut
_KNOWS_JSON = 160_000  # version

_BOUNDS = (
    "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
    " set_config('idle_in_transaction_session_timeout', %s, true),"
    " set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),"
    " set_config('search_path', 'pg_catalog', true), set_config('row_security', %s, true),"
    " set_config('client_encoding', %s, true)"
)


class _Text(Loader):
    """Texts of a database that does not say how they are encoded may be none."""

    def load(self, data: bytes | bytearray | memoryview) -> str:
        return str(bytes(data), "utf-8", "replace")


class Postgres:
    """A PostgreSQL database (`Engine`). A statement may take `seconds`."""

    def __init__(self, address: str, *, seconds: float) -> None:
        """Connect as the address says, its options for TLS among it; or raise `RefusedError`."""
        self._seconds = seconds
        try:
            said: dict[str, str | int | None] = {
                "connect_timeout": CONNECT,
                "application_name": "policy-auditor",
                **conninfo_to_dict(address),
                "client_encoding": "utf-8",
            }
            whole = make_conninfo("", **said)
            self._connection = psycopg.connect(whole, prepare_threshold=None)
        except (psycopg.Error, UnicodeError, OSError) as error:
            raise not_connected(error) from None  # the error may quote the address
        self._connection.read_only = True
        self._connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        self._encoding = "UTF8"
        if self._connection.info.parameter_status("server_encoding") == "SQL_ASCII":
            self._encoding = "SQL_ASCII"  # else the server refuses what is no UTF-8
            for name in ("text", "name"):
                self._connection.adapters.register_loader(name, _Text)
        self._names: dict[str, tuple[str, str]] = {}
        version = self._connection.info.server_version
        self.dialect = Dialect(
            day=postgres_values.day,
            inside=partial(postgres_values.inside, knows_json=version >= _KNOWS_JSON),
            cut=postgres_values.cut,
            place=self._place,
            mark="%s",
            chance="random()",
        )

    def tables(self) -> tuple[TableInfo, ...]:
        """Return tables and views of every schema; those outside `public` as `schema.table`."""
        found = postgres_tables.listed(self.query)
        self._names = {one.info.name: (one.schema, one.table) for one in found}
        return tuple(one.info for one in found)

    def unseen(self) -> tuple[Gap, ...]:
        """Return what lies in the database and in no table."""
        return postgres_tables.unseen(self.query)

    def _place(self, name: str) -> str:
        schema, table = self._names.get(name, ("public", name))
        return f"{self.dialect.quoted(schema)}.{self.dialect.quoted(table)}"

    def query(self, statement: Statement, *, whole: bool = False) -> Generator[tuple[object, ...]]:
        """Run a statement; the server ends it when its time is over, and else the line is cut.

        With `whole` it is refused where rows would be hidden from it.
        """
        clock = threading.Timer(self._seconds + GRACE, self._hang_up)
        clock.daemon = True
        clock.start()
        try:
            cursor = self._connection.cursor()
            cursor.execute(_BOUNDS, self._bounds(whole=whole))
            rows = cursor.stream(statement.text, statement.bound, size=_at_once())
            # Closed when nobody wants the rest, since until then it holds the connection
            with closing(cast("Generator[tuple[object, ...]]", rows)):
                while batch := list(islice(rows, BATCH)):
                    if len(batch) < BATCH:
                        self._connection.rollback()  # no snapshot is held from here on
                    yield from batch
        except (psycopg.Error, UnicodeError) as error:
            raise refusal(error, self._seconds, timed_out=not clock.is_alive()) from None
        finally:
            clock.cancel()
            with suppress(psycopg.Error):
                self._connection.rollback()

    def _bounds(self, *, whole: bool) -> tuple[str, ...]:
        """Return what `_BOUNDS` sets, in its order."""
        statement = f"{max(1, int(self._seconds * 1000))}ms"
        idle = f"{int(self._seconds) + GRACE}s"
        return statement, f"{LOCK}s", idle, "off" if whole else "on", self._encoding

    def _hang_up(self) -> None:
        """End a connection to a server that does not keep to the time it was given."""
        with (
            suppress(OSError, psycopg.Error),
            socket.socket(fileno=os.dup(self._connection.fileno())) as line,
        ):
            line.shutdown(socket.SHUT_RDWR)

    def can_write(self) -> tuple[str, ...]:
        """Return what the role, and those it is a member of, could change."""
        return rights(self.query(RIGHTS))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _at_once() -> int:
    """Return how many rows libpq hands over at once; those before 17 know one."""
    return BATCH if psycopg.capabilities.has_stream_chunked() else 1


def connect(address: str, *, seconds: float) -> Postgres:
    """Open a database, and ask it something; `RefusedError` if it does not answer."""
    engine = Postgres(address, seconds=seconds)
    try:
        list(engine.query(Statement(text="SELECT 1")))
    except RefusedError as error:
        engine.close()
        raise RefusedError(Reason.UNREACHABLE, error.needs) from None
    return engine
