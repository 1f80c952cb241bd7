"""The verdict in words, and what it rests on: what was looked at, and what was not."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from auditor.findings import Outcome, Report, Result, Verdict
from auditor.policy import scope_of
from auditor.report.groups import OpenQuestion, open_questions
from auditor.report.html.tables import Cell, Table, cell, counted, table
from auditor.report.words import WORDS_OF_REASON, WORDS_OF_STATE

HEADLINES = {
    Verdict.FAIL: "What was seen does not match what is promised",
    Verdict.INCOMPLETE: "Not everything could be looked at",
    Verdict.PASS: "What was seen matches what is promised",
}
WORDS_OF_OUTCOME = {
    Outcome.FAIL: "does not match",
    Outcome.ERROR: "incomplete",
    Outcome.ATTESTED: "stated by a person",
    Outcome.PASS: "matches",
    Outcome.NOT_CHECKED: "not asked for",
    Outcome.NOT_APPLICABLE: "nothing promised",
}


class Verdicts(Struct, frozen=True, kw_only=True):
    """The verdict: one word, what it means, and its figures as pairs of number and words."""

    word: str
    headline: str
    sentences: tuple[str, ...]
    figures: tuple[tuple[int, str], ...]


def verdict(report: Report) -> Verdicts:
    """Return the verdict as somebody reads it who has never seen this tool."""
    counts = report.counts
    figures = (
        (counts.findings, "things seen that do not match"),
        (counts.waived, "accepted for a time"),
        (len(_open(report)), "questions left open"),
        (counts.passed, "checks match"),
    )
    return Verdicts(
        word=report.verdict.value,
        headline=HEADLINES[report.verdict],
        sentences=tuple(_sentences(report)),
        figures=figures,
    )


def _sentences(report: Report) -> Iterator[str]:
    counts, name = report.counts, report.policy.path
    against = counts.findings - counts.below_threshold
    if against:
        yield f"{counted(against, 'finding')} of at least {report.fail_on} severity: what was"
        yield f"seen contradicts {name}, or {name} does not mention it."
    else:
        yield f"Nothing that was seen contradicts {name} at {report.fail_on} severity or above."
    if counts.below_threshold:
        yield f"Below that severity, and listed too: {counted(counts.below_threshold, 'finding')}."
    if counts.waived:
        yield f"Accepted for a time by a waiver: {counted(counts.waived, 'finding')}."
    if counts.attested:
        yield f"Stated by a person and seen by nobody: {counted(counts.attested, 'check')}."
    if report.incomplete:
        yield "Some of what was to be looked at could not be. There, this report says nothing,"
        yield "neither good nor bad."


def looked_at(report: Report) -> Table:
    """Return what was looked at, how much of it, when, and under which conditions."""
    rows = (
        (
            cell(item["subject"]),
            cell(*_extent(item)),
            cell(*_states(item)),
            cell(item["collected_at"].replace("T", " ").replace("Z", " UTC")),
            cell(*_conditions(item)),
        )
        for item in report.coverage["looked_at"]
    )
    headers = "What | How much of it | As which visitor | When | Under which conditions"
    return table("What was looked at", headers, rows, "subject", wide=1)


def _extent(item: Mapping[str, Any]) -> Iterator[str]:
    if "page_count" in item:
        yield f"{counted(item['page_count'], 'page')} of {item['url']}"
        yield from item["pages"]
        if more := item["page_count"] - len(item["pages"]):
            yield f"and {counted(more, 'page')} more, which the evidence names"
    if "sentences" in item:
        facts = counted(item["facts"], "fact")
        yield f"{counted(item['sentences'], 'sentence')}, in which {facts} were read"
    if "mentions" in item:
        named = counted(item["mentions"], "place")
        yield f"{counted(item['files'], 'source file')}, in which {named} name somebody"
    if "table_count" in item:
        records = counted(item["row_count"], "record")
        yield f"{counted(item['table_count'], 'table')}, {records}; values: {item['values']}"
        for each in item["tables"]:
            yield f"{each['name']}: {counted(each['rows'], 'record')}, values: {each['values']}"
        if more := item["table_count"] - len(item["tables"]):
            yield f"and {counted(more, 'table')} more, which the evidence names"
    if item.get("unseen_below"):
        yield f"a sample: what is in fewer than {item['unseen_below']:.2%} may be unseen"
    if "settings" in item:
        yield counted(item["settings"], "setting")


def _states(item: Mapping[str, Any]) -> Iterator[str]:
    names = item.get("states", ())
    yield from (words for state, words in WORDS_OF_STATE.items() if state in names)
    yield from (state for state in names if state not in WORDS_OF_STATE)


def _conditions(item: Mapping[str, Any]) -> tuple[str, ...]:
    every = [each.items() for each in item.get("conditions", ())]
    return tuple(dict.fromkeys(f"{name}: {value}" for pairs in every for name, value in pairs))


def not_looked_at(report: Report) -> Table:
    """Return the subjects of the policy at which nobody looked, and checks nobody ran."""
    reasons: dict[str, list[str]] = {}
    for subject in report.coverage["not_looked_at"]:
        is_left_out = scope_of(subject) in report.coverage["left_out"]
        why = f"the scope {scope_of(subject)} was left out of this run (--scope)"
        reasons.setdefault(why if is_left_out else "nothing was seen of it", []).append(subject)
    rows = [(cell(why), cell(*subjects)) for why, subjects in reasons.items()]
    if declared_nowhere := report.coverage.get("not_declared"):
        why = "seen, but policy.yaml does not declare it: not judged"
        rows.append((cell(why), cell(*declared_nowhere)))
    if report.skip:
        rows.append((cell("checks left out by --skip"), cell(*report.skip)))
    if report.only:
        rows.append((cell("all checks but these were left out by --only"), cell(*report.only)))
    return table("What nobody looked at in this run", "Why | What", rows, "reason", wide=0)


def questions(report: Report) -> Table:
    """Return what could not be seen and nobody states, what it takes, which checks wait for it."""
    headers = "What could not be seen | Why | What it takes | Checks left open"
    rows = (_question(each) for each in _open(report))
    return table("Questions left open", headers, rows, "question", wide=2)


def _open(report: Report) -> list[OpenQuestion]:
    return [each for each in open_questions(report) if not each.attested_by]


def _question(each: OpenQuestion) -> tuple[Cell, ...]:
    """Return a row; where each thing needs something else, it stands beside what it needs."""
    whats = [what for what, _ in each.whats]
    needs = [*dict.fromkeys(need for _, need in each.whats)]
    if len(needs) > 1:
        needs = [f"{what}: {need}" for what, need in each.whats]
        whats = [counted(len(each.whats), "thing")]
    why = cell(WORDS_OF_REASON[each.reason], tone="warn")
    return cell(each.subject, *whats), why, cell(*needs), cell(*each.checks)


def checks(report: Report) -> Table:
    """Return every check with what came of it; subjects of which the same is said are together."""
    alike: dict[tuple[str, Outcome, str], list[Result]] = {}
    for result in report.results:
        alike.setdefault((result.check, result.outcome, result.detail), []).append(result)
    rows = (
        (
            cell(group[0].title, check),
            cell(*(result.subject for result in group)),
            cell(WORDS_OF_OUTCOME[outcome], detail),
        )
        for (check, outcome, detail), group in alike.items()
    )
    headers = "What holds when it passes | Where | What came of it"
    return table("Every check of this run", headers, rows, "row", wide=0)
