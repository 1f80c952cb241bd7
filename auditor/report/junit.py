"""The report as JUnit's XML: a test suite for each subject, a test case for each check on it.

Source: the form as Jenkins, GitLab and GitHub's test reporters read it; there is no standard.
A case is green only where somebody looked and found nothing: what is waived, attested, below
the threshold or not checked is skipped, with the reason, and what could not be seen is an error.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from auditor.findings import JudgedFinding, Outcome, Report, Result, Verdict, counts_against
from auditor.report.safe import visible
from auditor.report.story import Story
from auditor.report.words import WORDS_OF_REASON, first_seen, plural

LINES = 50  # of findings, and of gaps, in one case


def render_junit(story: Story) -> bytes:
    """Return the XML. It tells no host, no absolute path and no moment but the day judged."""
    report = story.report
    whole = ET.Element("testsuites", name=visible(report.tool.name))
    for subject in dict.fromkeys(result.subject for result in report.results):
        suite = _suite(whole, subject, report)
        for result in report.results:
            if result.subject == subject:
                _case(suite, story, result)
    _unsaid(whole, report)
    for element in (*whole, whole):
        _count(element)
    ET.indent(whole)
    text = ET.tostring(whole, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(whole: ET.Element, subject: str, report: Report) -> ET.Element:
    day = f"{report.as_of}T00:00:00"
    return ET.SubElement(whole, "testsuite", name=visible(subject), timestamp=day)


def _case(suite: ET.Element, story: Story, result: Result) -> None:
    names = {"classname": visible(result.subject), "name": visible(result.check)}
    case = ET.SubElement(suite, "testcase", names, time="0")
    kind, message, lines = _told(story, result)
    if kind:
        told = ET.SubElement(case, kind, message=visible(message))
        if kind != "skipped":
            told.set("type", _type(result, kind))
        if lines:
            told.text = "\n".join(("", *map(visible, lines), ""))


def _told(story: Story, result: Result) -> tuple[str, str, list[str]]:
    """Return what is not a plain pass: the kind of element, its message, and what it lists."""
    report = story.report
    against = [one for one in result.findings if counts_against(one, report.fail_on)]
    unseen = [gap for gap in result.gaps if gap.attested_by is None]
    lines = [*_findings(story, result), *_gaps(result)]
    if against:
        end = f", and {plural(len(unseen), 'thing')} not looked at" if unseen else ""
        return "failure", f"{plural(len(against), 'finding')}: {against[0].message}{end}", lines
    if unseen or result.outcome is Outcome.ERROR:
        what = unseen[0].what if unseen else result.detail
        return "error", f"{plural(len(unseen), 'thing')} could not be looked at: {what}", lines
    if result.outcome in {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}:
        words = result.outcome.replace("_", " ")
        return "skipped", f"{words}: {result.detail}" if result.detail else words, lines
    why = "; ".join(_let_pass(report, result))
    return ("skipped", why, lines) if why else ("", "", [])


def _let_pass(report: Report, result: Result) -> Iterator[str]:
    """Yield why it is not red although it is not green."""
    open_ones = [one for one in result.findings if one.waived_by is None]
    if open_ones:
        yield f"{plural(len(open_ones), 'finding')} below {report.fail_on}"
    for waiver in sorted({one.waived_by for one in result.findings if one.waived_by}):
        yield f"accepted by waiver {waiver}"
    for name in sorted({gap.attested_by for gap in result.gaps if gap.attested_by}):
        yield f"stated by a person ({name}), not observed"


def _type(result: Result, kind: str) -> str:
    if kind == "failure":
        against = (one.severity for one in result.findings if one.waived_by is None)
        return max(against, key=lambda one: one.rank).value
    return result.gaps[0].reason.value if result.gaps else "error"


def _findings(story: Story, result: Result) -> Iterator[str]:
    for finding in result.findings[:LINES]:
        yield f"{finding.severity}: {finding.message}{_note(story.report, finding)}"
        yield f"  {story.path}:{finding.policy.line}:{finding.policy.column}"
        if seen := first_seen(finding):
            yield f"  seen: {seen}"
        yield from (f"  {remedy.kind}: {remedy.text}" for remedy in finding.remedies)
    if (more := len(result.findings) - LINES) > 0:
        yield f"and {more} more (--format json has all of them)"


def _note(report: Report, finding: JudgedFinding) -> str:
    if finding.waived_by is not None:
        return f" (accepted by waiver {finding.waived_by})"
    return "" if counts_against(finding, report.fail_on) else f" (below {report.fail_on})"


def _gaps(result: Result) -> Iterator[str]:
    for gap in result.gaps[:LINES]:
        stated = f"; stated by a person ({gap.attested_by})" if gap.attested_by else ""
        yield f"not looked at: {gap.what}: {WORDS_OF_REASON[gap.reason]}{stated}"
        yield f"  needs: {gap.needs}"
    if (more := len(result.gaps) - LINES) > 0:
        yield f"and {more} more (--format json has all of them)"


def _unsaid(whole: ET.Element, report: Report) -> None:
    """Say a verdict that no case says: nothing was looked at, so nothing failed either."""
    if report.verdict is not Verdict.PASS and not any(
        whole.find(f".//{kind}") is not None for kind in ("failure", "error")
    ):
        suite = _suite(whole, "audit", report)
        case = ET.SubElement(suite, "testcase", classname="audit", name="verdict", time="0")
        told = ET.SubElement(case, "error", message="nothing but the policy itself was looked at")
        told.set("type", report.verdict.value)


def _count(element: ET.Element) -> None:
    numbers = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in numbers.items():
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("time", "0")
