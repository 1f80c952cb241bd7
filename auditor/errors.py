"""What can keep an audit from being carried out or told.

AuditError            exit 2: nothing was judged
├── PolicyError       policy.yaml cannot be used: every problem with its place
├── CollectError      evidence could not be read or taken
├── DiscoveryError    a check pack does not load
├── UsageError        arguments that make no sense together
└── ReportError       exit 4: a report could not be written

What the audited site or store does is never an error of this kind: a page that does not load is a
gap in the evidence. Only `auditor.cli` turns these into exit codes.
"""

from collections.abc import Iterable

import msgspec


class Position(msgspec.Struct, frozen=True):
    """A place in a text file. Both count from 1; columns count characters, not bytes."""

    line: int
    column: int


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a policy.

    `path` is the file name as shown to people, `at` the dotted path of the value
    (`device_storage[2].max_age`), empty where no single value is to blame.
    """

    path: str
    where: Position
    at: str
    message: str

    def __str__(self) -> str:
        """One line: `policy.yaml:31:3: device_storage[2].max_age: write P13M`."""
        place = f"{self.path}:{self.where.line}:{self.where.column}"
        return ": ".join(part for part in (place, self.at, self.message) if part)


class AuditError(Exception):
    """Nothing was judged; the text says why and what to do."""


class PolicyError(AuditError):
    """policy.yaml cannot be used. `problems` stand in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems sorted by file, line and column."""
        self.problems = tuple(sorted(problems, key=_place))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Each problem on its own line."""
        return "\n".join(map(str, self.problems))


class CollectError(AuditError):
    """Evidence could not be read or taken."""


class DiscoveryError(AuditError):
    """A check pack does not load."""


class UsageError(AuditError):
    """The arguments make no sense together."""


class ReportError(AuditError):
    """A report could not be written."""


def _place(problem: Problem) -> tuple[str, int, int]:
    return problem.path, problem.where.line, problem.where.column
