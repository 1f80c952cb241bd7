"""What speaks against an exemption, in what was seen: "necessary" is a claim, not a switch.

Exempt from consent is what a visitor's own request cannot work without, or what only carries a
message (ePrivacy Art. 5(3)). Who is behind it, who writes it, where, for how long and who is sent
it can show that this is not so.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from auditor.durations import add, humanize_seconds, parse_duration
from auditor.evidence import CookieSent, CookieSet, SiteEvidence, StorageKept
from auditor.findings import Severity
from auditor.matching.declarations import Declarations, Kept, Match, Objection, writer_of
from auditor.matching.undeclared import behind
from auditor.policy import SELF, Policy, StorageRow
from auditor.vocabulary import covers

NEVER_NECESSARY: Final = (
    "analytics",
    "marketing",
    "personalize",
    "third_party_sharing",
    "sales",
    "train_ai_system",
)
AUDIENCE: Final = "exempt_audience_measurement"
# The longest that an authority grants without consent, for visitor counts: CNIL, guidelines on
# cookies of 17 September 2020, art. 5. What one visit needs is hardly needed for longer.
LONGEST: Final = parse_duration("P13M")
_START = date(2024, 1, 1)  # from this day on thirteen months are longest: 397 days
_TOLERANCE = timedelta(days=1)

Sighted = CookieSet | CookieSent | StorageKept


class Doubt(Struct, frozen=True, kw_only=True):
    """What was seen that speaks against an exempt row; `facet` tells doubts about it apart.

    `words` end a sentence that begins "`NAME` is exempt_strictly_necessary"; `keys` are those of
    the row on which the doubt rests.
    """

    row: StorageRow
    facet: str
    words: str
    seen: tuple[Sighted, ...]
    severity: Severity = Severity.MEDIUM
    keys: tuple[str, ...] = ()


def is_exempt(row: StorageRow) -> bool:
    """Return whether a row says that it needs no consent."""
    return row.consent != "required"


def doubts(policy: Policy, site: SiteEvidence) -> Iterator[Doubt]:
    """Yield what a site shows against the policy's exempt rows."""
    declarations = Declarations(policy, site)
    items: tuple[Kept, ...] = (*site.cookies, *site.storage)
    for item in filter(lambda item: item.is_kept, items):
        for match, seen in declarations.matches_of(item):
            row = match.row
            if row and is_exempt(row) and match.objection is not Objection.DOMAIN:
                there = tuple(one for one in seen if _is_there(one))
                if there:
                    yield from _of_place(row, match, there)
                    yield from _of_service(row, site, item, there)
                    yield from _of_life(row, there)
                    yield from _of_recipients(declarations, row, there)


def _is_there(seen: Sighted) -> bool:
    return not isinstance(seen, CookieSet) or seen.is_kept


def _of_place(row: StorageRow, match: Match, seen: tuple[Sighted, ...]) -> Iterator[Doubt]:
    """Doubt what is there where its reason does not apply, or what somebody else writes."""
    if match.objection is Objection.PAGE:
        where = ", ".join(row.pages)
        yield Doubt(
            row=row, facet="pages", words=f" on {where}, and is there elsewhere", seen=seen
        )
    elif match.objection is Objection.AUTHOR:
        writers = ", ".join(sorted({writer_of(one) for one in seen} - {""}))
        whose = "ours" if row.set_by == SELF else f"that of {row.set_by}"
        words = f" as {whose}, and {writers} writes it"
        yield Doubt(row=row, facet="writer", words=words, seen=seen, keys=("set_by",))


def _of_service(
    row: StorageRow, site: SiteEvidence, item: Kept, seen: tuple[Sighted, ...]
) -> Iterator[Doubt]:
    """Doubt what belongs to a service that people use for something that can wait."""
    found = behind(site, item)
    if not found.purposes or any(_fits(row, purpose) for purpose in found.purposes):
        return
    is_known = found.confidence != "name"
    what = "belongs to" if is_known else "has a name of"
    called = found.called or found.owner
    yield Doubt(
        row=row,
        facet=f"service:{found.service or called}",
        words=f", but {what} {called}, whose use is {' and '.join(found.purposes)}",
        seen=seen,
        severity=Severity.HIGH if is_known else Severity.MEDIUM,
    )


def _fits(row: StorageRow, purpose: str) -> bool:
    """Return whether something with such a purpose may be what the row says."""
    if row.consent == AUDIENCE:
        return covers("analytics", purpose)
    return not any(covers(use, purpose) for use in NEVER_NECESSARY)


def _of_life(row: StorageRow, seen: Sequence[Sighted]) -> Iterator[Doubt]:
    """Doubt what is to end with the visit and does not, and what lasts for more than a year."""
    for_session = row.max_age == "session"
    limit = timedelta() if for_session else add(_START, LONGEST) - _START + _TOLERANCE
    asked = [one for one in seen if isinstance(one, CookieSet) and _lasts(one) > limit]
    if asked:
        longest = max(asked, key=_lasts)
        least = "at least " if longest.capped else ""
        most = "the session" if for_session else "thirteen months"
        words = f" and asks for {least}{humanize_seconds(longest.lifetime or 0)}, not {most}"
        yield Doubt(row=row, facet="lifetime", words=words, seen=tuple(asked), keys=("max_age",))


def _lasts(seen: CookieSet) -> timedelta:
    return timedelta(seconds=min(seen.lifetime or 0, 10**11))


def _of_recipients(
    declarations: Declarations, row: StorageRow, seen: Sequence[Sighted]
) -> Iterator[Doubt]:
    """Doubt a site's own visitor counts that are sent to somebody who does not do them for it."""
    if row.consent != AUDIENCE:
        return
    others = [
        one
        for one in seen
        if isinstance(one, CookieSent) and not _counts_for_us(declarations, row, one.host)
    ]
    for host in sorted({one.host for one in others}):
        yield Doubt(
            row=row,
            facet=f"recipient:{host}",
            words=f", but is sent to {host}, who is not said to count for us alone",
            seen=tuple(one for one in others if one.host == host),
            severity=Severity.HIGH,
        )


def _counts_for_us(declarations: Declarations, row: StorageRow, host: str) -> bool:
    owner = declarations.processor(host)
    if owner is None:
        return declarations.is_first_party(host)
    return owner.id == row.set_by and owner.role in {"processor", "sub_processor"}
