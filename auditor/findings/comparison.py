"""Two reports side by side: what is new, what is fixed, and what nobody looked at any more."""

from collections.abc import Iterator, Mapping

from auditor.findings.report import (
    Compared,
    Comparison,
    JudgedFinding,
    JudgedGap,
    Outcome,
    Report,
    Result,
    Unseen,
)

NO_LONGER_WAIVED = "no longer waived"


def compare(base: Report, head: Report) -> Comparison:
    """Return what became of each finding from an older report to a newer one. Cost: linear."""
    before, after = by_fingerprint(base), by_fingerprint(head)
    known, now = by_check(base), by_check(head)
    sorted_in: dict[str, list[Compared]] = {}
    for code, (result, finding) in after.items():
        standing, why = _standing(before.get(code), finding)
        sorted_in.setdefault(standing, []).append(_compared(result, finding, why))
    for code, (result, finding) in before.items():
        if code not in after:
            why = why_unseen(now.get((result.check, result.subject)))
            why = why or why_elsewhere(places_of(finding), result.subject, head)
            standing = "not_looked_at" if why else "fixed"
            sorted_in.setdefault(standing, []).append(_compared(result, finding, why))
    return Comparison(
        as_of=(base.as_of, head.as_of),
        verdict=(base.verdict, head.verdict),
        incomplete=tuple(_newly_unseen(known, now)),
        **{standing: _in_order(found) for standing, found in sorted_in.items()},
    )


def _standing(former: tuple[Result, JudgedFinding] | None, now: JudgedFinding) -> tuple[str, str]:
    """Return the list in which a finding of the newer report stands, and why."""
    was_waived = former is not None and former[1].waived_by is not None
    if now.waived_by is not None:
        return ("unchanged" if was_waived else "waived"), f"by {now.waived_by}"
    if former is None:
        return "new", ""
    return ("new", NO_LONGER_WAIVED) if was_waived else ("unchanged", "")


def why_unseen(result: Result | None) -> str:
    """Return why a finding that is gone may still be there, "" if somebody looked."""
    if result is None:
        return "no check of that name looked at that subject"
    if result.outcome is Outcome.NOT_CHECKED:
        return result.detail or "not checked"
    if result.outcome is Outcome.NOT_APPLICABLE:
        return f"not promised any more: {result.detail}"
    if result.restriction:
        return result.restriction
    return _gap(result.gaps[0], len(result.gaps)) if result.gaps else ""


def places_of(finding: JudgedFinding) -> frozenset[tuple[str, str]]:
    """Return the pages on which a finding was seen, each with the visitor's state."""
    return frozenset((seen.page, seen.state) for seen in finding.seen)


def why_elsewhere(places: frozenset[tuple[str, str]], subject: str, head: Report) -> str:
    """Return why a look at a site is no look at where a finding was, "" if it was one.

    A page that was not opened, and a state in which nobody came, show nothing of it.
    """
    listed = head.coverage.get("looked_at", ())
    looked = next((one for one in listed if one["subject"] == subject), None)
    if looked is None or "page_count" not in looked or not places:
        return ""
    states = {state for _, state in places}
    if "" not in states and states.isdisjoint(looked["states"]):
        return f"nobody looked in the state {', '.join(sorted(states))}"
    pages = {page for page, _ in places}
    is_whole = len(looked["pages"]) == looked["page_count"]
    if "" not in pages and is_whole and pages.isdisjoint(looked["pages"]):
        first = min(pages)
        return f"{first} was not opened" + (
            f", and {len(pages) - 1} more" if pages - {first} else ""
        )
    return ""


def _newly_unseen(
    known: Mapping[tuple[str, str], Result], now: Mapping[tuple[str, str], Result]
) -> Iterator[Unseen]:
    """Yield the checks that saw a subject whole before, and now did not."""
    for (check, subject), former in sorted(known.items()):
        result = now.get((check, subject))
        looked = former.outcome in {Outcome.PASS, Outcome.FAIL} and not former.gaps
        applies = result is None or result.outcome is not Outcome.NOT_APPLICABLE
        if looked and applies and (why := why_unseen(result)):
            yield Unseen(check=check, subject=subject, why=why)


def _gap(gap: JudgedGap, number: int) -> str:
    words = f"{gap.what}: {gap.reason.replace('_', ' ')}"
    stated = f", stated by {gap.attested_by}" if gap.attested_by else ""
    return words + stated + (f", and {number - 1} more" if number > 1 else "")


def by_check(report: Report) -> dict[tuple[str, str], Result]:
    """Return results by their check and subject."""
    return {(result.check, result.subject): result for result in report.results}


def by_fingerprint(report: Report) -> dict[str, tuple[Result, JudgedFinding]]:
    """Return findings by their fingerprint, each with its result."""
    return {f.fingerprint: (result, f) for result in report.results for f in result.findings}


def _compared(result: Result, finding: JudgedFinding, why: str) -> Compared:
    return Compared(
        fingerprint=finding.fingerprint,
        check=result.check,
        subject=result.subject,
        object=finding.object,
        severity=finding.severity,
        message=finding.message,
        why=why,
    )


def _in_order(found: list[Compared]) -> tuple[Compared, ...]:
    return tuple(
        sorted(found, key=lambda one: (-one.severity.rank, one.check, one.object, one.fingerprint))
    )
