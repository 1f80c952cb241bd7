"""Text on a terminal: colours that are asked for, and lines that end before its edge."""

import textwrap
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from tabulate import tabulate

from auditor.findings import Report
from auditor.report.words import plural

BOLD, DIM, RED, GREEN, YELLOW, BLUE = "1", "2", "31", "32", "33", "34"
NARROWEST = 40  # columns
GLUE = "\u00a0"  # a space at which no line is broken, while it is laid out

Paint = Callable[[str, str], str]


class Screen(Struct, frozen=True, kw_only=True):
    """What is told, and onto what: the lines of policy.yaml, colours, columns."""

    report: Report
    policy: tuple[str, ...]
    paint: Paint
    width: int


def painter(*, colour: bool) -> Paint:
    """Return what wraps text in ANSI colours, or leaves it as it is."""
    if colour:
        return lambda code, text: f"\x1b[{code}m{text}\x1b[0m"
    return lambda _code, text: text


def hang(lead: str, text: str, width: int, indent: int | None = None, painted: str = "") -> str:
    """Return text after a lead, its further lines indented (as far as the lead, unless told).

    No word is broken, nor where it says `GLUE`: names, addresses and commands can be copied.
    `painted` is the lead in colours.
    """
    lines = textwrap.wrap(
        text,
        max(width, NARROWEST),
        initial_indent=lead,
        subsequent_indent=" " * (len(lead) if indent is None else indent),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [lead]
    first = (painted or lead) + lines[0][len(lead) :]
    return "\n".join([first, *lines[1:]]).replace(GLUE, " ")


def row(parts: Iterable[str]) -> str:
    """Return what is said of one thing, its parts divided by dots; empty ones are left out."""
    return f"{GLUE}· ".join(filter(None, parts))


def table(rows: Iterable[Sequence[str]], headers: Sequence[str] = (), indent: int = 2) -> str:
    """Return a plain table whose cells are one line each."""
    text = tabulate(list(rows), headers, tablefmt="plain", disable_numparse=True)
    return "\n".join(" " * indent + line.rstrip() for line in text.splitlines())


def some(names: Sequence[str], most: int, noun: str = "", between: str = ", ") -> str:
    """Return names in a row, those beyond the first few as a count."""
    shown, more = between.join(names[:most]), len(names) - most
    return f"{shown} and {plural(more, noun) if noun else more} more" if more > 0 else shown
