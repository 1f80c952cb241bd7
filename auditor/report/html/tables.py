"""Tables of a report, as every part of it fills them; the templates draw them all alike."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from auditor.durations import humanize_seconds, parse_duration

NOTHING = "-"

Tone = Literal["", "good", "warn", "bad", "dim"]


class Cell(Struct, frozen=True, kw_only=True):
    """What stands in one cell, a line each; `tone` only underlines what the words say."""

    lines: tuple[str, ...]
    tone: Tone = ""


class Table(Struct, frozen=True, kw_only=True):
    """Rows under headers; the first cell of a row says what the row is about.

    `wide` is the column that needs most room on paper, -1 for none.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    noun: str = "row"
    wide: int = -1


def cell(*lines: str, tone: Tone = "") -> Cell:
    """Return a cell of the lines that are not empty; one without any says so with a dash."""
    return Cell(lines=tuple(filter(None, lines)) or (NOTHING,), tone=tone)


def table(
    caption: str, headers: str, rows: Iterable[tuple[Cell, ...]], noun: str, wide: int = -1
) -> Table:
    """Return a table; its headers are given with `|` between them."""
    return Table(
        caption=caption,
        headers=tuple(part.strip() for part in headers.split("|")),
        rows=tuple(rows),
        noun=noun,
        wide=wide,
    )


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def lasting(text: str) -> str:
    """Return a duration of policy.yaml as people say it: `12 months` for P12M and for P1Y."""
    if text == "session":
        return "the session"
    found = parse_duration(text)
    parts = [
        counted(found.months, "month") if found.months else "",
        counted(found.days, "day") if found.days else "",
        humanize_seconds(found.seconds) if found.seconds else "",
    ]
    return " and ".join(filter(None, parts)) or "no time"
