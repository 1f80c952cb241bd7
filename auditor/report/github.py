"""Annotations, outputs and the summary of a job on GitHub: what each says, not where it goes.

Source: GitHub's "Workflow commands for GitHub Actions", and `@actions/core` for the escapes. A
step may have 10 annotations of a kind, a summary 1 MiB. The room `cli` knows the files.
"""

import json
from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec import Struct

from auditor.findings import Severity, counts_against, is_observed
from auditor.report.groups import Block, OpenQuestion, blocks, open_questions
from auditor.report.markdown import whole
from auditor.report.safe import visible
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_REASON, first_seen, message_of, plural

SHOWN = 9  # and one that counts the others
NAMES = 10  # of one annotation
LARGEST_SUMMARY = 1024 * 1024  # bytes, of a step
KINDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


class Annotation(Struct, frozen=True, kw_only=True):
    """One remark beside the code; how many findings and open questions it stands for.

    Without a `path` it stands in policy.yaml.
    """

    kind: str
    title: str
    message: str
    path: str = ""
    line: int = 1
    column: int = 1
    findings: int = 0
    questions: int = 0


def render_github(story: Story) -> bytes:
    """Return the workflow commands: the worst first, the last one counts those left out."""
    told = [*_annotations(story)]
    shown, others = (told[:SHOWN], told[SHOWN:]) if len(told) > SHOWN + 1 else (told, [])
    if others:
        shown = [*shown, _others(others)]
    return "".join(_command(one, story.path) for one in shown).encode()


def summary(story: Story, room: int = LARGEST_SUMMARY) -> str:
    """Return the job's summary in Markdown, no longer than this many bytes, whole or cut."""
    return whole(story, room)


def outputs(story: Story) -> Mapping[str, str]:
    """Return what later steps may ask for: `steps.ID.outputs.verdict`."""
    report = story.report
    return {
        "verdict": report.verdict.value,
        "incomplete": json.dumps(report.incomplete),
        "findings": str(report.counts.findings),
        "gaps": str(report.counts.gaps),
        "counts": msgspec.json.encode(report.counts).decode(),
    }


def outputs_file(values: Mapping[str, str], delimiter: Callable[[], str]) -> str:
    """Return lines for GITHUB_OUTPUT; each value stands between delimiters that nobody guesses."""
    lines: list[str] = []
    for name, value in values.items():
        end = delimiter()
        if end in value:
            raise ValueError("the delimiter stands in the value")
        lines += [f"{name}<<{end}", value, end]
    return "".join(f"{line}\n" for line in lines)


def _annotations(story: Story) -> Iterator[Annotation]:
    """Yield what counts, then what nobody could look at, then what is below the threshold."""
    report = story.report
    found = [part for block in blocks(report) for part in _apart(block)]
    counting = [block for block in found if counts_against(block.first, report.fail_on)]
    yield from (_finding(story, block, KINDS[block.first.severity]) for block in counting)
    if not is_observed(report.results):
        text = "nothing but the policy itself was looked at"
        yield Annotation(kind="error", title="incomplete", message=text, questions=1)
    for question in open_questions(report):
        if not question.attested_by:
            yield _question(question)
    yield from (_finding(story, block, "notice") for block in found if block not in counting)


def _apart(block: Block) -> Iterator[Block]:
    """Yield what stands in one place: what was seen in source stands at lines of its own."""
    if block.result.subject != "code":
        yield block
        return
    for finding in block.findings:
        yield Block(result=block.result, findings=(finding,))


def _finding(story: Story, block: Block, kind: str) -> Annotation:
    first = block.first
    there = story.line_of(block.result, first)
    lines = [message_of(block)]
    if len(block.findings) > 1:
        names = [finding.object.partition(":")[2] for finding in block.findings[:NAMES]]
        more = len(block.findings) - len(names)
        lines.append(", ".join(names) + (f" and {more} more" if more else ""))
    elif seen := first_seen(first):
        lines.append(f"seen: {seen}")
    lines += [f"{remedy.kind}: {remedy.text}" for remedy in first.remedies]
    lines.append(f"why: audit explain {block.result.check}")
    return Annotation(
        kind=kind,
        title=f"{first.severity}: {block.result.check}",
        message="\n".join(map(visible, lines)),
        path=there.path if there else "",
        line=there.line if there else max(first.policy.line, 1),
        column=(there.column or 1) if there else max(first.policy.column, 1),
        findings=len(block.findings),
    )


def _question(question: OpenQuestion) -> Annotation:
    names = [what for what, _ in question.whats[:NAMES]]
    more = len(question.whats) - len(names)
    first, *others = dict.fromkeys(need for _, need in question.whats)
    lines = [
        f"{question.subject}: {WORDS_OF_REASON[question.reason]}",
        "; ".join(names) + (f" and {more} more" if more else ""),
        f"needs: {first}" + (f" and {len(others)} more" if others else ""),
        f"leaves open: {', '.join(question.checks)}",
    ]
    text = "\n".join(map(visible, lines))
    return Annotation(kind="error", title="could not be looked at", message=text, questions=1)


def _others(left: list[Annotation]) -> Annotation:
    findings, questions = sum(one.findings for one in left), sum(one.questions for one in left)
    said = [plural(findings, "finding")] if findings else []
    said += [plural(questions, "question") + " that nobody could answer"] if questions else []
    kinds = [one.kind for one in left]
    worst = next(kind for kind in ("error", "warning", "notice") if kind in kinds)
    text = f"{len(left)} more in the summary: {' and '.join(said)}"
    return Annotation(kind=worst, title="more in the summary", message=text)


def _command(one: Annotation, path: str) -> str:
    facts = {
        "file": one.path or path,
        "line": one.line,
        "endLine": one.line,
        "col": one.column,
        "title": one.title,
    }
    said = ",".join(f"{name}={_value(visible(str(value)))}" for name, value in facts.items())
    return f"::{one.kind} {said}::{_data(one.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
