"""Claims without exception: nothing that is declared or seen speaks against them."""

from collections.abc import Iterator, Sequence

from auditor import example
from auditor.check import Example, check
from auditor.evidence import CLAIMS, Aspect, Fact, Gap, Reason, Told
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching.contradictions import IN_DATA, LOOKED_AT, Against, against
from auditor.matching.told import notice_of, said_in, unseen
from auditor.policy import NOWHERE, Policy
from auditor.sighting import sightings
from auditor.vocabulary import PURPOSES

PRIVACY = "notices: [{id: privacy, path: privacy.md}]\n"
ONLY_NECESSARY = example.fact("absolute_claim", "only_necessary_cookies")
NECESSARY = "essential"
COOKIE_CLAIMS = frozenset({"no_cookies", "only_necessary_cookies"})


@check(
    "notice-contradiction",
    title="Nothing speaks against what the notice claims without exception",
    needs=Told,
    references=["gdpr:5-1-a", "gdpr:12", "eprivacy:5-3"],
    passing=Example(
        policy=PRIVACY + example.SESSION_ROW,
        told=example.notice(ONLY_NECESSARY),
        seen=(example.cookie("session"),),
    ),
    failing=Example(
        policy=PRIVACY + example.SESSION_ROW,
        told=example.notice(ONLY_NECESSARY),
        seen=(example.cookie("_ga"), example.request("https://www.google-analytics.com/g")),
    ),
)
def contradicted_claim(policy: Policy, told: Told) -> Iterator[Remark]:
    """Stop what speaks against the claim, or take the claim out of the notice.

    “Only”, “never” and “no” are promises without exception: one cookie, one recipient, one field
    is enough to break them. Some, such as that data is never sold, nothing that can be seen
    proves: somebody has to state them.
    """
    claims: dict[str, list[Fact]] = {}
    for fact in told.notice.of("absolute_claim"):
        if fact.key in CLAIMS:
            claims.setdefault(fact.key, []).append(fact)
    if not claims:
        yield NotApplicable(why="the notice claims nothing without exception")
    for claim, facts in claims.items():
        found = list(against(claim, policy, told))
        for one in found:
            yield _finding(policy, told, claim, facts, one)
        yield from _in_its_own_sentence(policy, told, claim, facts)
        yield from _unseen(told, claim)
        if not found and claim not in IN_DATA and claim not in LOOKED_AT:
            yield _gap(
                told, claim, Reason.CANNOT_BE_SHOWN, "somebody who states it: an attestation"
            )


def _finding(
    policy: Policy, told: Told, claim: str, facts: Sequence[Fact], one: Against
) -> Finding:
    notice = notice_of(policy, told.notice)
    return Finding(
        object=one.what,
        facet=claim,
        severity=one.severity,
        message=f"the notice says that {CLAIMS[claim]}; {one.words}",
        at=one.at or (notice.at if notice else NOWHERE),
        seen=(*(said_in(told, fact) for fact in facts), *sightings(one.seen)),
        remedies=(
            Remedy(kind="remove", text="stop it, so that the claim is true"),
            Remedy(kind="declare", text="take the claim out of the notice, and say what is so"),
        ),
    )


def _in_its_own_sentence(
    policy: Policy, told: Told, claim: str, facts: Sequence[Fact]
) -> Iterator[Finding]:
    """Object to a sentence that names, beside necessary cookies, what these are not needed for."""
    if claim not in COOKIE_CLAIMS:
        return
    notice = notice_of(policy, told.notice)
    for fact in facts:
        others = [
            one.key
            for one in told.notice.of("purpose")
            if one.sentence == fact.sentence and not one.key.startswith(NECESSARY)
        ]
        for purpose in dict.fromkeys(others):
            yield Finding(
                object=f"purpose:{purpose}",
                facet=claim,
                severity=Severity.LOW,
                message=(
                    f"the notice says that {CLAIMS[claim]}, and in the same sentence names a"
                    f" purpose that is not: {PURPOSES[purpose].label.lower()}"
                ),
                at=notice.at if notice else NOWHERE,
                seen=(said_in(told, fact),),
                remedies=(Remedy(kind="declare", text="say what each cookie is for"),),
            )


def _unseen(told: Told, claim: str) -> Iterator[Gap]:
    """Yield where something might speak against a claim, and nobody looked."""
    why = f"to see whether {CLAIMS[claim]}"
    if claim in IN_DATA:
        looked, where = bool(told.holders), "stores or accounts"
        gaps = list(unseen(told, "stores", "accounts", aspects={Aspect.FIELDS}, why=why))
    elif claim in LOOKED_AT:
        looked, where = bool(told.sites), "the site"
        gaps = list(unseen(told, "site", aspects=LOOKED_AT[claim], why=why))
    else:
        return
    yield from gaps
    if not looked and not gaps:
        # with nothing there, nothing can speak against it
        yield _gap(told, claim, Reason.NOT_IN_EVIDENCE, f"a run that looks at {where}, too")


def _gap(told: Told, claim: str, reason: Reason, needs: str) -> Gap:
    what = f"notice:{told.notice.notice}: {CLAIMS[claim]}"
    return Gap(what=what, reason=reason, needs=needs)
