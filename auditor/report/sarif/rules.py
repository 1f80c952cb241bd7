"""The checks of a run as rules: what each holds, what to do when it fails, how bad it can be."""

from typing import Any
from urllib.parse import quote

from auditor.engine import AnyCheck
from auditor.findings import Outcome, Report, Severity
from auditor.report.explain import explain
from auditor.report.safe import visible
from auditor.report.story import Story

ROOT = "%SRCROOT%"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
# GitHub: critical is above 9.0, high from 7.0, medium from 4.0
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
LONGEST = 1024  # characters of a description, on GitHub
MOST_TAGS = 20  # of a rule, on GitHub


_IDLE = {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}


class Rules:
    """The rules of one run: every check that looked at something, also if it found nothing.

    A check that did not run is no rule: one without results reads as passed.
    """

    def __init__(self, story: Story) -> None:
        known = {check.id: check for check in story.checks}
        titles = {r.check: r.title for r in story.report.results if r.outcome not in _IDLE}
        self._places = {name: at for at, name in enumerate(sorted(titles))}
        self._worst = _worst(story.report)
        self.artifact = {"uri": quote(visible(story.path)), "uriBaseId": ROOT}
        self.untagged: dict[str, int] = {}
        self.told = [self._rule(name, titles[name], known.get(name)) for name in self._places]

    def place(self, check: str) -> int:
        """Return where a rule stands in the list."""
        return self._places[check]

    def _rule(self, name: str, title: str, check: AnyCheck | None) -> dict[str, Any]:
        worst = self._worst.get(name, Severity.MEDIUM)
        advice, page = (check.advice, explain(check)) if check else (title, title)
        rule = {
            "id": name,
            "shortDescription": {"text": _sentence(title)},
            "fullDescription": {"text": _short(_sentence(advice.partition("\n\n")[0]))},
            "help": {
                "text": _lines(advice),
                "markdown": _lines(page),
            },
            "defaultConfiguration": {"level": LEVELS[worst]},
            "properties": {
                "tags": self._tags(name, check),
                "precision": "high",
                "security-severity": SCORES[worst],
            },
        }
        return rule | ({"helpUri": check.help_url} if check else {})

    def _tags(self, name: str, check: AnyCheck | None) -> list[str]:
        # GitHub reads security-severity only where one of them is "security"
        tags = ["privacy", "security", *(check.scopes if check else ())]
        tags += [tag for tag in (check.references if check else ()) if tag not in tags]
        if len(tags) > MOST_TAGS:
            self.untagged[name] = len(tags) - MOST_TAGS
        return tags[:MOST_TAGS]


def _worst(report: Report) -> dict[str, Severity]:
    """Return the worst that each check found: GitHub sorts by the rule, not by the result."""
    worst: dict[str, Severity] = {}
    for result in report.results:
        for finding in result.findings:
            known = worst.get(result.check, finding.severity)
            worst[result.check] = max(known, finding.severity, key=lambda one: one.rank)
    return worst


def _sentence(text: str) -> str:
    shown = visible(" ".join(text.split()), 2 * LONGEST)
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _lines(text: str) -> str:
    return "\n".join(visible(line, 2000) for line in text.split("\n"))
