"""The whole plug-in API: a check is a pure function of the policy and one kind of evidence.

    @check("cookie-undeclared", title="Every cookie is declared", needs=SiteEvidence, ...)
    def undeclared_cookie(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
        \"\"\"Declare the cookie under `device_storage`, or stop the site from setting it.\"\"\"

No I/O, no clock, no network. The docstring is the advice that people read when it fails.
A check yields findings (looked, does not match), gaps (in scope, could not be seen) and, where
the promise itself is absent, `NotApplicable`. Gaps in its evidence need no mention: the engine
adds those that concern `looks_at` and `in_states`. Matching seen to promised is in `matching`.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from auditor.evidence import Aspect, Gap, State
from auditor.example import Example
from auditor.findings import Remark
from auditor.policy import Policy
from auditor.vocabulary import SCOPES

DOCS = "https://github.com/reach4help/policy-auditor/blob/main/docs/checks/"


class Evidence(Protocol):
    """What every kind of evidence has: the scope it belongs to, and its gaps."""

    scope: ClassVar[str]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what could not be observed."""


E = TypeVar("E", bound=Evidence)
E_contra = TypeVar("E_contra", bound=Evidence, contravariant=True)


class Find(Protocol[E_contra]):
    """The function of a check."""

    def __call__(self, policy: Policy, evidence: E_contra, /) -> Iterable[Remark]:
        """Yield what does not match, and what could not be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[E]):
    """A check as the engine runs it."""

    id: str
    title: str
    needs: type[E]
    references: tuple[str, ...]
    looks_at: frozenset[Aspect]
    in_states: frozenset[State]
    passing: Example
    failing: Example
    find: Find[E]

    @property
    def scope(self) -> str:
        """Return the scope of the evidence it looks at."""
        return self.needs.scope

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return every scope in whose subjects it looks: one, for most."""
        return getattr(self.needs, "scopes", (self.scope,))

    def misses(self, gap: Gap) -> bool:
        """Return whether a gap in the evidence keeps this check from seeing all it must."""
        return gap.concerns(self.looks_at, self.in_states)

    @property
    def advice(self) -> str:
        """Return what to do when it fails: its function's docstring."""
        return inspect.getdoc(self.find) or ""

    @property
    def help_url(self) -> str:
        """Return the address of its page in the docs, computed from the id."""
        return f"{DOCS}{self.id}.md"


ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check(  # noqa: PLR0913 -- one keyword per fact of a check
    id: str,  # noqa: A002 -- the contract's word
    *,
    title: str,
    needs: type[E],
    references: Iterable[str],
    passing: Example,
    failing: Example,
    looks_at: Iterable[Aspect] = (),
    in_states: Iterable[State] = (),
) -> Callable[[Find[E]], Check[E]]:
    """Make a check of a function. No `looks_at` means everything, no `in_states` all states.

    ValueError if it could not be run or explained: an id that is not words joined by `-`, no
    title, evidence of no known scope, no docstring.
    """
    if not ID.fullmatch(id):
        raise ValueError(f"{id!r}: a check's id is lower-case words joined by `-`")
    if getattr(needs, "scope", None) not in SCOPES:
        raise ValueError(f"check {id}: needs is not a kind of evidence")

    def make(find: Find[E]) -> Check[E]:
        if not title or not inspect.getdoc(find):
            raise ValueError(f"check {id}: a title and a docstring tell people what to do")
        return Check(
            id=id,
            title=title,
            needs=needs,
            references=tuple(references),
            looks_at=frozenset(looks_at),
            in_states=frozenset(in_states),
            passing=passing,
            failing=failing,
            find=find,
        )

    return make


__all__ = ["Check", "Evidence", "Example", "Find", "check"]
