"""The report in words: sections with sentences and tables, the same for every form."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from auditor.findings import Verdict
from auditor.policy import Waiver
from auditor.quarterly.facts import THRESHOLD, Quarter, Step
from auditor.quarterly.findings import State, Tracked
from auditor.quarterly.trend import drawn
from auditor.report.html.tables import Cell, Table, Tone, cell, table
from auditor.report.words import plural
from auditor.vocabulary import REFERENCES

TITLE: Final = "Conformity of observed processing with stated policy"
DOTS: Final = "." * 40  # to be filled in by hand: nothing here is ever signed for somebody
QUESTION: Final = "Is the processing in adherence with the retention policy? If not, why?"
TONES: Final[dict[str, Tone]] = {
    "verified": "good",
    "contradicted": "bad",
    "nobody looked": "warn",
    "not attested": "warn",
    "not known": "warn",
    "no": "bad",
    "yes": "good",
}
LIMITS: Final = (
    "That processing is lawful. It compares what is seen with what is stated.",
    "What happened between two runs, and in weeks without one.",
    "What nothing shows: what data are really used for, what is on paper, what people say.",
    "That such promises are kept: a person attests them, or they stay declared only.",
    "That the ledger is whole at its end: who keeps the last seal elsewhere can tell.",
)


class Section(Struct, frozen=True, kw_only=True):
    """A heading, sentences under it, tables, pictures, and somebody's words as they wrote them."""

    id: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[tuple[str, Markup], ...] = ()
    words: str = ""


def sections(told: Quarter, opinion: str = "") -> tuple[Section, ...]:
    """Return all, the promises first. `opinion` is the data protection officer's."""
    return tuple(_sections(told, opinion))


def headline(told: Quarter) -> str:
    """Return the verdict in one sentence."""
    if told.verdict is Verdict.PASS:
        below = sum(one.state in {State.OPEN, State.UNSEEN} for one in told.left())
        but = f", but for {plural(below, 'finding')} below {THRESHOLD}" if below else ""
        return f"what was observed all through the quarter matches the stated policy{but}"
    return "; ".join(told.why)


def _sections(told: Quarter, opinion: str) -> Iterator[Section]:
    yield Section(
        id="promises",
        title="What is promised, and what is known of it",
        sentences=() if told.promises else ("No run of the quarter shows a promise.",),
        tables=_filled(_promises(told)),
    )
    yield Section(
        id="findings", title="What did not match", sentences=_counted(told), tables=_findings(told)
    )
    yield Section(
        id="coverage",
        title="What was looked at, and when nobody looked",
        sentences=tuple(
            f"From {week.first} through {week.last} nobody looked."
            for week in told.weeks
            if not week.looks
        ),
        tables=_filled(_weeks(told), _coverage(told)),
    )
    yield Section(
        id="changes",
        title="What changed in the policy, and were people told",
        sentences=() if told.steps else ("No run shows another policy than the one before it.",),
        tables=tuple(_change(step) for step in told.steps),
    )
    yield Section(
        id="retention",
        title=QUESTION,
        sentences=(f"{told.retention.capitalize()}.", *told.retention_why),
        tables=_filled(_trends(told)),
        pictures=tuple((one.name, drawn(one, at)) for at, one in enumerate(told.trends)),
    )
    yield Section(
        id="due",
        title="What runs out",
        sentences=()
        if told.due
        else ("No waiver or attestation runs out before the next quarter ends.",),
        tables=_filled(_due(told)),
    )
    yield Section(id="limits", title="What this report does not establish", sentences=LIMITS)
    yield Section(
        id="statement",
        title="Statement of the controller",
        sentences=(
            _statement(told.controller),
            "Name and role: " + DOTS,
            "Place, date, signature: " + DOTS,
        ),
    )
    yield Section(
        id="opinion",
        title="Opinion of the data protection officer",
        sentences=() if opinion else ("None was given.",),
        words=opinion,
    )
    yield Section(
        id="manifest",
        title="Evidence",
        sentences=(
            *(f"{fault.file}: {fault.what}" for fault in told.faults),
            *(
                f"{one.number:06}.json was there at {one.at} (RFC 3161)"
                + ("" if one.is_verified else ", says a token whose signature nobody looked at")
                for one in told.stamps
            ),
            "Each run is an entry of the ledger; its seal covers its words and the seal before.",
        ),
        tables=_filled(_manifest(told)),
    )


def _statement(controller: str) -> str:
    who = controller or "The controller"
    return f"{who} states that no run was left out, and that those named see to what is open."


def _filled(*tables: Table) -> tuple[Table, ...]:
    return tuple(one for one in tables if one.rows)


def _tone(words: str) -> Tone:
    return TONES.get(words, "")


