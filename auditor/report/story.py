"""What a whole report is told from: the `Report`, and what was promised and seen behind it."""

import posixpath
import re
from collections.abc import Mapping

from msgspec import Struct

from auditor.engine import AnyCheck
from auditor.evidence import Evidence
from auditor.findings import JudgedFinding, Report, Result
from auditor.policy import Policy

_LINE = re.compile(r"(?![/\\]|[A-Za-z]:[/\\])(.+?):([1-9]\d{0,8})(?::([1-9]\d{0,8}))?")


class Line(Struct, frozen=True, kw_only=True):
    """A place in a source file: its path within the repository, line and column from 1."""

    path: str
    line: int
    column: int | None = None


class Story(Struct, frozen=True, kw_only=True):
    """A report beside its policy and evidence, for forms that show more than findings.

    `source` is the policy's path within its repository, "" where it is not in one. `checks` are
    those that were there. The same story gives the same bytes in every form.
    """

    report: Report
    policy: Policy
    seen: Evidence
    checks: tuple[AnyCheck, ...] = ()
    source: str = ""

    @property
    def advice(self) -> Mapping[str, str]:
        """Return what to do when a check fails, by the check's id."""
        return {check.id: check.advice for check in self.checks}

    @property
    def path(self) -> str:
        """Return the policy's path for those who have the repository and not this machine."""
        return self.source or re.split(r"[\\/]", self.report.policy.path)[-1]

    @property
    def category(self) -> str:
        """Return which policy was judged, and which part of it.

        Reports of one category tell of the same things: one takes the place of another. A part
        that is left out makes another category, so that nothing is settled by not looking.
        """
        report = self.report
        left = (*(f"only {name}" for name in report.only), *(f"skip {n}" for n in report.skip))
        return "/".join((self.path, ",".join(report.scope), *left))

    def line_of(self, result: Result, finding: JudgedFinding) -> Line | None:
        """Return the line of source where it was seen, None for what was not seen in source.

        Evidence may come from anybody: a path that leads out of the repository is none.
        """
        if result.subject != "code":
            return None
        found = next(filter(None, (_LINE.fullmatch(seen.page) for seen in finding.seen)), None)
        if found is None or "://" in found[1] or ".." in re.split(r"[\\/]", found[1]):
            return None
        path = posixpath.join(posixpath.dirname(self.path), found[1].replace("\\", "/"))
        return Line(path=path, line=int(found[2]), column=int(found[3]) if found[3] else None)
