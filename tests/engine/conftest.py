"""Checks that say what a test tells them to say."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from auditor.check import Check, Example, check
from auditor.errors import Position
from auditor.evidence import SiteEvidence
from auditor.findings import Finding, Remark, Severity

Speaker = Callable[..., Check[Any]]


@pytest.fixture
def saying() -> Speaker:
    """Return what makes a check that says the remarks given, then raises what is to be raised."""

    def make(
        *remarks: Remark,
        id: str = "probe",  # noqa: A002 -- the word of a check
        needs: Any = SiteEvidence,  # noqa: ANN401 -- any kind of evidence
        raises: BaseException | None = None,
        **facts: Iterable[Any],
    ) -> Check[Any]:
        def find(_policy: object, _seen: object) -> Iterator[Remark]:
            """Do something about it."""
            yield from remarks
            if raises:
                raise raises

        nothing = Example(policy="")
        common: dict[str, Any] = {"references": [], "passing": nothing, "failing": nothing}
        made: Check[Any] = check(id, title="All is well", needs=needs, **{**common, **facts})(find)
        return made

    return make


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return what makes a finding, about one cookie unless told."""

    def make(name: str = "cookie:a@example.org", **facts: Any) -> Finding:  # noqa: ANN401
        common: dict[str, Any] = {
            "severity": Severity.HIGH,
            "message": "m",
            "at": Position(line=3, column=5),
        }
        return Finding(object=name, **{**common, **facts})

    return make
