"""Findings as cards: what, why it matters, where it was seen, the line of policy, the ways out."""

from collections.abc import Iterator

from msgspec import Struct

from auditor.evidence import SiteEvidence, State
from auditor.findings import Place, Remedy, Severity, counts_against, utc_text
from auditor.report.groups import Block, Scene, blocks, scenes
from auditor.report.html.tables import Table, cell, table
from auditor.report.story import Story
from auditor.report.terminal.findings import CODE
from auditor.report.words import WORDS_OF_STATE
from auditor.vocabulary import REFERENCES, Reference

MOST = 100  # entries to paste, and codes in a command
AROUND = 2  # lines of policy.yaml above and below the one that is contradicted
WAYS = {
    "remove": "stop or change it",
    "gate": "let it wait for consent",
    "declare": "write it down and tell people",
}
UNDECIDED = "decide what is to happen"


class Line(Struct, frozen=True, kw_only=True):
    """A line of policy.yaml; `is_it`: the one that is contradicted."""

    number: int
    text: str
    is_it: bool


class Way(Struct, frozen=True, kw_only=True):
    """A way out, with what to paste for each finding (`stanzas`) and the command that does."""

    task: str
    text: str
    stanzas: tuple[str, ...]
    command: str
    left_out: int  # stanzas beyond the first hundred


class Card(Struct, frozen=True, kw_only=True):
    """One finding, or several with the same way out."""

    id: str
    check: str
    title: str
    messages: tuple[str, ...]
    severity: Severity
    counts: bool
    subject: str
    place: Place
    lines: tuple[Line, ...]
    seen: Table
    ways: tuple[Way, ...]
    references: tuple[Reference, ...]
    advice: tuple[str, ...]


class Task(Struct, frozen=True, kw_only=True):
    """What there is to choose from for some findings."""

    title: str
    cards: tuple[Card, ...]
    number: int


def tasks(story: Story) -> tuple[Task, ...]:
    """Return all findings that no waiver accepts by what can be done about them, worst first."""
    alike: dict[str, list[Block]] = {}
    for block in blocks(story.report):
        kinds = {remedy.kind for remedy in block.first.remedies}
        title = ", or ".join(words for kind, words in WAYS.items() if kind in kinds) or UNDECIDED
        alike.setdefault(title, []).append(block)
    return tuple(
        Task(
            title=title[0].upper() + title[1:],
            cards=tuple(_card(story, block) for block in group),
            number=sum(len(block.findings) for block in group),
        )
        for title, group in alike.items()
    )


def _card(story: Story, block: Block) -> Card:
    first, result = block.first, block.result
    return Card(
        id=first.fingerprint[:CODE],
        check=result.check,
        title=result.title,
        messages=tuple(finding.message for finding in block.findings),
        severity=first.severity,
        counts=counts_against(first, story.report.fail_on),
        subject=result.subject,
        place=first.policy,
        lines=tuple(_excerpt(story, first.policy)),
        seen=_seen(story, block),
        ways=tuple(_way(block, position) for position in range(len(first.remedies))),
        references=tuple(_reference(key) for key in result.references),
        advice=_paragraphs(story.advice.get(result.check, "")),
    )


def _excerpt(story: Story, place: Place) -> Iterator[Line]:
    """Yield the line and those around it; none where it is a section that is not there."""
    lines = story.policy.origin.text.splitlines()
    if (place.line, place.column) == (1, 1) or not 0 < place.line <= len(lines):
        return
    for number in range(place.line - AROUND, place.line + AROUND + 1):
        if 0 < number <= len(lines):
            yield Line(number=number, text=lines[number - 1], is_it=number == place.line)


def _seen(story: Story, block: Block) -> Table:
    rows = [
        (
            cell(finding.object),
            cell(*scene.pages),
            cell(*_moments(story, block.result.subject, scene)),
            cell(*dict.fromkeys((scene.by, scene.detail))),
        )
        for finding in block.findings
        for scene in scenes(finding.seen)
    ]
    headers = "What | On which page | As which visitor, when | By whom, and how"
    return table(f"Where it was seen: {block.result.check}", headers, rows, "sighting", wide=3)


def _moments(story: Story, subject: str, scene: Scene) -> Iterator[str]:
    """Yield each visitor state with when it was looked at: the moment its recording began."""
    item = next((item for item in story.seen.items if item.subject == subject), None)
    for name in scene.states:
        state = next((state for state in State if state == name), None)
        words = WORDS_OF_STATE.get(name, name)
        began = item.began(state) if isinstance(item, SiteEvidence) else None
        when = began or (item.collected_at if item else None)
        yield ", ".join(filter(None, (words, _moment(utc_text(when)) if when else "")))


def _moment(text: str) -> str:
    return text.replace("T", " ").replace("Z", " UTC")


def _way(block: Block, position: int) -> Way:
    """Return a way out; what is to be pasted differs from finding to finding."""
    remedy = block.first.remedies[position]
    own = [finding.remedies[position] for finding in block.findings if finding.remedies]
    codes = [finding.fingerprint[:CODE] for finding in block.findings]
    more = f" ... ({len(codes) - MOST} more)" if len(codes) > MOST else ""
    return Way(
        task=WAYS[remedy.kind].capitalize(),
        text=remedy.text,
        stanzas=_joined([each for each in own if each.yaml][:MOST]),
        left_out=max(len(codes) - MOST, 0) if remedy.yaml else 0,
        command=f"audit accept {' '.join(codes[:MOST])}{more}" if remedy.is_entry else "",
    )


def _joined(remedies: list[Remedy]) -> tuple[str, ...]:
    """Return what is to be pasted: entries of one section under its name, all else by itself."""
    sections: dict[str, list[str]] = {}
    for remedy in remedies:
        head, mark, body = remedy.yaml.partition("\n")
        key = head + mark if remedy.is_entry else remedy.yaml
        sections.setdefault(key, []).append(body if remedy.is_entry else "")
    return tuple(head + "".join(bodies) for head, bodies in sections.items())


def _reference(key: str) -> Reference:
    return REFERENCES.get(key) or Reference(key=key, title=key)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
