"""A mailbox that is only read (IMAP4rev1, RFC 3501): EXAMINE, SEARCH, and FETCH of dates.

Over TLS with a certificate that is verified, or on this machine. A server that drips is cut off.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from threading import Timer
from typing import Final

from msgspec import Struct

from auditor.collect.refused import RefusedError
from auditor.evidence import Reason
from auditor.hosts import is_this_machine

SECONDS: Final = 600.0  # for a whole mailbox
TIMEOUT: Final = 30.0  # seconds between bytes
AT_ONCE: Final = 5_000  # messages whose dates are fetched
MOST_FOLDERS: Final = 1_000
TLS_PORT: Final = 993

_LISTED: Final = re.compile(rb'\(([^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (.*)', re.DOTALL)
_DATE: Final = re.compile(
    rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_SAFE: Final = re.compile(r"[\x20-\x7e]*")


class Folder(Struct, frozen=True, kw_only=True):
    """A folder: its name as the server has it, and what it is for (its flags, RFC 6154)."""

    name: bytes
    flags: frozenset[str]


class Mailbox:
    """An open mailbox; each method raises `RefusedError`, and quotes nothing of the server's."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        """Begin with a connection that is logged in."""
        self._connection = connection

    def folders(self) -> list[Folder]:
        """Return the folders that hold messages."""
        found = []
        for line in _good("the list of folders", self._connection.list()):
            head, literal = line if isinstance(line, tuple) else (line, None)
            match = _LISTED.fullmatch(head) if isinstance(head, bytes) else None
            if not match:
                continue
            flags = frozenset(match[1].decode("ascii", "replace").casefold().split())
            if "\\noselect" not in flags and "\\nonexistent" not in flags:
                name = literal if isinstance(literal, bytes) else _unquoted(match[2])
                found.append(Folder(name=name, flags=flags))
        if len(found) > MOST_FOLDERS:
            raise RefusedError(Reason.CAP_REACHED, f"fewer than {MOST_FOLDERS:,} folders")
        return found

    def examine(self, folder: Folder) -> int:
        """Open a folder for reading only, and return how many messages it holds."""
        name = _quoted(folder.name)
        (number, *_) = _good("a folder", self._connection.select(name, readonly=True))
        return int(number) if isinstance(number, bytes) and number.isdigit() else 0

    def dates(self, number: int) -> Iterator[datetime | None]:
        """Yield when each message of the open folder arrived; None where that is no date."""
        for start in range(1, number + 1, AT_ONCE):
            end = min(number, start + AT_ONCE - 1)
            some = f"{start}:{end}"
            lines = _good("dates", self._connection.fetch(some, "(INTERNALDATE)"))
            for line in lines:
                head = line[0] if isinstance(line, tuple) else line
                if isinstance(head, bytes):
                    yield _date(head)

    def count(self, *criteria: str) -> int:
        """Return how many messages of the open folder fit."""
        found = _good("a search", self._connection.search(None, *criteria))
        return sum(len(line.split()) for line in found if isinstance(line, bytes))

    def rights(self, folder: Folder) -> str | None:
        """Return what this login may do in a folder (RFC 4314), None if nobody says."""
        if "ACL" not in self._connection.capabilities:
            return None
        name = _quoted(folder.name)
        (line, *_) = _good("rights", self._connection.myrights(name))
        return (
            line.rsplit(b" ", 1)[-1].decode("ascii", "replace")
            if isinstance(line, bytes)
            else None
        )


def _good(what: str, answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """Return the lines of an answer that is OK."""
    status, lines = answer
    if status != "OK":
        raise RefusedError(Reason.FORBIDDEN, f"a login that may read {what}")
    return lines


@contextmanager
def opened(host: str, user: str, password: str, seconds: float = SECONDS) -> Iterator[Mailbox]:
    """Log in, and log out in the end; `RefusedError` says why not."""
    name, _, port = host.partition(":")
    number = int(port) if port.isdecimal() else TLS_PORT
    cut: list[Timer] = []
    connection: imaplib.IMAP4 | None = None
    try:
        connection = _connected(name, number, lambda sock: cut.append(_cut_off(sock, seconds)))
        _login(connection, user, password)
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.error, ValueError, IndexError) as error:
        raise _refused(error, f"answers of {name}") from None
    finally:
        if connection is not None:
            _close(connection)
        for timer in cut:
            timer.cancel()


def _cut_off(sock: socket.socket, seconds: float) -> Timer:
    """End a connection when its time is over, whatever it is waiting for."""

    def end() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    return timer


def _connected(name: str, port: int, begin: Callable[[socket.socket], None]) -> imaplib.IMAP4:
    """Connect with TLS; in plain only to this machine, where nobody listens on the way.

    `begin` is called before the server is first listened to.
    """

    class Plain(imaplib.IMAP4):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            sock: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
            begin(sock)
            return sock

    class Secure(imaplib.IMAP4_SSL):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            sock: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
            begin(sock)
            return sock

    if is_this_machine(name) and port != TLS_PORT:
        return Plain(name, port, timeout=TIMEOUT)
    return Secure(name, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)


def _login(connection: imaplib.IMAP4, user: str, password: str) -> None:
    try:
        connection.login(user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        needs = "a login that the server accepts: the user, and an app password"
        raise RefusedError(Reason.NO_CREDENTIAL, needs) from None


def _close(connection: imaplib.IMAP4) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        connection.logout()


def _refused(error: Exception, what: str) -> RefusedError:
    if isinstance(error, TimeoutError):
        return RefusedError(Reason.TIMEOUT, what)
    if isinstance(error, ssl.SSLError):
        return RefusedError(Reason.UNREACHABLE, f"{what} with a certificate that is valid")
    return RefusedError(Reason.UNREACHABLE, f"{what} ({type(error).__name__})")


def quoted(text: str) -> str:
    """Return a text as a search has it; `RefusedError` for letters that need a literal."""
    if not _SAFE.fullmatch(text):
        raise RefusedError(Reason.NOT_VERIFIED, "a key of plain letters (ASCII) to search for")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def readable(name: bytes) -> str:
    """Return a folder's name for people: modified UTF-7 (RFC 3501, 5.1.3) as text."""
    parts = re.split(r"&([^-]*)-", name.decode("ascii", "replace"))
    made = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            made.append(part)
        elif not part:
            made.append("&")
        else:
            made.append(f"+{part.replace(',', '/')}-".encode().decode("utf-7", "replace"))
    return "".join(made)


def _quoted(name: bytes) -> str:
    if any(byte in b"\r\n\0" for byte in name):
        raise RefusedError(Reason.NOT_VERIFIED, "a folder without line breaks in its name")
    text = name.decode("latin-1")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(text: bytes) -> bytes:
    text = text.strip()
    if text[:1] == b'"' and text[-1:] == b'"':
        return re.sub(rb"\\(.)", rb"\1", text[1:-1])
    return text


def _date(line: bytes) -> datetime | None:
    found = _DATE.search(line)
    if not found:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    away = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-away if sign == b"-" else away)
        moment = (int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
        return datetime(*moment, tzinfo=zone)
    except (ValueError, KeyError):
        return datetime.min.replace(tzinfo=UTC)  # counted as unreadable
