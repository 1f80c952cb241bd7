"""What is known of one cell: never more than the checks that bear on it have shown."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct, structs

from auditor.coverage import standing_of
from auditor.export.ropa.rules import RULES, Look
from auditor.export.ropa.subjects import concerns, outlived_by, subjects, unwatched_recipients
from auditor.findings import JudgedFinding, Outcome, Report, Result, outcome_of
from auditor.policy import Claim, Policy, ProcessingActivity, Retention

NO_REPORT = "no report"
NOWHERE = "policy.yaml names nothing to look at"


class Mark(StrEnum):
    """What is known of a cell."""

    VERIFIED = "verified"
    ATTESTED = "attested"
    DECLARED = "declared only"
    CONTRADICTED = "contradicted"
    NOBODY = "nobody looked"
    EMPTY = "not declared"


class Standing(Struct, frozen=True, kw_only=True):
    """A mark, and what it rests on: a day, checks, people, or what nobody looked at."""

    mark: Mark
    rests_on: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return both: `verified (2026-01-15, retention-overdue)`."""
        more = ", ".join(self.rests_on)
        return f"{self.mark} ({more})" if more else str(self.mark)


class Row(Struct, frozen=True, kw_only=True):
    """An activity and one of its periods (None: it has none, or it is about all of them)."""

    policy: Policy
    activity: ProcessingActivity
    retention: Retention | None
    report: Report | None


class Seen(Struct, frozen=True, kw_only=True):
    """What a look showed on one subject: `standing` in the words of `auditor.coverage`."""

    subject: str
    checks: tuple[str, ...]
    standing: str
    results: tuple[Result, ...]


def standing(column: str, row: Row, *, is_empty: bool) -> Standing:
    """Return what is known of a cell; an empty one can only be contradicted."""
    rule = RULES[column]
    if row.report is None:
        return Standing(mark=Mark.EMPTY) if is_empty else _nobody(NO_REPORT)
    proofs = _all(rule.proofs, row, row.report)
    objected = (*proofs, *_all(rule.objections, row, row.report))
    against = [seen for seen in objected if seen.standing == "contradicted"]
    if against:
        return Standing(mark=Mark.CONTRADICTED, rests_on=tuple(_against(row.policy, against)))
    if is_empty:
        return Standing(mark=Mark.EMPTY)
    if not proofs:
        return _nobody(NOWHERE) if rule.wherever_it_is else Standing(mark=Mark.DECLARED)
    if rule.wherever_it_is and (unwatched := unwatched_recipients(row.policy, row.activity)):
        return _nobody(*(f"nothing of {name} is declared to look at" for name in unwatched))
    return _borne_out(row, row.report, proofs)


def objections(column: str, row: Row) -> tuple[JudgedFinding, ...]:
    """Return the findings that speak against a cell."""
    looks = (*RULES[column].proofs, *RULES[column].objections)
    seen = _all(looks, row, row.report) if row.report else []
    return tuple(found for one in seen for result in one.results for found in result.findings)


def _all(looks: Iterable[Look], row: Row, report: Report) -> list[Seen]:
    return [seen for look in looks for seen in _seen(look, row, report)]


def _borne_out(row: Row, report: Report, proofs: list[Seen]) -> Standing:
    """Return the least that any subject shows."""
    unseen = [seen for seen in proofs if seen.standing not in {"verified", "attested"}]
    if unseen:
        return _nobody(*(f"{check} at {one.subject}" for one in unseen for check in _open(one)))
    for seen in proofs:
        if longer := outlived_by(row.policy, seen.subject, row.retention):
            return _nobody(f"{seen.subject} keeps records for {longer}, which is longer")
    if any(seen.standing == "attested" for seen in proofs):
        return Standing(mark=Mark.ATTESTED, rests_on=tuple(_people(row.policy, proofs)))
    checks = dict.fromkeys(check for seen in proofs for check in _passed(seen))
    return Standing(mark=Mark.VERIFIED, rests_on=(report.as_of, *checks))


def _seen(look: Look, row: Row, report: Report) -> Iterator[Seen]:
    for subject in subjects(look.where, row.policy, row.activity, row.retention):
        found = tuple(
            _narrowed(row, result)
            for result in report.results
            if result.subject == subject and result.check in look.checks
        )
        claim = Claim(id="cell", covered_by=look.checks)
        yield Seen(
            subject=subject,
            checks=look.checks,
            standing=standing_of(claim, found),
            results=found,
        )


def _narrowed(row: Row, result: Result) -> Result:
    """Return a result without findings about other rows, with the outcome that is left."""
    mine = tuple(
        finding
        for finding in result.findings
        if concerns(row.policy, row.activity, row.retention, result.subject, finding)
    )
    if len(mine) == len(result.findings):
        return result
    return structs.replace(result, findings=mine, outcome=outcome_of(mine, result.gaps))


def _against(policy: Policy, against: list[Seen]) -> Iterator[str]:
    """Yield who contradicts, and until when that is accepted if all of it is."""
    last_days = {waiver.id: waiver.expires for waiver in policy.waivers}
    told: dict[str, None] = {}
    for seen in against:
        for result in seen.results:
            if result.findings:
                until = _accepted(result.findings, last_days)
                told[f"{result.check} at {result.subject}{until}"] = None
    yield from told


def _accepted(findings: tuple[JudgedFinding, ...], last_days: dict[str, date | None]) -> str:
    if any(finding.waived_by is None for finding in findings):
        return ""
    days = [last_days.get(finding.waived_by or "") for finding in findings]
    return f"; accepted until {min(filter(None, days), default='a day that is not said')}"


def _people(policy: Policy, proofs: list[Seen]) -> Iterator[str]:
    """Yield who stated it, and when."""
    used = {
        gap.attested_by
        for seen in proofs
        for result in seen.results
        for gap in result.gaps
        if gap.attested_by
    }
    for stated in policy.attestations:
        if stated.id in used:
            yield f"{stated.by or stated.id}, {stated.date or 'no date'}"


def _open(seen: Seen) -> Iterator[str]:
    """Yield the checks of a look that did not look, or all if none applied."""
    known = {result.check: result.outcome for result in seen.results}
    unlooked = {None, Outcome.ERROR, Outcome.NOT_CHECKED}
    missing = [check for check in seen.checks if known.get(check) in unlooked]
    yield from missing or seen.checks


def _passed(seen: Seen) -> Iterator[str]:
    yield from (
        result.check
        for result in seen.results
        if result.outcome not in {Outcome.NOT_APPLICABLE, Outcome.ATTESTED}
    )


def _nobody(*what: str) -> Standing:
    return Standing(mark=Mark.NOBODY, rests_on=what)
