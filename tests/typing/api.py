"""The public API as people use it who write checks. Never run: it is there to be type-checked.

What stands here with a type has to keep it; each `type: ignore` is a mistake that a type checker
has to find.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_type

from auditor import example
from auditor.check import Check, Example, check
from auditor.evidence import (
    Aspect,
    Contact,
    Cookie,
    CookieSent,
    CookieSet,
    EverySite,
    Gap,
    PageLoaded,
    PolicyItself,
    Reason,
    RequestSent,
    SiteEvidence,
    State,
    WaiverUse,
)
from auditor.findings import Finding, NotApplicable, Outcome, Remark, Remedy, Result, Severity
from auditor.matching import Declarations, Match
from auditor.policy import Policy, Processor, StorageRow
from auditor.sighting import sightings
from auditor.testing import cookie, judge, page, policy, request, sent, site, try_example

ROW = "device_storage: [{identifier: session, type: cookie}]"
SHOWN = Example(policy=ROW, seen=(example.cookie("session", lifetime=60),))
SHOWN_OF_WAIVERS = Example(policy="", use=WaiverUse(as_of=date(2026, 1, 15), covered={"W1": 2}))


@check(
    "acme-whole",
    title="A check that uses everything",
    needs=SiteEvidence,
    references=["gdpr:5"],
    looks_at=[Aspect.COOKIES, Aspect.REQUESTS],
    in_states=[State.BEFORE],
    passing=SHOWN,
    failing=SHOWN,
)
def whole(promised: Policy, seen: SiteEvidence) -> Iterator[Remark]:
    """Do something about it."""
    if not promised.device_storage:
        yield NotApplicable(why="nothing is promised")
    declarations = Declarations(promised, seen)
    for one in seen.cookies:
        assert_type(one, Cookie)
        for match, where in declarations.matches_of(one):
            assert_type(match, Match)
            assert_type(where, list[CookieSet | CookieSent])
            assert_type(match.row, StorageRow | None)
            if not match.is_declared:
                yield Finding(
                    object=one.label,
                    facet=match.objection or "",
                    severity=Severity.HIGH,
                    message="m",
                    at=promised.section("device_storage"),
                    seen=sightings(where),
                    remedies=(Remedy(kind="gate", text="ask first"),),
                )
    for contact in seen.contacts:
        assert_type(contact, Contact)
        for asked in contact.requests:
            assert_type(asked, RequestSent)
            assert_type(declarations.recipient(asked), Processor | None)
    for opened in seen.pages:
        assert_type(opened, PageLoaded)
        if opened.links is None:
            yield Gap(what=opened.url, reason=Reason.NOT_IN_EVIDENCE, needs="its markup")


@check(
    "acme-policy",
    title="A check of the policy alone",
    needs=PolicyItself,
    references=(),
    passing=SHOWN,
    failing=SHOWN,
)
def of_policy(promised: Policy, itself: PolicyItself) -> list[Remark]:
    """Do something about it."""
    assert_type(itself.as_of, date)
    return [NotApplicable(why=promised.controller.name)]


assert_type(whole, Check[SiteEvidence])
assert_type(of_policy, Check[PolicyItself])
assert_type(whole.advice, str)
assert_type(whole.scope, str)


def test_it() -> None:
    """Judge what was seen by what was promised."""
    promised = policy(ROW)
    evidence = site(cookie("session"), sent("session"), request("https://x.org/"), page())
    assert_type(judge(whole, promised, evidence), Result)
    assert_type(judge(of_policy, promised, as_of=date(2026, 1, 15)).outcome, Outcome)
    assert_type(try_example(whole, whole.failing), Outcome)


# What a type checker finds before anything is run.


@check("acme-other", title="t", needs=EverySite, references=[], passing=SHOWN, failing=SHOWN)  # type: ignore[arg-type]
def takes_something_else(_promised: Policy, _seen: SiteEvidence) -> Iterator[Remark]:
    """Take what `needs` names."""
    yield from ()


@check("acme-text", title="t", needs=SiteEvidence, references=[], passing=SHOWN, failing=SHOWN)  # type: ignore[arg-type]
def yields_something_else(_promised: Policy, _seen: SiteEvidence) -> Iterator[str]:
    """Yield findings, gaps or `NotApplicable`."""
    yield "cookie"


@check("acme-str", title="t", needs=str, references=[], passing=SHOWN, failing=SHOWN)  # type: ignore[type-var]
def needs_something_else(_promised: Policy, _seen: str) -> Iterator[Remark]:
    """Need a kind of evidence."""
    yield from ()


def reads_something_else(_promised: Policy, seen: SiteEvidence) -> None:
    """Know the names of what is there."""
    seen.cokies  # type: ignore[attr-defined]  # noqa: B018
    seen.site = "other"  # type: ignore[misc]
