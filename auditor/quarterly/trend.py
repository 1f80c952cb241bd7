"""A retention trend as SVG: the share of records that are too old, run by run."""

from typing import Final

import svg
from markupsafe import Markup

from auditor.quarterly.facts import Trend
from auditor.report.html.drawing import SOFT, picture, words

WIDTH: Final = 340
TOP, FLOOR, HEIGHT = 18, 84, 104
LATE: Final = "#b42318"


def drawn(trend: Trend, number: int) -> Markup:
    """Return the drawing; runs in which nobody could count break the line."""
    seen = [(day, late / rows) for day, rows, late in trend.points if rows and late is not None]
    days = [day for day, _, _ in trend.points]
    span = max((days[-1] - days[0]).days, 1)
    most = max((share for _, share in seen), default=0.0)
    highest = most or 1.0
    said = f"at most {most:.1%} too old" if most else "none too old"
    elements: list[svg.Element] = [
        svg.Line(x1=0, x2=WIDTH, y1=FLOOR, y2=FLOOR, stroke=SOFT, class_=["axis"]),
        words(0, FLOOR + 14, str(days[0]), size=10, fill=SOFT),
        words(WIDTH, FLOOR + 14, str(days[-1]), size=10, fill=SOFT, anchor="end"),
        words(0, 11, said if seen else "nobody could count", size=10),
    ]
    places = [
        (
            round(4 + (WIDTH - 8) * (day - days[0]).days / span, 1),
            round(FLOOR - (FLOOR - TOP) * share / highest, 1),
        )
        for day, share in seen
    ]
    if len(places) == len(days) > 1:
        elements.append(
            svg.Path(
                d=[svg.M(*places[0]), *(svg.L(*place) for place in places[1:])],
                fill="none",
                stroke=LATE,
                stroke_width=2,
                class_=["edge", "early"],
            )
        )
    elements += [svg.Circle(cx=x, cy=y, r=3, fill=LATE, class_=["bar", "late"]) for x, y in places]
    title = f"{trend.name}: share of records that are too old"
    return picture(WIDTH, HEIGHT, f"trend-{number}", title, elements)
