"""What is promised, and what the runs of a quarter show of it, the newest that looked."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from auditor.export import Wanted
from auditor.export.ropa import Cell, Mark, record
from auditor.history import Page
from auditor.policy import Policy

UNSEEN: Final = frozenset({"nobody looked", "not attested", "not observed"})
PERIOD_KEPT, RECIPIENTS = "practice", "recipients"
WORDS: Final = {
    PERIOD_KEPT: "data is not kept longer than said",
    RECIPIENTS: "nobody receives data but those who are named",
}


class Promise(Struct, frozen=True, kw_only=True):
    """A promise and what is known of it at the end; `on` is the day of the run that shows it."""

    words: str
    about: str
    standing: str
    on: date | None = None
    rests_on: str = ""


class Known(Struct, frozen=True, kw_only=True):
    """A cell of the record of processing, with the day of the run that shows it.

    `name` is the activity, with the data of the period if there are several.
    """

    activity: str
    name: str
    on: date
    cell: Cell


def seen_on(page: Page) -> date:
    """Return the day of the oldest of what a run judged: judging it again later is no look."""
    looked = page.looked()
    return min(looked.date(), page.entry.as_of) if looked else page.entry.as_of


def claims(policy: Policy, runs: Sequence[Page]) -> Iterator[Promise]:
    """Yield each sentence of a notice with the newest run that looked at it."""
    for claim in policy.claims:
        seen = [
            (seen_on(page), str(standing))
            for page in runs
            if (standing := page.report.coverage.get("claims", {}).get(claim.id))
        ]
        told = [one for one in seen if one[1] != "not observed"]
        on, standing = told[-1] if told else (None, "nobody looked")
        by = claim.covered_by if isinstance(claim.covered_by, str) else ", ".join(claim.covered_by)
        words = f"“{claim.quote}”" if claim.quote else claim.id
        yield Promise(
            words=words, about=f"claim:{claim.id}", standing=standing, on=on, rests_on=by
        )


def newest_cells(policy: Policy, runs: Sequence[Page]) -> list[Known]:
    """Return who receives data and whether each period is kept, by the newest run that looked.

    Cost: the record of processing of each run is made once.
    """
    newest: dict[tuple[str, str], Known] = {}
    for page in runs:
        for entry in record(Wanted(policy=policy, report=page.report)):
            for cell in entry.cells:
                key = cell.column.key
                if key not in WORDS:
                    continue
                of = f" ({entry.period})" if entry.period and key == PERIOD_KEPT else ""
                name = f"{entry.activity}{of}"
                if (name, key) not in newest or cell.standing.mark is not Mark.NOBODY:
                    newest[name, key] = Known(
                        activity=entry.activity, name=name, on=seen_on(page), cell=cell
                    )
    return [*newest.values()]


def promise_of(known: Known) -> Promise:
    """Return a cell as a promise."""
    standing = known.cell.standing
    return Promise(
        words=f"{known.name}: {WORDS[known.cell.column.key]}",
        about=f"activity:{known.activity}",
        standing=standing.mark.value,
        on=None if standing.mark is Mark.NOBODY else known.on,
        rests_on=", ".join(standing.rests_on),
    )


def is_kept(cells: Sequence[Known]) -> tuple[str, tuple[str, ...]]:
    """Answer the regulator's question: yes, no and why, or not known and why not."""
    periods = [
        (known.name, known.cell)
        for known in cells
        if known.cell.column.key == PERIOD_KEPT and known.cell.standing.mark is not Mark.EMPTY
    ]
    late = [
        f"{name}: {line}"
        for name, cell in periods
        for line in cell.lines[1:]
        if cell.standing.mark is Mark.CONTRADICTED
    ]
    if late:
        return "no", tuple(late)
    unknown = [
        f"{name}: {', '.join(cell.standing.rests_on) or cell.standing.mark.value}"
        for name, cell in periods
        if cell.standing.mark not in {Mark.VERIFIED, Mark.ATTESTED}
    ]
    if unknown or not periods:
        return "not known", tuple(unknown) or ("policy.yaml sets no period",)
    return "yes", tuple(f"{name}: {cell.standing.mark.value}" for name, cell in periods)
