"""Databases on servers, by the scheme of their address; what is not installed says how."""

from collections.abc import Callable

from auditor.collect.refused import RefusedError
from auditor.collect.stores.reader import Reader
from auditor.collect.stores.sql_reader import SqlReader
from auditor.evidence import Reason


def _postgres(address: str, seconds: float) -> Reader:
    from auditor.collect.stores import postgres  # noqa: PLC0415 -- an extra

    engine = postgres.connect(address, seconds=seconds)
    return SqlReader(engine, unread=engine.unseen())


def _mysql(address: str, seconds: float) -> Reader:
    from auditor.collect.stores import mysql  # noqa: PLC0415 -- an extra

    engine = mysql.connect(address, seconds=seconds)
    return SqlReader(engine, unread=engine.unseen())


Opener = Callable[[str, float], Reader]
SERVERS: dict[str, tuple[str, Opener]] = {
    "postgresql": ("postgres", _postgres),
    "postgres": ("postgres", _postgres),
    "mysql": ("mysql", _mysql),
    "mariadb": ("mysql", _mysql),
}


def open_server(scheme: str, address: str, seconds: float) -> Reader:
    """Connect to a server; `RefusedError` if it does not answer, or its library is missing."""
    extra, connect = SERVERS[scheme]
    try:
        return connect(address, seconds)
    except ImportError:
        needs = f"pip install 'policy-auditor[{extra}]', to read {scheme}://"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from None
