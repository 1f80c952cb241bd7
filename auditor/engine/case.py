"""What is judged, and how much of it was asked for."""

from datetime import date
from fnmatch import fnmatchcase

from msgspec import Struct

from auditor import vocabulary
from auditor.evidence import Evidence
from auditor.policy import Policy

SCOPES = tuple(scope for scope in vocabulary.SCOPES if scope != "policy")


class Selection(Struct, frozen=True, kw_only=True):
    """What was asked for: scopes, and check ids or globs to run or to leave out."""

    scope: tuple[str, ...] = SCOPES
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def why_not(self, check_id: str, scope: str = "policy") -> str:
        """Return why a check is not run in a scope, "" if it is."""
        if scope not in (*self.scope, "policy"):
            return f"outside --scope: {scope}"
        if self.only and not any(fnmatchcase(check_id, glob) for glob in self.only):
            return "outside --only"
        if any(fnmatchcase(check_id, glob) for glob in self.skip):
            return "left out by --skip"
        return ""


class Case(Struct, frozen=True, kw_only=True):
    """What is judged: one policy, what was seen, on which day, and how much was asked for."""

    policy: Policy
    evidence: Evidence
    as_of: date
    selection: Selection = Selection()
    max_age: str = ""
