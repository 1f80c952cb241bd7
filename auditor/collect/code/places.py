"""A mention before it has its file: what is named, how, and where; and what an address names."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.evidence.code import How
from auditor.hosts import is_this_machine, normalise_host

# Ids of accounts, and whose they are: Google's, as its tag documentation writes them.
IDS: Final = {
    re.compile(r"GTM-[A-Z0-9]{4,10}", re.ASCII): "google-tag-manager",
    re.compile(r"(?:G|UA)-[A-Z0-9]{4,12}(?:-\d{1,4})?", re.ASCII): "google-analytics",
    re.compile(r"AW-\d{6,12}", re.ASCII): "google-ads",
}
_ADDRESS: Final = re.compile(r"\s*(?:https?:|wss?:)?//", re.IGNORECASE)
_LONGEST: Final = 2000
LONGEST_PATH: Final = 500  # of an address
LONGEST_PACKAGE: Final = 214  # npm's own limit; what is longer is no package


class Place(Struct, frozen=True, kw_only=True):
    """What stands at a line and column, both from 1."""

    name: str
    how: How
    line: int
    column: int
    path: str = "/"
    while_developing: bool = False


def address(text: str, how: How, line: int, column: int) -> Iterator[Place]:
    """Yield what an address names, nothing for one of this machine or one that is no address."""
    if not _ADDRESS.match(text[:_LONGEST]):
        return
    try:
        parts = urlsplit(text.strip()[:_LONGEST])
        host = normalise_host(parts.hostname or "")
    except ValueError:
        return
    if "." in host and not is_this_machine(host):
        yield Place(
            name=f"host:{host}",
            how=how,
            line=line,
            column=column,
            path=parts.path[:LONGEST_PATH] or "/",
        )


def account_id(text: str, line: int, column: int) -> Iterator[Place]:
    """Yield an id of an account, if a whole text is one."""
    if len(text) <= 24 and any(form.fullmatch(text) for form in IDS):  # noqa: PLR2004 -- the longest
        yield Place(name=f"id:{text}", how="id", line=line, column=column)
