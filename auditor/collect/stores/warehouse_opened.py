"""A connection to a warehouse, whichever it is, and the clock that its statements run against."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ibis.backends.sql import SQLBackend
from ibis.expr.types import Table
from msgspec import Struct

from auditor.collect.stores.reader import RefusedError
from auditor.evidence import Reason

BATCH = 4_096  # rows
AGAIN = 0.5  # seconds until what goes on is ended again
_SNOWFLAKE_DENIES = 3001  # its number for insufficient privileges

Rows = Iterator[Sequence[object]]


def _nothing() -> None:
    """Do nothing: the engine itself ends what takes too long."""


class Opened(Struct, frozen=True, kw_only=True):
    """A connection: what ibis has of it, and what each engine does in its own way.

    `names` lists the tables; `rows` yields what an expression gives; `cancel` ends what is
    running; `close` lets go.
    `can_write` is None where the engine cannot be asked. `unread` lies beside the tables.
    """

    backend: SQLBackend
    seconds: float
    names: Callable[[], Sequence[str]]
    rows: Callable[[Table], Rows]
    cancel: Callable[[], object] = _nothing
    close: Callable[[], object] = _nothing
    can_write: tuple[str, ...] | None = None
    is_of_files: bool = False
    unread: tuple[str, ...] = ()


@contextmanager
def within_time(opened: Opened) -> Iterator[None]:
    """End what takes too long, and refuse what fails: an engine's text may quote a record."""
    late, done = threading.Event(), threading.Event()

    def end() -> None:
        if not done.wait(opened.seconds):
            late.set()
            opened.cancel()
            while not done.wait(AGAIN):  # what had not begun yet
                opened.cancel()

    threading.Thread(target=end, daemon=True).start()
    try:
        yield
    except (RefusedError, GeneratorExit):
        raise
    except Exception as error:
        if late.is_set() or "timeout" in type(error).__name__.lower():
            needs = f"a statement that ends within {opened.seconds:g} seconds"
            raise RefusedError(Reason.TIMEOUT, needs) from error
        if is_denied(error):
            needs = "a grant to read this, and to run queries (SELECT)"
            raise RefusedError(Reason.FORBIDDEN, needs) from error
        needs = f"a table that {opened.backend.name} can read: it raises {type(error).__name__}"
        raise RefusedError(Reason.NOT_VERIFIED, needs) from error
    finally:
        done.set()


def is_denied(error: Exception) -> bool:
    """Say whether an engine refuses for want of a grant: each has its own word for it."""
    words = (type(error).__name__, getattr(error, "error_name", ""), getattr(error, "code", ""))
    known = ("forbidden", "denied", "403", "unauthorized")
    return getattr(error, "errno", None) == _SNOWFLAKE_DENIES or any(
        word in str(said).lower() for said in words for word in known
    )
