"""What could not be looked at, as notifications of the run (SARIF 3.20.21 and 3.58)."""

from collections.abc import Iterator
from typing import Any

from auditor.findings import Outcome, is_observed
from auditor.report.groups import OpenQuestion, open_questions
from auditor.report.safe import visible
from auditor.report.sarif.rules import MOST_TAGS, Rules
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_REASON, plural

MOST = 1000  # notifications
NAMES = 20  # of one notification


def notifications(
    story: Story, rules: Rules, *, left_out: list[dict[str, Any]], most: int
) -> list[dict[str, Any]]:
    """Return what nobody saw, and what this file leaves out; errors first."""
    told = [*_left_out(left_out, most), *_untagged(rules), *_unseen(story), *_unasked(story)]
    if (more := len(told) - MOST) > 0:
        text = f"{plural(more, 'notification')} more; --format json has all of them."
        told = [*told[:MOST], _note("left_out", "warning", text)]
    return told


def _left_out(left_out: list[dict[str, Any]], most: int) -> Iterator[dict[str, Any]]:
    if left_out:
        number = plural(len(left_out), "finding")
        text = f"{number} more are not in this file, which holds the worst {most}."
        yield _note("left_out", "warning", f"{text} --format json has all of them.")


def _untagged(rules: Rules) -> Iterator[dict[str, Any]]:
    for check, number in rules.untagged.items():
        text = f"{check}: {plural(number, 'tag')} beyond {MOST_TAGS} left out."
        yield _note("left_out", "note", text)


def _unseen(story: Story) -> Iterator[dict[str, Any]]:
    if not is_observed(story.report.results):
        yield _note("nothing_observed", "error", "Nothing but the policy itself was looked at.")
    for question in open_questions(story.report):
        yield _question(question)


def _question(question: OpenQuestion) -> dict[str, Any]:
    names = [visible(what) for what, _ in question.whats[:NAMES]]
    more = len(question.whats) - len(names)
    listed = "; ".join(names) + (f"; and {more} more" if more else "")
    needs = [visible(need) for need in dict.fromkeys(need for _, need in question.whats)]
    text = f"{visible(question.subject)}: {listed}: {WORDS_OF_REASON[question.reason]}."
    if question.attested_by:
        text += f" Stated by a person ({visible(question.attested_by)}), not observed."
        return _note("attested", "note", text, subject=question.subject, checks=question.checks)
    text += f" Needs: {'; '.join(needs[:NAMES])}. Leaves open: {', '.join(question.checks)}."
    return _note(
        question.reason.value, "error", text, subject=question.subject, checks=question.checks
    )


def _unasked(story: Story) -> Iterator[dict[str, Any]]:
    """Yield why checks did not run, and where; nobody looked there either."""
    subjects: dict[str, dict[str, None]] = {}
    numbers: dict[str, int] = {}
    for result in story.report.results:
        if result.outcome is Outcome.NOT_CHECKED:
            subjects.setdefault(result.detail, {})[result.subject] = None
            numbers[result.detail] = numbers.get(result.detail, 0) + 1
    for why, where in subjects.items():
        names = [visible(name) for name in where]
        listed = ", ".join(names[:NAMES])
        listed += f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
        number = plural(numbers[why], "check")
        text = f"Not looked at, {visible(why) or 'not asked for'}: {number} on {listed}."
        yield _note("not_checked", "note", text)


def _note(
    name: str, level: str, text: str, *, subject: str = "", checks: tuple[str, ...] = ()
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "descriptor": {"id": name},
        "level": level,
        "message": {"text": text.replace("](", "]\\u0028")},
    }
    if subject:
        said["properties"] = {"subject": visible(subject), "checks": list(checks)}
    return said
