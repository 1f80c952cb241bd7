"""MySQL and MariaDB: each statement in a transaction of its own that reads only, and ends.

Run against MariaDB 10.11; what MySQL does otherwise is asked of the server by its version.
"""

from collections.abc import Generator
from contextlib import closing, suppress

import pymysql
from pymysql.cursors import SSCursor

from auditor.collect.refused import RefusedError
from auditor.collect.stores import mysql_tables, mysql_values
from auditor.collect.stores.mysql_address import arguments
from auditor.collect.stores.mysql_refusals import refusal
from auditor.collect.stores.mysql_rights import Grants, could_write, granted
from auditor.collect.stores.reader import Kind, TableInfo
from auditor.collect.stores.statements import Dialect, Statement
from auditor.evidence import Gap, Reason
from auditor.policy import AnchorField

BATCH = 2_000  # rows
LOCK = 10  # seconds to wait for a table or row that somebody has locked
GRACE = 5  # seconds more until the line is cut


class Mysql:
    """A database of MySQL or MariaDB (`Engine`). A statement may take `seconds`."""

    def __init__(self, address: str, *, seconds: float) -> None:
        """Connect as the address says, its options for TLS among it; or raise `RefusedError`."""
        self._seconds, self._address = seconds, address
        self._arguments = arguments(address)
        self._connection = self._connected()
        self._names: dict[str, tuple[str, str]] = {}
        self._grants: Grants | None = None
        self.dialect = Dialect(
            day=self._day,
            inside=mysql_values.inside,
            cut=mysql_values.cut,
            place=self._place,
            mark="%s",
            quote_mark="`",
            as_text="CAST({} AS CHAR) COLLATE utf8mb4_bin",
            chance="RAND()",
            random_rows="SELECT {columns} FROM {table} ORDER BY RAND() LIMIT {most}",
        )

    def _connected(self) -> "pymysql.Connection[SSCursor]":
        wait = self._seconds + GRACE
        try:
            connection: pymysql.Connection[SSCursor] = pymysql.connect(
                **self._arguments,
                charset="utf8mb4",
                cursorclass=SSCursor,
                read_timeout=self._arguments["connect_timeout"],
                write_timeout=wait,
                local_infile=False,
                autocommit=False,
                program_name="policy-auditor",
            )
        except (pymysql.Error, OSError, RuntimeError, ValueError) as error:
            raise refusal(error, self._seconds, connecting=True) from None
        # What connecting may take is less than what a statement may
        connection._read_timeout = wait  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            self._bound(connection)
        except (pymysql.Error, OSError) as error:
            connection.close()
            raise refusal(error, self._seconds, connecting=True) from None
        return connection

    def _bound(self, connection: "pymysql.Connection[SSCursor]") -> None:
        """Bound what each statement of the session may do, and for how long."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT VERSION(), CONNECTION_ID()")
            version, self._line = cursor.fetchall()[0]
            self._is_maria = "mariadb" in str(version).lower()
            limit = (
                f"max_statement_time = {self._seconds:g}, idle_transaction_timeout = "
                if self._is_maria
                else f"max_execution_time = {int(self._seconds * 1000)}, wait_timeout = "
            )
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY")
            cursor.execute(
                f"SET SESSION time_zone = '+00:00', sql_mode = '', lock_wait_timeout = {LOCK},"
                f" innodb_lock_wait_timeout = {LOCK}, {limit}{int(self._seconds) + GRACE}"
            )

    def tables(self) -> tuple[TableInfo, ...]:
        """Return tables and views; without a database in the address, as `database.table`."""
        found = mysql_tables.listed(self.query, self._database(), self._rights())
        self._names = {one.info.name: (one.schema, one.table) for one in found}
        return tuple(one.info for one in found)

    def unseen(self) -> tuple[Gap, ...]:
        """Return that there may be tables which the credential cannot even see."""
        return mysql_tables.unseen(self._database(), self._rights())

    def _database(self) -> str:
        return str(self._arguments.get("database") or "")

    def _rights(self) -> Grants:
        if self._grants is None:
            self._grants = granted(self.query, is_maria=self._is_maria)
        return self._grants

    def _place(self, name: str) -> str:
        schema, table = self._names.get(name, (self._database(), name))
        return f"{self.dialect.quoted(schema)}.{self.dialect.quoted(table)}"

    def _day(self, column: str, kind: Kind, field: AnchorField) -> Statement:
        zone = mysql_values.zone_of(field)
        if zone and kind in {"timestamp", "text"}:
            known = Statement(text=f"SELECT CONVERT_TZ('2020-01-01', '{zone}', '+00:00')")
            if next(iter(self.query(known)))[0] is None:
                needs = f"the time zone {field.timezone} on the server: mysql_tzinfo_to_sql"
                raise RefusedError(Reason.NOT_VERIFIED, needs)
        return mysql_values.day(column, kind, field)

    def query(self, statement: Statement) -> Generator[tuple[object, ...]]:
        """Run a statement; the server ends it when its time is over, and else the line is cut."""
        if not self._connection.open:
            self._connection = self._connected()
        cursor = self._connection.cursor()
        try:
            cursor.execute("START TRANSACTION READ ONLY")
            cursor.execute(statement.text, statement.bound)
            while rows := cursor.fetchmany(BATCH):
                if len(rows) < BATCH:
                    self._connection.rollback()  # no snapshot is held from here on
                yield from rows
        except GeneratorExit:
            self._interrupt()  # nobody wants the rest
            raise
        except (pymysql.Error, OSError, UnicodeError) as error:
            raise refusal(error, self._seconds) from None
        finally:
            for finish in (cursor.close, self._connection.rollback):
                with suppress(pymysql.Error, OSError):
                    finish()

    def _interrupt(self) -> None:
        """Have the server end the statement, on a line of its own; else it is read to its end."""
        with (
            suppress(RefusedError),
            closing(Mysql(self._address, seconds=self._seconds)) as other,
        ):
            list(other.query(Statement(text=f"KILL QUERY {self._line}")))

    def can_write(self) -> tuple[str, ...]:
        """Return what the credential, and the roles it has, could change."""
        with closing(Mysql(self._address, seconds=self._seconds)) as other:  # it takes roles on
            return could_write(other.query, is_maria=self._is_maria)

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(pymysql.Error):
            self._connection.close()


def connect(address: str, *, seconds: float) -> Mysql:
    """Open a database; `RefusedError` if it does not answer."""
    return Mysql(address, seconds=seconds)
