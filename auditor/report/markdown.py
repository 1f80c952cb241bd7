"""The report as Markdown: the comment on a pull request, and the summary of a job.

The first line of a comment is a marker that nobody sees: with it a job finds its own comment and
writes it anew. Source: GitHub Flavored Markdown 0.29; a comment holds 65,536 characters.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import UNSET, Struct

from auditor.findings import Compared, Comparison, counts_against
from auditor.report.comparison import comparison_parts
from auditor.report.groups import Block, OpenQuestion, blocks, open_questions, scenes, waived
from auditor.report.parts import markdown_part
from auditor.report.safe import code, fenced, prose, span
from auditor.report.story import Story
from auditor.report.words import (
    WORDS_OF_REASON,
    WORDS_OF_STATE,
    covers,
    headline,
    message_of,
    noun_of,
    plural,
    totals,
)

LONGEST = 65_000  # bytes of a comment, so never more characters
ROWS, SCENES, NAMES, QUESTIONS, CHANGES = 20, 3, 5, 20, 20
CODE = 8  # characters of a fingerprint
_KINDS = {
    "host": "third-party host",
    "local_storage": "local storage key",
    "session_storage": "session storage key",
    "indexed_db": "database",
    "cache_storage": "cache",
}


class Piece(Struct, frozen=True, kw_only=True):
    """What is shown whole or not at all, and how many findings are in it."""

    text: str
    findings: int = 0


def render_markdown(story: Story) -> bytes:
    """Return the comment, its marker first: the key is that of the policy and what was asked."""
    key = hashlib.sha256(story.category.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    marker = f"<!-- policy-auditor {key} -->\n"
    return f"{marker}{whole(story, LONGEST - len(marker))}".encode()


def whole(story: Story, room: int) -> str:
    """Return the report in at most this many bytes: what does not fit is counted in its place."""
    head, tail = _head(story), _tail(story)
    pieces = [*_compared(story), _covers(story), *_questions(story), *_findings(story)]
    room -= len(f"{head}{tail}{_cut([Piece(text='', findings=10**9)])}".encode())
    shown: list[str] = []
    for at, piece in enumerate(pieces):
        room -= len(piece.text.encode())
        if room < 0:
            shown.append(_cut(pieces[at:]))
            break
        shown.append(piece.text)
    return f"{head}{''.join(shown)}{tail}"


def _head(story: Story) -> str:
    said = prose(headline(story.report, story.path))
    return f"## Privacy audit: {story.report.verdict}\n\n**{said}**\n\n"


def _tail(story: Story) -> str:
    facts = [*totals(story.report), f"judged as of {story.report.as_of}"]
    return f"{' · '.join(map(prose, facts))}\n"


def _cut(left: Iterable[Piece]) -> str:
    findings = sum(piece.findings for piece in left)
    said = f"{plural(findings, 'finding')} and" if findings else ""
    return f"**Cut here, there is no more room: {said} all else is in `--format html`.**\n\n"


def _compared(story: Story) -> Iterator[Piece]:
    """Yield what became of an older report's findings, the new ones in the first line."""
    found = story.report.comparison
    if found is UNSET:
        return
    yield Piece(text=f"**Since the older report: {_difference(found)}.**\n\n")
    for part in comparison_parts(found):
        yield Piece(text="\n".join((*markdown_part(part, CHANGES), "", "")))


def _difference(found: Comparison) -> str:
    """Return `+1 third-party host, +2 cookies, -1 cookie`."""
    said = [*_by_kind("+", found.new), *_by_kind("-", found.fixed)]
    words = ", ".join(said) or "nothing new"
    return words if found.is_whole else f"{words}; not everything was looked at again"


def _by_kind(sign: str, found: Iterable[Compared]) -> Iterator[str]:
    kinds = Counter(one.object.partition(":")[0] for one in found)
    for kind, number in kinds.items():
        yield f"{sign}{plural(number, prose(_KINDS.get(kind, kind.replace('_', ' '))))}"


def _covers(story: Story) -> Piece:
    lines = (f"- {text}: {', '.join(map(prose, names))}\n" for text, names in covers(story.report))
    return Piece(text=f"{''.join(lines)}\n")


