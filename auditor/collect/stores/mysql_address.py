"""The address of a MySQL server, taken apart; what it says about TLS is kept to."""

from typing import TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

from auditor.collect.refused import RefusedError
from auditor.evidence import Reason

CONNECT = 10  # seconds
_FORM = "an address such as mysql://role:password@host/database"
_KNOWN = ("ssl_ca", "ssl_cert", "ssl_key", "ssl_mode", "unix_socket", "connect_timeout", "charset")
# As MySQL's own client has them: https://dev.mysql.com/doc/refman/8.4/en/connection-options.html
_MODES: dict[str, "Arguments"] = {
    "DISABLED": {"ssl_disabled": True},
    "PREFERRED": {},
    "REQUIRED": {"ssl_verify_cert": False},
    "VERIFY_CA": {"ssl_verify_cert": True},
    "VERIFY_IDENTITY": {"ssl_verify_cert": True, "ssl_verify_identity": True},
}


class Arguments(TypedDict, total=False):
    """What PyMySQL is called with."""

    ssl_disabled: bool
    ssl_verify_cert: bool
    ssl_verify_identity: bool
    ssl_ca: str
    ssl_cert: str
    ssl_key: str
    host: str
    port: int
    user: str
    password: bytes
    database: str | None
    connect_timeout: int
    unix_socket: str


def arguments(address: str) -> Arguments:
    """Return what PyMySQL is called with; `RefusedError` for what is no address, or not known."""
    try:
        parts = urlsplit(address)
        port = parts.port
        said = {key.replace("-", "_"): value for key, value in parse_qsl(parts.query)}
    except ValueError:
        raise RefusedError(Reason.UNREACHABLE, _FORM) from None
    if "sslmode" in said:
        said["ssl_mode"] = said.pop("sslmode")
    if unknown := len(said.keys() - set(_KNOWN)):
        needs = f"an address with no more than {', '.join(_KNOWN)} behind the ?: {unknown} others"
        raise RefusedError(Reason.NOT_VERIFIED, needs)
    if not parts.hostname and "unix_socket" not in said:
        raise RefusedError(Reason.UNREACHABLE, _FORM)
    wait = said.get("connect_timeout", "")
    found: Arguments = {
        "host": parts.hostname or "localhost",
        "port": port or 3306,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "").encode(),  # else PyMySQL takes Latin-1
        "database": unquote(parts.path.removeprefix("/")) or None,
        "connect_timeout": int(wait) if wait.isdecimal() and int(wait) > 0 else CONNECT,
    }
    found |= _tls(said)
    if "unix_socket" in said:
        found["unix_socket"] = said["unix_socket"]
    return found


def _tls(said: dict[str, str]) -> Arguments:
    default = "VERIFY_CA" if "ssl_ca" in said else "PREFERRED"
    mode = said.get("ssl_mode", default).upper().replace("-", "_")
    if mode not in _MODES:
        raise RefusedError(Reason.NOT_VERIFIED, f"ssl_mode as one of {', '.join(_MODES)}")
    found = _MODES[mode].copy()
    if "ssl_ca" in said:
        found["ssl_ca"] = said["ssl_ca"]
    if "ssl_cert" in said:
        found["ssl_cert"] = said["ssl_cert"]
    if "ssl_key" in said:
        found["ssl_key"] = said["ssl_key"]
    return found
