"""The Set-Cookie header, read as a browser reads it (RFC 6265bis §5.6); values are never kept."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from auditor.collect.web.dates import cookie_date
from auditor.evidence import ValueShape
from auditor.names import looks_like_identifier

SPACE = " \t"

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SECONDS = re.compile(r"-?[0-9]+")
_LONGEST_ATTRIBUTE = 1024  # bytes; a browser passes over a longer one
_READ = 4096  # characters of a value that are looked at: a browser keeps no more


class Asked(Struct, frozen=True, kw_only=True, gc=False):
    """A cookie as a response asked for it, before any rule: "" and None where nothing is said."""

    name: str
    value: str
    domain: str = ""
    path: str = ""
    max_age: str = ""
    expires: int | None = None  # seconds since 1970
    same_site: str | None = None
    secure: bool = False
    http_only: bool = False
    partitioned: bool = False
    control: bool = False  # a control character stands somewhere in the header


def read_set_cookie(line: str) -> Asked | None:
    """Read one Set-Cookie header (RFC 6265bis §5.6); None for one that names nothing."""
    pair, *attributes = line.split(";")
    name, value = read_pair(pair)
    if not name and not value:
        return None
    said = dict(_attributes(attributes))
    return Asked(
        name=name,
        value=value,
        domain=said.get("domain", ""),
        path=said.get("path", ""),
        max_age=said.get("max-age", ""),
        expires=cookie_date(said["expires"]) if "expires" in said else None,
        same_site=said.get("samesite"),
        secure="secure" in said,
        http_only="httponly" in said,
        partitioned="partitioned" in said,
        control=bool(_CONTROL.search(line)),
    )


def value_shape(value: str) -> ValueShape:
    """Return all that is kept of a value."""
    return ValueShape(length=len(value), identifier=_is_identifier(value[:_READ]))


@lru_cache(maxsize=8192)
def _is_identifier(value: str) -> bool:
    return looks_like_identifier(value)


def read_pair(written: str) -> tuple[str, str]:
    """Return name and value of `name=value`; a cookie without `=` has no name."""
    name, equals, value = written.partition("=")
    return (name.strip(SPACE), value.strip(SPACE)) if equals else ("", written.strip(SPACE))


def _attributes(written: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that a browser heeds; of two with one name it takes the last."""
    for attribute in written:
        key, _, value = attribute.partition("=")
        key, value = key.strip(SPACE).lower(), value.strip(SPACE)
        broken = (key == "max-age" and not _SECONDS.fullmatch(value)) or (
            key == "expires" and cookie_date(value) is None
        )
        if len(value.encode(errors="replace")) <= _LONGEST_ATTRIBUTE and not broken:
            yield key, value