def _promises(told: Quarter) -> Table:
    rows = (
        (
            cell(one.words, one.about),
            cell(
                f"{one.standing} on {one.on}" if one.on else one.standing, tone=_tone(one.standing)
            ),
            cell(one.rests_on),
        )
        for one in told.promises
    )
    return table("Promises", "Promise | What is known | It rests on", rows, "promise", wide=0)


def _counted(told: Quarter) -> tuple[str, ...]:
    left = told.left()
    accepted = sum(one.state is State.WAIVED for one in left)
    return (
        f"Opened in the quarter: {len(told.opened())}. Fixed: {len(told.fixed())}.",
        f"Open at its end: {len(left) - accepted}. Accepted for a time: {accepted}.",
        "Fixed is what somebody looked at again and did not find.",
    )


def _findings(told: Quarter) -> tuple[Table, ...]:
    waivers = {one.id: one for one in told.waivers}
    on = min(told.as_of, told.period.last)
    heads = "Finding | State | Since | Days | Who sees to it"

    def rows(found: Sequence[Tracked]) -> Iterator[tuple[Cell, ...]]:
        for one in found:
            waiver = waivers.get(one.waived_by)
            again = "opened again" if one.reopened else ""
            yield (
                cell(
                    f"{one.severity}: {one.message}",
                    f"{one.check} at {one.subject}",
                    one.fingerprint[:8],
                ),
                cell(one.state, one.why, again, tone="good" if one.fixed else "bad"),
                cell(str(one.opened), f"fixed {one.fixed}" if one.fixed else ""),
                cell(str(one.age(on))),
                cell(*_who(waiver)),
            )

    return _filled(
        table("Open or accepted at the end", heads, rows(told.left()), "finding", wide=0),
        table("Fixed in the quarter", heads, rows(told.fixed()), "finding", wide=0),
    )


def _who(waiver: Waiver | None) -> tuple[str, ...]:
    if waiver is None:
        return ("nobody is named",)
    return (waiver.owner, f"{waiver.id}, until {waiver.expires}", waiver.planned_fix)


def _weeks(told: Quarter) -> Table:
    rows = (
        (
            cell(f"{week.first} - {week.last}"),
            cell(
                str(week.looks) if week.looks else "nobody looked",
                tone="" if week.looks else "warn",
            ),
        )
        for week in told.weeks
    )
    return table("Weeks", "Week | Runs that judge what was seen in it", rows, "week")


def _coverage(told: Quarter) -> Table:
    rows = (
        (
            cell(one.subject),
            cell(f"{one.weeks} of {len(told.weeks)} weeks", tone="" if one.weeks else "warn"),
            cell(str(one.last) if one.last else "never"),
        )
        for one in told.coverage
    )
    return table("What the policy declares", "What | Looked at in | Last", rows, "subject")


def _change(step: Step) -> Table:
    says = {True: "a notice changed too", False: "no notice changed", None: "nobody can tell"}
    rows = [
        (
            cell(change.title, change.what),
            cell(" -> ".join(filter(None, (change.before, change.after)))),
            cell(
                says[step.told] if change.needs_notice else "not needed",
                *(REFERENCES[one].title for one in change.references if one in REFERENCES),
                tone="bad" if change.needs_notice and step.told is False else "",
            ),
        )
        for change in step.changes
    ]
    if step.unreadable:
        rows.append((cell("the policy cannot be read again"), cell(step.unreadable), cell()))
    caption = f"First seen on {step.on}"
    return table(caption, "Change | From, to | Were people told?", rows, "change", wide=1)


def _trends(told: Quarter) -> Table:
    rows = (
        (cell(one.name, one.promise), cell(*(_point(*point) for point in one.points)))
        for one in told.trends
    )
    return table("Records that are too old, run by run", "Records | Too old", rows, "promise")


def _point(day: date, rows: int | None, late: int | None) -> str:
    if rows is None:
        return f"{day}: nobody looked"
    if not rows:
        return f"{day}: none are there"
    return f"{day}: {rows:,}, none with a date" if late is None else f"{day}: {late:,} of {rows:,}"


def _due(told: Quarter) -> Table:
    rows = (
        (
            cell(one.id, one.kind),
            cell(str(one.expires), "has run out" if one.is_over else "", tone=_late(one.is_over)),
            cell(one.who),
        )
        for one in sorted(told.due, key=lambda one: one.expires)
    )
    return table("Waivers and attestations", "What | Last day | Who", rows, "entry")


def _late(is_over: bool) -> Tone:  # noqa: FBT001 -- a fact of one row
    return "bad" if is_over else "warn"


def _manifest(told: Quarter) -> Table:
    rows = (
        (
            cell(f"run {page.entry.number}", str(page.entry.as_of), page.entry.verdict),
            cell(
                f"report {page.entry.report}",
                f"policy {page.entry.policy}",
                f"evidence {page.entry.evidence}",
            ),
            cell(page.entry.seal),
        )
        for page in told.runs
    )
    return table("Runs of the quarter", "Run | SHA-256 | Seal", rows, "run", wide=1)
