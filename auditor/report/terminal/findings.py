"""Findings on a terminal: what, the line of policy.yaml, where it was seen, the ways out, why."""

from collections.abc import Iterator
from datetime import date

from auditor.findings import JudgedFinding, Severity, counts_against
from auditor.report.groups import Block, Scene, blocks, scenes, waived
from auditor.report.safe import visible
from auditor.report.terminal.layout import (
    BLUE,
    BOLD,
    DIM,
    GLUE,
    RED,
    YELLOW,
    Screen,
    hang,
    row,
    some,
    table,
)
from auditor.report.words import WORDS_OF_STATE, message_of, noun_of, plural
from auditor.vocabulary import REFERENCES

COLOUR_OF_SEVERITY = {
    Severity.CRITICAL: RED,
    Severity.HIGH: RED,
    Severity.MEDIUM: YELLOW,
    Severity.LOW: BLUE,
}
PAGES_SHOWN = 3
SCENES_SHOWN = 3
ROWS_SHOWN = 100
CODE = 8  # characters of a fingerprint: enough to be the only one
ELSEWHERE = "--format json lists them"


def findings(screen: Screen) -> Iterator[str]:
    """Yield what counts first, the worst on top, then what is below the threshold, then waived."""
    for block in blocks(screen.report):
        yield _block(screen, block)
    for waiver, pairs in waived(screen.report).items():
        names = [f"{visible(f.object)} ({f.severity}, {r.check})" for r, f in pairs]
        lead = f"waived  {visible(waiver)}{_days_left(screen, waiver)}  "
        painted = screen.paint(DIM, "waived") + lead.removeprefix("waived")
        yield hang(lead, some(names, ROWS_SHOWN), screen.width, painted=painted)


def _days_left(screen: Screen, waiver: str) -> str:
    told = screen.report.coverage.get("waivers", {}).get(waiver)
    if not told:
        return ""
    left = date.fromisoformat(told["expires"]) - date.fromisoformat(screen.report.as_of)
    return f", {plural(left.days, 'day')} left" if left.days else ", last day"


def _block(screen: Screen, block: Block) -> str:
    first, check, paint = block.first, block.result.check, screen.paint
    label = f"{first.severity}[{check}]"
    painted = paint(f"{BOLD};{COLOUR_OF_SEVERITY[first.severity]}", label)
    counts = counts_against(first, screen.report.fail_on)
    note = "" if counts else f"  (below threshold: --fail-on {screen.report.fail_on})"
    lead, text = f"{label}: ", visible(message_of(block)) + note
    parts = [hang(lead, text, screen.width, indent=2, painted=f"{painted}: ")]
    parts += _excerpt(screen, first)
    margin = " " * len(str(first.policy.line))
    if len(block.findings) > 1:
        parts += ["", _rows(screen, block), ""]
    for kind, said in _facts(screen, block):
        lead = f"{margin} = {kind:8}"
        painted = f"{margin} {paint(BLUE, '=')} {kind:8}"
        parts.append(hang(lead, said, screen.width, painted=painted))
    return "\n".join(parts)


def _excerpt(screen: Screen, finding: JudgedFinding) -> Iterator[str]:
    """Yield the line of policy.yaml that is contradicted, underlined from its column.

    The very top of the file stands for a section that is not there: nothing to underline.
    """
    place, paint = finding.policy, screen.paint
    number = str(place.line)
    margin = " " * len(number)
    yield f"{margin}{paint(BLUE, '-->')} {visible(place.path)}:{place.line}:{place.column}"
    if 0 < place.line <= len(screen.policy) and (place.line, place.column) != (1, 1):
        whole = screen.policy[place.line - 1].rstrip()
        before = visible(whole[: place.column - 1])
        room = max(screen.width - len(margin) - 3 - len(before), 1)
        marked = visible(whole[place.column - 1 :])[:room]
        bar = paint(BLUE, "|")
        yield f"{margin} {bar}"
        yield f"{paint(BLUE, number)} {bar} {before}{marked}"
        yield f"{margin} {bar} {' ' * len(before)}{paint(YELLOW, '^' * max(1, len(marked)))}"


