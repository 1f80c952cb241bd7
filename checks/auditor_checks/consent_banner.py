"""The banner itself: there is one, and it lets people refuse as easily as agree.

Each practice is a check of its own, as in the report of the EDPB's Cookie Banner Taskforce.
Colours and contrast are for people to judge.
"""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.errors import Position
from auditor.evidence import Aspect, BannerSeen, Gap, Reason, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import (
    Banner,
    banner_of,
    banners_of,
    choices_of,
    clicks_of,
    is_banner_required,
    why_no_banner,
)
from auditor.policy import Policy
from auditor.sighting import sightings as tell

ANALYTICS = """
processors:
  - id: analytics
    domains: ["*.analytics.example.com"]
"""
REQUIRED = "sites: [{id: www, url: https://example.org/, consent: {banner: required}}]\n"
TASKFORCE = "edpb:cookie-banner-2023"
OBJECT = "banner:consent"


@check(
    "consent-banner-missing",
    title="Where something needs consent, visitors are asked for it",
    needs=SiteEvidence,
    references=["eprivacy:5-3", "gdpr:7", TASKFORCE],
    looks_at=[Aspect.CHOICES],
    in_states=[State.BEFORE],
    passing=Example(policy=REQUIRED, seen=(example.banner(),)),
    failing=Example(policy=REQUIRED, seen=()),
)
def missing_banner(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Ask visitors before you use what needs consent, or do without it.

    Somebody without any cookies, in a new window, has to be asked on the page where they come in.
    Where `banner: auto` found none, and there is one, say under `consent: {accept: {steps: ...}}`
    how visitors agree; where nothing needs consent, no banner is needed.
    """
    if not is_banner_required(policy, site) or banner_of(site) is not Banner.ABSENT:
        if why := why_no_banner(policy, site):
            yield why
        return
    yield Finding(
        object=OBJECT,
        severity=Severity.HIGH,
        message="the policy says that the site asks for consent (`banner: required`), and no"
        " banner was found",
        at=_at(policy, site),
        remedies=(
            Remedy(kind="remove", text="do without what needs consent"),
            Remedy(kind="gate", text="ask visitors, and use it only after they agreed"),
        ),
    )


@check(
    "consent-no-refusal",
    title="Visitors who are asked for consent can refuse",
    needs=SiteEvidence,
    references=[TASKFORCE, "gdpr:7", "eprivacy:5-3"],
    looks_at=[Aspect.CHOICES],
    in_states=[State.BEFORE],
    passing=Example(policy=ANALYTICS, seen=(example.banner(),)),
    failing=Example(policy=ANALYTICS, seen=(example.banner(reject=None),)),
)
def impossible_refusal(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Give the banner a button that refuses, beside the one that agrees.

    Consent that cannot be refused is none. A cross that closes the banner, or a link to the
    privacy notice, refuses nothing.
    """
    if why := why_no_banner(policy, site):
        yield why
        return
    refusals = choices_of(site, State.REJECT)
    for banner in banners_of(site):
        if clicks_of(site, State.REJECT, banner.reject) is not None:
            continue
        is_refused = any(choice.outcome != "failed" for choice in refusals)
        if is_refused or clicks_of(site, State.ACCEPT, banner.accept) is None:
            yield _unread(banner, State.REJECT)
        else:
            yield Finding(
                object=OBJECT,
                severity=Severity.HIGH,
                message=f"the banner{_whose(banner)} offers a way to agree, and none to refuse",
                at=_at(policy, site),
                seen=tell([banner]),
                remedies=_remedies("give it a button that refuses, like the one that agrees"),
            )


@check(
    "consent-refusal-harder",
    title="Refusing takes no more clicks than agreeing",
    needs=SiteEvidence,
    references=[TASKFORCE, "gdpr:7"],
    looks_at=[Aspect.CHOICES],
    in_states=[State.BEFORE],
    passing=Example(policy=ANALYTICS, seen=(example.banner(accept=1, reject=1),)),
    failing=Example(policy=ANALYTICS, seen=(example.banner(accept=1, reject=3),)),
)
def harder_refusal(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Let people refuse where they can agree: in the banner's first layer, with one click.

    Whoever has to open settings and untick boxes to refuse, and can agree at once, is not asked
    freely.
    """
    if why := why_no_banner(policy, site):
        yield why
        return
    for banner in banners_of(site):
        accept = clicks_of(site, State.ACCEPT, banner.accept)
        reject = clicks_of(site, State.REJECT, banner.reject)
        if accept is None:
            yield _unread(banner, State.ACCEPT)
        elif reject is None:
            yield NotApplicable(why="no way to refuse was found: see consent-no-refusal")
        elif reject > accept:
            clicks = f"refusing takes {_number(reject)}, agreeing {_number(accept)}"
            yield Finding(
                object=OBJECT,
                facet=clicks,
                severity=Severity.MEDIUM,
                message=f"in the banner{_whose(banner)}, {clicks}",
                at=_at(policy, site),
                seen=tell([banner]),
                remedies=_remedies("put a button that refuses beside the one that agrees"),
            )


@check(
    "consent-preticked",
    title="No box of the banner is ticked already",
    needs=SiteEvidence,
    references=["cjeu:c-673-17", TASKFORCE, "gdpr:7"],
    looks_at=[Aspect.CHOICES],
    in_states=[State.BEFORE],
    passing=Example(policy=ANALYTICS, seen=(example.banner(),)),
    failing=Example(policy=ANALYTICS, seen=(example.banner(preticked=("Statistics",)),)),
)
def preticked_box(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Leave every box empty until the visitor ticks it.

    Consent takes an act of the person: a box that somebody else has ticked is no consent, also in
    a second layer of the banner. What is strictly necessary needs no box.
    """
    if why := why_no_banner(policy, site):
        yield why
        return
    shown = [item for item in site.observations if isinstance(item, BannerSeen)]
    for label in dict.fromkeys(label for banner in shown for label in banner.preticked):
        yield Finding(
            object=f"choice:{label or 'without a label'}",
            severity=Severity.HIGH,
            message=f'the box "{label}" is ticked before the visitor does it',
            at=_at(policy, site),
            seen=tell(banner for banner in shown if label in banner.preticked),
            remedies=_remedies("leave the box empty"),
        )
    has_layers = any(banner.reject and banner.reject > 1 for banner in banners_of(site))
    if has_layers and not any(banner.state is State.REJECT for banner in shown):
        yield Gap(
            what="boxes in further layers of the banner",
            reason=Reason.NOT_VERIFIED,
            needs="a refusal in the first layer: what is ticked behind it was not looked at",
        )


def _unread(banner: BannerSeen, state: State) -> Gap:
    return Gap(
        what=f"the way to {state} in the banner on {banner.page}",
        reason=Reason.NOT_VERIFIED,
        needs="a button that visitors can be seen to click: say which, under"
        f" consent: {{{state}: {{steps: [...]}}}}",
    )


def _number(clicks: int) -> str:
    return f"{clicks} click{'' if clicks == 1 else 's'}"


def _whose(banner: BannerSeen) -> str:
    return f" ({banner.platform})" if banner.platform else ""


def _at(policy: Policy, site: SiteEvidence) -> Position:
    declared = policy.site(site.site)
    return declared.at if declared else policy.section("sites")


def _remedies(text: str) -> tuple[Remedy, ...]:
    return (
        Remedy(kind="remove", text="do without what needs consent, and without the banner"),
        Remedy(kind="gate", text=text),
    )
