"""What became of each finding from run to run: when it was opened, accepted, fixed.

Fixed is only what somebody looked at again and did not find. What nobody looks at any more stays
open, and says since when.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, structs

from auditor.findings import JudgedFinding, Result, Severity
from auditor.findings.comparison import (
    by_check,
    by_fingerprint,
    places_of,
    why_elsewhere,
    why_unseen,
)
from auditor.history import Page


class State(StrEnum):
    """How a finding stands."""

    OPEN = "open"
    WAIVED = "accepted for a time"
    FIXED = "fixed"
    UNSEEN = "open, and nobody looks any more"


class Tracked(Struct, frozen=True, kw_only=True):
    """One finding through all runs; `opened` is the last time that it was opened."""

    fingerprint: str
    check: str
    subject: str
    object: str
    severity: Severity
    message: str
    opened: date
    last_seen: date
    state: State
    fixed: date | None = None
    waived_by: str = ""
    why: str = ""
    reopened: bool = False
    looked: datetime | None = None  # when what shows it was seen
    places: frozenset[tuple[str, str]] = frozenset()

    def age(self, on: date) -> int:
        """Return for how many days it has been there, or was."""
        return max(((self.fixed or on) - self.opened).days, 0)


def track(pages: Iterable[Page]) -> tuple[Tracked, ...]:
    """Follow each finding through runs, which are in the order of their days. Cost: linear."""
    known: dict[str, Tracked] = {}
    for page in pages:
        day = page.entry.as_of
        results, here = by_check(page.report), by_fingerprint(page.report)
        for code, (result, finding) in here.items():
            found = _again(known.get(code), result, finding, day)
            known[code] = structs.replace(found, looked=page.looked(found.subject))
        for code, former in known.items():
            if code not in here and former.state is not State.FIXED:
                again = results.get((former.check, former.subject))
                known[code] = _gone(former, again, page)
    return tuple(
        sorted(known.values(), key=lambda one: (-one.severity.rank, one.opened, one.check))
    )


def _again(former: Tracked | None, result: Result, found: JudgedFinding, day: date) -> Tracked:
    is_new = former is None or former.state is State.FIXED
    return Tracked(
        fingerprint=found.fingerprint,
        check=result.check,
        subject=result.subject,
        object=found.object,
        severity=found.severity,
        message=found.message,
        opened=day if former is None or is_new else former.opened,
        last_seen=day,
        state=State.WAIVED if found.waived_by else State.OPEN,
        waived_by=found.waived_by or "",
        reopened=former is not None and (is_new or former.reopened),
        places=places_of(found),
    )


def _gone(former: Tracked, result: Result | None, page: Page) -> Tracked:
    """Return what became of one that a run does not show: fixed, if it looked again, and there."""
    looked = page.looked(former.subject)
    why = why_unseen(result) or why_elsewhere(former.places, former.subject, page.report)
    if not why and looked and former.looked and looked <= former.looked:
        why = f"judged again by what was seen on {looked.date()}"
    if why:
        return structs.replace(former, state=State.UNSEEN, why=why)
    fixed = max(looked.date(), former.opened) if looked else page.entry.as_of
    return structs.replace(former, state=State.FIXED, fixed=fixed, why="")