def _questions(story: Story) -> Iterator[Piece]:
    """Yield what could not be looked at, before what was found where somebody looked."""
    asked = open_questions(story.report)
    if not asked:
        return
    number = plural(sum(len(question.whats) for question in asked), "thing")
    lines = [f"- {_question(question)}\n" for question in asked[:QUESTIONS]]
    if (more := len(asked) - QUESTIONS) > 0:
        lines.append(f"- and {plural(more, 'question')} more (`--format html`)\n")
    title = f"### What could not be looked at\n\n<details><summary>{number}</summary>\n\n"
    yield Piece(text=f"{title}{''.join(lines)}\n</details>\n\n")


def _question(question: OpenQuestion) -> str:
    names = ", ".join(span(what, 200) for what, _ in question.whats[:NAMES])
    more = len(question.whats) - NAMES
    said = f"{span(question.subject)}: {names}{f' and {more} more' if more > 0 else ''}"
    if question.attested_by:
        return f"{said}: stated by a person ({span(question.attested_by)}), not observed"
    first, *others = dict.fromkeys(need for _, need in question.whats)
    needs = prose(first) + (f" and {len(others)} more" if others else "")
    told = f"{said}: {WORDS_OF_REASON[question.reason]}. Needs: {needs}."
    return f"{told} Leaves open: {', '.join(map(span, question.checks))}"


def _findings(story: Story) -> Iterator[Piece]:
    """Yield findings in the terminal's groups, the worst first, then those that are accepted."""
    title = "### What does not match\n\n"
    for block in blocks(story.report):
        yield Piece(text=f"{title}{_block(story, block)}", findings=len(block.findings))
        title = ""
    title = "### Accepted for a time\n\n"
    for waiver, pairs in waived(story.report).items():
        names = ", ".join(span(finding.object, 200) for _, finding in pairs[:ROWS])
        more = f" and {len(pairs) - ROWS} more" if len(pairs) > ROWS else ""
        yield Piece(text=f"{title}- {span(waiver)}: {names}{more}\n\n", findings=len(pairs))
        title = ""


def _block(story: Story, block: Block) -> str:
    first, check = block.first, block.result.check
    below = (
        "" if counts_against(first, story.report.fail_on) else f", below {story.report.fail_on}"
    )
    lines = [
        f"**{first.severity}**{below} · {span(check)}: {prose(message_of(block))}",
        "",
        "<details><summary>Where it was seen, and what to do</summary>",
        "",
        *(_rows(block) if len(block.findings) > 1 else _scenes(block)),
        f"- contradicts {span(f'{story.path}:{first.policy.line}')}",
    ]
    for remedy in first.remedies:
        accept = first.fingerprint[:CODE] if len(block.findings) == 1 else "CODE"
        end = f" (`audit accept {accept}`)" if remedy.is_entry else ""
        lines.append(f"- {remedy.kind}: {prose(remedy.text)}{end}")
        if remedy.yaml and len(block.findings) == 1:
            lines += ["", *fenced(remedy.yaml, "yaml"), ""]
    lines += [f"- why: {span(f'audit explain {check}')}", "", "</details>", "", ""]
    return "\n".join(lines)


def _scenes(block: Block) -> Iterator[str]:
    found = scenes(block.first.seen)
    for scene in found[:SCENES]:
        pages = ", ".join(span(page, 200) for page in scene.pages[:SCENES] if page)
        more = f" and {len(scene.pages) - SCENES} more" if len(scene.pages) > SCENES else ""
        states = ", ".join(WORDS_OF_STATE.get(state, span(state)) for state in scene.states)
        by = f"by {span(scene.by, 200)}" if scene.by else ""
        facts = (f"{pages}{more}", states, by, prose(scene.detail))
        yield f"- seen: {' · '.join(filter(None, facts))}"
    if (more_ways := len(found) - SCENES) > 0:
        yield f"- and in {plural(more_ways, 'more way')}"


def _rows(block: Block) -> Iterator[str]:
    yield f"| {prose(noun_of(block))} | code | seen on |"
    yield "|---|---|---|"
    for finding in block.findings[:ROWS]:
        name = finding.object.partition(":")[2] or finding.object
        pages = list(dict.fromkeys(seen.page for seen in finding.seen if seen.page))
        more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
        where = code(pages[0]) + more if pages else ""
        yield f"| {code(name)} | {code(finding.fingerprint[:CODE])} | {where} |"
    if (left := len(block.findings) - ROWS) > 0:
        yield f"| and {left} more | | |"
    yield ""
