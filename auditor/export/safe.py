"""Text made inert for each sink: Markdown, HTML, a spreadsheet. Nobody's name is markup.

Source: CommonMark 0.31 and GitHub's tables and autolinks; OWASP, "CSV Injection".
"""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.report import safe

LONGEST = 2000  # characters of a cell

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001 -- the wide ones count in East Asia
_TEMPLATES = Path(__file__).parent / "templates"


def plain(text: str) -> str:
    """Return a text on one line in which nothing is hidden."""
    return safe.visible(" ".join(text.split()), LONGEST)


def markdown(text: str) -> str:
    """Return a text that Markdown shows as it is, in a table too, and HTML in Markdown as well."""
    return safe.markdown(" ".join(text.split()), LONGEST)


def html(text: object) -> Markup:
    """Return a text that HTML shows as it is; braces are nothing to a site generator either."""
    if isinstance(text, Markup):
        return text
    escaped = str(escape(plain(str(text)))).replace("{", "&#123;")
    return Markup(escaped)  # noqa: S704 -- just escaped


def spreadsheet(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    shown = plain(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def address(url: str) -> str:
    """Return an http or https address as a link may have it, "" for any other."""
    is_web = re.match(r"https?://[^\s<>\"'`\\{}|()\[\]]+\Z", url, re.IGNORECASE)
    return url if is_web and url.isprintable() else ""


@cache
def templates() -> Environment:
    """Return the templates of this room: whatever they print is escaped."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
