"""Consent: what needs it waits for it, and ends with it (ePrivacy Art. 5(3), GDPR Art. 7)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, ChoiceMade, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, asks_beforehand, choices_of, declares, uses
from auditor.policy import Policy
from auditor.sighting import sightings as tell

COLLECT = "https://www.analytics.example.com/collect?cid=*"
ANALYTICS = """
processors:
  - id: analytics
    domains: ["*.analytics.example.com"]
    consent: required
"""
NO_LAW = "the policy names no law that asks for consent beforehand"
LOOKS_AT = (Aspect.COOKIES, Aspect.REQUESTS, Aspect.STORAGE, Aspect.CHOICES)


@check(
    "consent-before-choice",
    title="Nothing that needs consent happens before the visitor's choice",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:7"],
    looks_at=LOOKS_AT,
    in_states=[State.BEFORE],
    passing=Example(policy=ANALYTICS, seen=(example.request(COLLECT, state=State.ACCEPT),)),
    failing=Example(policy=ANALYTICS, seen=(example.request(COLLECT),)),
)
def contact_before_choice(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Start it only after the visitor has agreed.

    policy.yaml says that this needs consent: the row has `consent: required`, or its processor
    has. Write another `consent` only if it is truly exempt, with the reason; exempt is what the
    service that the visitor asked for cannot work without.
    """
    if not asks_beforehand(policy, site):
        yield NotApplicable(why=NO_LAW)
    else:
        yield from _used(policy, site, State.BEFORE, "before the visitor chooses")


@check(
    "consent-after-reject",
    title="Nothing that needs consent happens after the visitor refused",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:7", "edpb:cookie-banner-2023"],
    looks_at=LOOKS_AT,
    in_states=[State.REJECT],
    passing=Example(policy=ANALYTICS, seen=(example.request(COLLECT, state=State.ACCEPT),)),
    failing=Example(
        policy=ANALYTICS,
        seen=(
            example.choice(State.REJECT, outcome="claimed"),
            example.request(COLLECT, state=State.REJECT),
        ),
    ),
)
def contact_after_refusal(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Make the refusal reach what needs consent: it must not start, nor go on.

    Look at what the banner's refusing button really does, on the page where it is clicked, on the
    next one and on a second visit. What was stored earlier has to be taken away again.
    """
    when = f"after the visitor refused{_how(site, State.REJECT)}"
    yield from _used(policy, site, State.REJECT, when)


@check(
    "consent-after-withdrawal",
    title="Nothing that needs consent happens after the visitor took consent back",
    needs=SiteEvidence,
    references=["gdpr:7-3", "eprivacy:5-3", "edpb:cookie-banner-2023"],
    looks_at=LOOKS_AT,
    in_states=[State.WITHDRAW],
    passing=Example(policy=ANALYTICS, seen=(example.request(COLLECT, state=State.ACCEPT),)),
    failing=Example(
        policy=ANALYTICS,
        seen=(
            example.choice(State.WITHDRAW, clicks=2),
            example.request(COLLECT, state=State.WITHDRAW),
        ),
    ),
)
def contact_after_withdrawal(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Stop it when the visitor changes their mind, and take away what it has stored.

    Taking consent back has to be as easy as giving it, and has to work: scripts that are running
    stop or the page is loaded again without them, and their cookies and storage are deleted.
    """
    if not asks_beforehand(policy, site):
        yield NotApplicable(why=NO_LAW)
    else:
        when = f"after consent was taken back{_how(site, State.WITHDRAW)}"
        yield from _used(policy, site, State.WITHDRAW, when)


def _how(site: SiteEvidence, state: State) -> str:
    """Say how certain the choice is; of a recording its maker says so."""
    outcomes = dict.fromkeys(choice.outcome for choice in choices_of(site, state))
    return f" (the choice: {', '.join(outcomes)})" if outcomes else ""


def _is_made(choice: ChoiceMade) -> bool:
    """Return whether somebody clicked to refuse, whatever the site made of it.

    Of a withdrawal that failed, the clicks may be those of the consent that comes before it.
    """
    is_refusal = choice.state is State.REJECT and choice.clicks > 0
    return choice.outcome != "failed" or is_refusal


def _used(policy: Policy, site: SiteEvidence, state: State, when: str) -> Iterator[Remark]:
    declarations = Declarations(policy, site)
    declared = policy.site(site.site)
    if not declares(declarations):
        yield NotApplicable(why="nothing that the policy declares for this site needs consent")
    elif declared and declared.consent.banner == "none" and _is_out_of_reach(site, state):
        yield NotApplicable(why="the policy says that the site has no banner to choose in")
    made = choices_of(site, state)
    if made and not any(map(_is_made, made)):
        return  # nobody has chosen yet: that the choice failed is a gap already
    for use in uses(declarations, site, state):
        yield Finding(
            object=use.object,
            facet=f"{state}{use.where}",
            keys=("consent",),
            severity=Severity.HIGH,
            message=use.sentence("needs consent", when),
            at=use.entry.at,
            seen=tell(use.seen),
            remedies=_remedies(use.action),
        )


def _is_out_of_reach(site: SiteEvidence, state: State) -> bool:
    return state is not State.BEFORE and state not in site.states


def _remedies(action: str) -> tuple[Remedy, ...]:
    return (
        Remedy(kind="remove", text="do without it"),
        Remedy(kind="gate", text=f"{action} only after the visitor agreed"),
        Remedy(
            kind="declare",
            text="if it is exempt from consent, say so in its entry with the reason, and in the"
            " notice",
        ),
    )
