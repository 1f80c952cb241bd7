"""A saved login: what Playwright has saved of a test account, for the site's own host alone."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from auditor.collect.ownership import host_of, origin_of

MOST_BYTES = 20 * 1024 * 1024
ADVICE = "save it anew with Playwright: context.storage_state(path=..., indexed_db=True)"

Json = dict[str, Any]


class LoginError(Exception):
    """A login that nobody can be logged in with: the text says why, and what to do."""


class _Cookie(Struct):
    name: Annotated[str, Meta(min_length=1)]
    value: str
    domain: Annotated[str, Meta(min_length=1)]
    path: str
    expires: float = -1
    http_only: bool = msgspec.field(default=False, name="httpOnly")
    secure: bool = False
    same_site: Literal["Strict", "Lax", "None"] = msgspec.field(default="Lax", name="sameSite")


class _Item(Struct):
    name: str
    value: str


class _Origin(Struct):
    origin: str
    items: list[_Item] = msgspec.field(default_factory=list, name="localStorage")


class _State(Struct):
    cookies: list[_Cookie]
    origins: list[_Origin] = []


def read_login(path: Path, url: str) -> bytes:
    """Return what is saved for the site at `url`, as JSON; `LoginError` where nothing holds.

    What belongs to others stays in the file: it is sent to this site only (contract, `access`).
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        checked = msgspec.json.decode(data[:MOST_BYTES], type=_State)
        raw: Json = json.loads(data)
    except OSError as error:
        raise LoginError(f"the file ({error.strerror})") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        where = str(error)[:200] if isinstance(error, msgspec.ValidationError) else "not JSON"
        raise LoginError(f"a login that Playwright has saved ({where}); {ADVICE}") from error
    host, home = host_of(url), origin_of(url).rstrip("/")
    pairs = zip(checked.cookies, raw["cookies"], strict=True)
    own = [(one, kept) for one, kept in pairs if _reaches(one, host)]
    origins = [one for one in raw.get("origins", ()) if one["origin"].rstrip("/") == home]
    if not own and not origins:
        raise LoginError(f"a login for {host}: the file holds none; {ADVICE}")
    if not origins:
        _has_not_ended([one for one, _ in own])
    return json.dumps({"cookies": [kept for _, kept in own], "origins": origins}).encode()


def keep(login: bytes, path: Path) -> str:
    """Write it where only we can read it; return the path."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(login)
    return str(path)


def _reaches(cookie: _Cookie, host: str) -> bool:
    """Return whether a browser sends a cookie to a host (RFC 6265 §5.1.3)."""
    domain = cookie.domain.lower()
    bare = domain.removeprefix(".")
    return host == bare or (domain.startswith(".") and host.endswith(f".{bare}"))


def _has_not_ended(cookies: list[_Cookie]) -> None:
    """Refuse a login of which every cookie has expired; -1 is one for the session."""
    last = max(-1.0 if cookie.expires < 0 else cookie.expires for cookie in cookies)
    lasts = any(cookie.expires < 0 for cookie in cookies) or last > time.time()
    if not lasts:
        day = datetime.fromtimestamp(min(last, 4e9), UTC).date().isoformat()
        raise LoginError(f"a login that still holds: its last cookie ended on {day}; {ADVICE}")
