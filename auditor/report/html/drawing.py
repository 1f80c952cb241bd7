"""The data map as SVG: site on the left, third parties in the middle, countries on the right.

Colours are presentation attributes, so that a PDF shows them; the page's own style puts others in
their place where it is dark. Lines differ by their dashes too, and a table says all of it again.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

import svg
from markupsafe import Markup, escape
from msgspec import Struct

from auditor.report.html.recipients import Flow, Recipient
from auditor.report.safe import visible

MOST = 40  # third parties in a drawing
ROW, TOP = 34, 30
UNKNOWN = "not known"
INK, SOFT, LINE = "#1b1f24", "#57606a", "#8c959f"
COLOURS = {
    Flow.EARLY: "#b42318",
    Flow.UNDECIDED: "#8a4b00",
    Flow.AFTER: "#1a7f37",
    Flow.ALLOWED: "#0b5cad",
}
DASHES: dict[Flow, list[float | int | Decimal]] = {
    Flow.AFTER: [6, 4],
    Flow.UNDECIDED: [12, 3],
    Flow.UNSAID: [1, 4],
}


class Columns(Struct, frozen=True, kw_only=True):
    """Where the three columns stand, and how many characters each has room for."""

    width: int
    site: tuple[int, int]
    middle: tuple[int, int]
    country: tuple[int, int]
    letters: tuple[int, int, int]


WIDE = Columns(
    width=760, site=(1, 120), middle=(230, 510), country=(650, 759), letters=(15, 38, 13)
)
NARROW = Columns(width=350, site=(1, 52), middle=(84, 276), country=(306, 349), letters=(6, 27, 6))


def data_map(found: Sequence[Recipient], columns: Columns, name: str) -> Markup:
    """Return the drawing; `name` makes its ids its own. Beyond 40 third parties the table goes on.

    Nobody is left out silently: the caption of the page counts those that are not drawn.
    """
    shown = [*found[:MOST]]
    height = TOP + ROW * len(shown) + 6
    middles = [TOP + ROW * row + ROW // 2 for row in range(len(shown))]
    sites = _spread([each.site for each in shown], middles)
    countries = _spread([each.country or UNKNOWN for each in shown], middles)
    drawn: list[svg.Element] = [*_heads(columns)]
    for each, y in zip(shown, middles, strict=True):
        drawn.append(_edge(columns.site[1], sites[each.site], columns.middle[0], y, each.flow))
        end = countries[each.country or UNKNOWN]
        drawn.append(_edge(columns.middle[1], y, columns.country[0], end, each.flow))
    drawn += [_box(columns.site, y, columns.letters[0], site) for site, y in sites.items()]
    drawn += [
        _box(columns.middle, y, columns.letters[1], each.name, ", ".join(each.purposes))
        for each, y in zip(shown, middles, strict=True)
    ]
    drawn += [_box(columns.country, y, columns.letters[2], text) for text, y in countries.items()]
    title = f"{len(found)} third parties that pages talk to, and their countries"
    return picture(columns.width, height, name, title, drawn)


def picture(
    width: int, height: int, name: str, title: str, drawn: Iterable[svg.Element]
) -> Markup:
    """Return a picture with a name for those who do not see it."""
    said = svg.Title(text=_safe(title), id=f"{name}-title")
    whole = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, width, height),
        width=width,
        height=height,
        class_=["picture"],
        elements=[said, *drawn],
        extra={"role": "img", "aria-labelledby": f"{name}-title"},
    )
    return Markup(str(whole))  # noqa: S704 -- svg.py escapes nothing: every text above is escaped


def words(  # noqa: PLR0913 -- place and looks of a text
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    fill: str = INK,
    anchor: Literal["start", "middle", "end"] = "start",
) -> svg.Text:
    """Return a text in which nothing is markup."""
    return svg.Text(
        x=x,
        y=y,
        text=_safe(text),
        font_size=size,
        fill=fill,
        font_family="sans-serif",
        class_=["ink" if fill == INK else "soft"],
        text_anchor=anchor,
    )


def _safe(text: str) -> str:
    return str(escape(visible(text)))


def _heads(columns: Columns) -> list[svg.Element]:
    places = (columns.site[0], columns.middle[0], columns.country[0])
    names = ("Site", "Third party", "Country")
    return [words(x, 16, name, fill=SOFT) for x, name in zip(places, names, strict=True)]


def _spread(names: Sequence[str], middles: Sequence[int]) -> dict[str, int]:
    """Return a height for each name: the middle of its rows, and no two closer than a row."""
    rows: dict[str, list[int]] = {}
    for name, y in zip(names, middles, strict=True):
        rows.setdefault(name, []).append(y)
    wanted = sorted((sum(ys) // len(ys), name) for name, ys in rows.items())
    room = middles[-1] - ROW * (len(wanted) - 1) if middles else 0
    placed: dict[str, int] = {}
    least = TOP + ROW // 2
    for y, name in wanted:
        placed[name] = max(least, min(y, room))
        least, room = placed[name] + ROW, room + ROW
    return placed


def _edge(x1: int, y1: int, x2: int, y2: int, flow: Flow) -> svg.Path:
    bend = (x1 + x2) / 2
    return svg.Path(
        d=[svg.M(x1, y1), svg.C(bend, y1, bend, y2, x2, y2)],
        stroke=COLOURS.get(flow, SOFT),
        stroke_width=2,
        stroke_dasharray=DASHES.get(flow),
        fill="none",
        class_=["edge", flow.name.lower()],
    )


def _box(column: tuple[int, int], y: int, letters: int, name: str, below: str = "") -> svg.Element:
    box = svg.Rect(
        x=column[0],
        y=y - 14,
        width=column[1] - column[0],
        height=28,
        rx=4,
        fill="#ffffff",
        stroke=LINE,
        class_=["box"],
    )
    texts = [words(column[0] + 6, y - 2 if below else y + 4, _cut(name, letters))]
    if below:
        texts.append(words(column[0] + 6, y + 10, _cut(below, letters + 5), size=10, fill=SOFT))
    return svg.G(elements=[box, *texts])


def _cut(text: str, letters: int) -> str:
    shown = visible(text)
    return shown if len(shown) <= letters else f"{shown[: letters - 1]}…"