def _facts(screen: Screen, block: Block) -> Iterator[tuple[str, str]]:
    first = block.first
    if len(block.findings) == 1:
        found = scenes(first.seen)
        for scene in found[:SCENES_SHOWN]:
            yield "seen", _scene(screen, block, scene)
        if len(found) > SCENES_SHOWN:
            yield "seen", f"and in {len(found) - SCENES_SHOWN} more ways ({ELSEWHERE})"
    code = first.fingerprint[:CODE] if len(block.findings) == 1 else "CODE"
    for remedy in first.remedies:
        accept = f" (audit{GLUE}accept{GLUE}{code})" if remedy.is_entry else ""
        yield remedy.kind, visible(remedy.text) + accept
    texts = ", ".join(map(_reference, block.result.references))
    yield "why", row([f"audit{GLUE}explain{GLUE}{block.result.check}", texts])


def _scene(screen: Screen, block: Block, scene: Scene) -> str:
    pages = [_page(screen, page) for page in scene.pages]
    by = "" if scene.by in {"", *scene.pages} else f"by {visible(scene.by)}"
    where = some(pages, PAGES_SHOWN, "page")
    return row([where, _states(screen, block, scene), by, visible(scene.detail)])


def _rows(screen: Screen, block: Block) -> str:
    """Return findings alike as a table: where to look, and the code to accept each."""
    noun = visible(noun_of(block))
    rows: list[tuple[str, ...]] = []
    for finding in block.findings[:ROWS_SHOWN]:
        found = scenes(finding.seen)
        pages = list(dict.fromkeys(_page(screen, page) for s in found for page in s.pages))
        where = pages if any(pages) else [visible(scene.detail) for scene in found]
        states = {_states(screen, block, scene) for scene in found}
        when = "in several states" if len(states) > 1 else "".join(states)
        kind, _, name = finding.object.partition(":")
        named = name if noun != "thing" and name else f"{kind.replace('_', ' ')} {name}"
        rows.append((visible(named), finding.fingerprint[:CODE], some(where, 1), when))
    text = _fitting(rows, (noun, "code", "seen on", "when"), screen.width)
    more = len(block.findings) - len(rows)
    return f"{text}\n  and {more} more ({ELSEWHERE})" if more else text


def _fitting(rows: list[tuple[str, ...]], headers: tuple[str, ...], width: int) -> str:
    """Return a table of as many columns as there is room for; name and code always."""
    for columns in range(len(headers), 2, -1):
        text = table([row[:columns] for row in rows], headers[:columns])
        if max(map(len, text.splitlines())) <= width:
            return text
    return table([row[:2] for row in rows], headers[:2])


def _page(screen: Screen, page: str) -> str:
    """Return a page as its path, where only one site was looked at and it is that one's."""
    looked = [item for item in screen.report.coverage["looked_at"] if "url" in item]
    home = _origin(looked[0]["url"]) if len(looked) == 1 else ""
    own = bool(home) and _origin(page) == home
    return visible(page.removeprefix(home) or "/" if own else page, 100)


def _origin(url: str) -> str:
    """Return what stands before the path, "" where there is no such thing."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}" if mark else ""


def _states(screen: Screen, block: Block, scene: Scene) -> str:
    looked = {
        state
        for item in screen.report.coverage["looked_at"]
        if block.result.subject in {item["subject"], "policy"}
        for state in item.get("states", ())
    }
    if len(scene.states) > 1 and looked == set(scene.states):
        return "in every state"
    return ", ".join(WORDS_OF_STATE.get(state, visible(state)) for state in scene.states)


def _reference(key: str) -> str:
    known = REFERENCES.get(key)
    return known.title.partition(":")[0].replace(" ", GLUE) if known else visible(key)
