"""How long data is kept, and from when that counts."""

from collections.abc import Iterator

from auditor.collect.notices.denying import denied
from auditor.collect.notices.periods import Period, periods_in
from auditor.collect.notices.saying import closest, said
from auditor.collect.notices.units import Unit
from auditor.evidence import Fact
from auditor.knowledge.notices import Hit
from auditor.knowledge.notices.finding import GAP

_ALL = frozenset({"user"})  # personal data as such: no category


def keeping(unit: Unit) -> Iterator[Fact]:
    """Find periods in sentences that speak of keeping or deleting, and what stands for one."""
    if unit.form in {"row", "heading"}:
        return
    keeps = unit.has("verb", "keeps")
    if not keeps and not unit.is_about("retention"):
        return
    about = tuple(key for key in closest(unit, "category") if key not in _ALL)
    others = [hit for hit in unit.hits.get("verb", ()) if hit.key == "not_retention"]
    found = False
    periods = periods_in(unit.folded, unit.languages)
    no = denied(unit, [(one.start, one.end) for one in periods], by="not_kept", names=True)
    for period in periods:
        if (period.start, period.end) in no:
            continue
        if any(_is_about_that(period, hit, unit) for hit in others):
            continue
        found = True
        yield said(
            unit,
            "period",
            "retention",
            "fixed",
            period=period.iso,
            anchor=_anchor(unit, period),
            about=about,
            confidence="high" if keeps else "medium",
        )
    for key in unit.keys("retention"):
        anchor = "" if found else next(iter(unit.keys("anchor")), "")
        sure = "medium" if keeps else "low"
        yield said(
            unit,
            "how long in words",
            "retention",
            key,
            anchor=anchor,
            about=about,
            confidence=sure,
        )


def _anchor(unit: Unit, period: Period) -> str:
    """Return the anchor that stands nearest to a period, those behind it first."""
    hits = unit.hits.get("anchor", ())
    if not hits:
        return ""
    return min(hits, key=lambda hit: (_far(period, hit), -(hit.end - hit.start))).key


def _far(period: Period, hit: Hit) -> int:
    return (
        hit.start - period.end if hit.start >= period.end else 1000 + abs(period.start - hit.end)
    )


def _is_about_that(period: Period, hit: Hit, unit: Unit) -> bool:
    """Return whether a period is that of an answer or an age: "we reply within one month"."""
    if period.start < hit.end and hit.start < period.end:
        return True
    keeps = (one.start for one in unit.hits.get("verb", ()) if one.key == "keeps")
    is_near = hit.end <= period.start <= hit.end + GAP
    return is_near and not any(hit.end <= start < period.start for start in keeps)
