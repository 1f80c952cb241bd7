"""Today's findings as dated waivers, so that a team can begin with what is new.

A baseline documents known infringements; it makes none of them lawful. So each waiver has an end,
an owner and somebody who approved it, and what matters most ends first. Gaps stay: a waiver never
covers what nobody looked at.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from fnmatch import fnmatchcase

from msgspec import Struct, structs

from auditor.accept import Addition, WaiverTerms, free_id, is_nameable, waiver
from auditor.findings import JudgedFinding, Report, Result, Severity
from auditor.policy import Policy
from auditor.waivers import apply_waivers

URGENT_DAYS, OTHER_DAYS = 90, 180  # the longest that something may stay so
# What people are owed, however severe.
URGENT = (
    "retention-*",
    "processor-retention-*",
    "processor-data-*",
    "notice-retention",
    "rights-*",
    "notice-rights",
    "erasure-*",
)
ON_WAIVERS = ("waiver-expired", "waiver-unused")  # judged after waivers: none can cover them


class Baseline(Struct, frozen=True, kw_only=True):
    """What is written: a waiver for each thing that is objected to, None if there is none.

    `urgent` of the `waived` end after 90 days. `below` and `gaps` are what it leaves: findings
    that fail nothing, and what nobody looked at; `unnamed` what a waiver cannot name, `on_waivers`
    the findings on waivers themselves.
    """

    addition: Addition | None
    waived: int
    urgent: int
    below: int
    gaps: int
    unnamed: tuple[str, ...] = ()
    on_waivers: int = 0


def baseline(policy: Policy, report: Report, terms: WaiverTerms) -> Baseline:
    """Return a waiver for all that none of the policy's covers on the day they are created.

    `terms.expires` can only shorten what severity and check allow.
    """
    results, _ = apply_waivers(policy, report.results, terms.created)
    # One waiver covers all objections to one object: the worst decides how long it may last.
    worst: dict[tuple[str, str, str], tuple[Result, JudgedFinding]] = {}
    below, unnamed = 0, dict[str, None]()
    for result, finding in _open(results):
        if finding.severity.rank < report.fail_on.rank:
            below += 1
            continue
        if not is_nameable(finding):
            unnamed[finding.object] = None
            continue
        key = (result.check, result.subject, finding.object)
        if key not in worst or finding.severity.rank > worst[key][1].severity.rank:
            worst[key] = (result, finding)
    taken, entries, urgent = {one.id for one in policy.waivers}, [], 0
    for result, finding in worst.values():
        is_urgent = _is_urgent(result, finding)
        urgent += is_urgent
        last = terms.created + timedelta(days=URGENT_DAYS if is_urgent else OTHER_DAYS)
        until = structs.replace(terms, expires=min(last, terms.expires or last))
        name = free_id(finding, taken)
        taken.add(name)
        entries.append(waiver(result, finding, until, name).entry)
    note = (
        f"# Baseline of {terms.created}: what was known to be wrong on that day. A waiver makes it"
        "\n# visible and gives it an end; it does not make it lawful."
    )
    entry = "\n".join([note, *entries])
    return Baseline(
        addition=Addition(section="waivers", entry=entry) if entries else None,
        waived=len(entries),
        urgent=urgent,
        below=below,
        unnamed=tuple(unnamed),
        on_waivers=sum(len(one.findings) for one in results if one.check in ON_WAIVERS),
        gaps=sum(gap.attested_by is None for result in results for gap in result.gaps),
    )


def _open(results: Iterable[Result]) -> Iterator[tuple[Result, JudgedFinding]]:
    for result in results:
        if result.check not in ON_WAIVERS:
            yield from ((result, one) for one in result.findings if one.waived_by is None)


def _is_urgent(result: Result, finding: JudgedFinding) -> bool:
    owed = any(fnmatchcase(result.check, name) for name in URGENT)
    return owed or finding.severity.rank >= Severity.HIGH.rank
