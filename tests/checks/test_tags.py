"""Hosts that a tag manager's container names: declared, or met already."""

import pytest

from auditor.evidence import Aspect, Gap, Reason
from auditor.findings import Outcome
from auditor.testing import container, judge, policy, request, site
from auditor_checks.tags import undeclared_tag

OWNED = 'processors: [{id: pixels, domains: ["*.pixels.example"]}]'


def test_a_host_that_nobody_declared() -> None:
    """It is named with the container, once for all pages."""
    seen = site(container("cdn.chat.example"), container("cdn.chat.example"))
    (finding,) = judge(undeclared_tag, policy(OWNED), seen).findings
    assert (finding.object, finding.severity.value) == ("host:cdn.chat.example", "medium")
    assert finding.message == (
        "the container GTM-EXAMPLE may load cdn.chat.example, which no processor in policy.yaml"
        " owns; it did not in this visit"
    )


@pytest.mark.parametrize("host", ["px.pixels.example", "cdn.example.org", "met.chat.example"])
def test_what_is_declared_ours_or_told_elsewhere_passes(host: str) -> None:
    """What was loaded is the third-party check's."""
    seen = site(container(host), request("https://met.chat.example/x.js"))
    assert judge(undeclared_tag, policy(OWNED), seen).outcome is Outcome.PASS


def test_what_could_not_be_read_is_a_gap() -> None:
    """A container that nobody could read is never a pass."""
    gap = Gap(what="x", reason=Reason.NOT_VERIFIED, needs="y", aspects=(Aspect.CONTENT,))
    assert judge(undeclared_tag, policy(""), site(gaps=[gap])).outcome is Outcome.ERROR
