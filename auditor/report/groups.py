"""What repeats, told once: findings with the same way out, sightings alike, gaps of one cause.

Nothing is judged and nothing is dropped here; how much of a group is shown, each format decides.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.evidence import Reason, State
from auditor.findings import JudgedFinding, Report, Result, Sighting

MANY = 3  # findings alike that read better as a table
STATES = [*State, ""]


class Block(Struct, frozen=True, kw_only=True):
    """One finding, or many that differ only in what they are about; the first stands for all."""

    result: Result
    findings: tuple[JudgedFinding, ...]

    @property
    def first(self) -> JudgedFinding:
        """Return the finding whose severity, place and remedies are those of all."""
        return self.findings[0]


class Scene(Struct, frozen=True, kw_only=True):
    """The same thing on several pages: each of the pages shows it in each of the states."""

    pages: tuple[str, ...]
    states: tuple[str, ...]
    by: str
    detail: str


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """Gaps of one subject, reason and set of checks; `whats` are pairs of what and needs."""

    subject: str
    reason: Reason
    whats: tuple[tuple[str, str], ...]
    checks: tuple[str, ...]
    attested_by: str | None


def blocks(report: Report) -> tuple[Block, ...]:
    """Return the findings that no waiver accepts, the worst first, with those alike in one."""
    found: dict[object, list[tuple[Result, JudgedFinding]]] = {}
    for result in report.results:
        for finding in result.findings:
            if finding.waived_by is None:
                found.setdefault(_alike(result, finding), []).append((result, finding))
    apart: list[Block] = []
    for pairs in found.values():
        groups = [pairs] if len(pairs) >= MANY else [[pair] for pair in pairs]
        apart += [
            Block(result=group[0][0], findings=tuple(f for _, f in group)) for group in groups
        ]
    return tuple(sorted(apart, key=_worst_first))


def waived(report: Report) -> dict[str, list[tuple[Result, JudgedFinding]]]:
    """Return the findings that waivers accept, by the waiver's id."""
    found: dict[str, list[tuple[Result, JudgedFinding]]] = {}
    for result in report.results:
        for finding in result.findings:
            if finding.waived_by is not None:
                found.setdefault(finding.waived_by, []).append((result, finding))
    return dict(sorted(found.items()))


def scenes(seen: Iterable[Sighting]) -> tuple[Scene, ...]:
    """Return sightings with those alike joined, in the order in which they were first seen."""
    where: dict[tuple[str, str], dict[str, list[str]]] = {}
    for item in seen:
        states = where.setdefault((item.by, item.detail), {}).setdefault(item.page, [])
        if item.state not in states:
            states.append(item.state)
    found: list[Scene] = []
    for (by, detail), states_of in where.items():
        pages: dict[tuple[str, ...], list[str]] = {}
        for page, states in states_of.items():
            pages.setdefault(tuple(sorted(states, key=_rank)), []).append(page)
        found += [
            Scene(pages=tuple(names), states=states, by=by, detail=detail)
            for states, names in pages.items()
        ]
    return tuple(found)


def open_questions(report: Report) -> tuple[OpenQuestion, ...]:
    """Return each gap once, with the checks that it leaves open; what is attested comes last."""
    checks: dict[tuple[str, Reason, str, str, str], set[str]] = {}
    for result in report.results:
        for gap in result.gaps:
            key = (result.subject, gap.reason, gap.attested_by or "", gap.what, gap.needs)
            checks.setdefault(key, set()).add(result.check)
    found: dict[tuple[str, Reason, str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for (subject, reason, attested, what, needs), ids in checks.items():
        alike = (subject, reason, attested, tuple(sorted(ids)))
        found.setdefault(alike, []).append((what, needs))
    return tuple(
        OpenQuestion(
            subject=subject, reason=reason, whats=whats, checks=ids, attested_by=attested or None
        )
        for (subject, reason, attested, ids), group in sorted(found.items(), key=_attested_last)
        for whats in _worth_a_table(group)
    )


def _block(group: Sequence[tuple[Result, JudgedFinding]]) -> Block:
    return Block(result=group[0][0], findings=tuple(finding for _, finding in group))


def _alike(result: Result, finding: JudgedFinding) -> object:
    remedies = tuple((remedy.kind, remedy.text, remedy.is_entry) for remedy in finding.remedies)
    return result.check, result.subject, finding.severity, finding.policy, remedies


def _worst_first(block: Block) -> tuple[int, str, str, str]:
    return -block.first.severity.rank, block.result.check, block.result.subject, block.first.object


def _rank(state: str) -> int:
    return STATES.index(state) if state in STATES else len(STATES)


def _attested_last(
    item: tuple[tuple[str, Reason, str, tuple[str, ...]], object],
) -> tuple[bool, str, str, tuple[str, ...]]:
    subject, reason, attested, ids = item[0]
    return bool(attested), subject, reason.value, ids


def _worth_a_table(
    whats: Sequence[tuple[str, str]],
) -> Iterable[tuple[tuple[str, str], ...]]:
    """Keep together what needs the same, and anything that is many; else one by one."""
    if len(whats) >= MANY:
        return [tuple(whats)]
    by_need: dict[str, list[tuple[str, str]]] = {}
    for what, needs in whats:
        by_need.setdefault(needs, []).append((what, needs))
    return [tuple(group) for group in by_need.values()]
