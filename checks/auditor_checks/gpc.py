"""Global Privacy Control: the browser's own refusal (California Civil Code 1798.135)."""

from collections.abc import Iterator

from auditor import example
from auditor.check import Example, check
from auditor.evidence import Aspect, SiteEvidence, State
from auditor.findings import Finding, NotApplicable, Remark, Remedy, Severity
from auditor.matching import Declarations, declares, laws_of, uses, waits
from auditor.policy import Policy, Processor, StorageRow
from auditor.sighting import sightings as tell
from auditor.vocabulary import covers

LAW = "us-ca-ccpa"
# Purposes for which data go to others who use them for their own ends, or for adverts that follow
# people from site to site (1798.140(ad) and (ah)); what is shown by our own data alone is neither.
SOLD = ("third_party_sharing", "marketing.advertising")
NOT_SOLD = ("third_party_sharing.legal_obligation", "marketing.advertising.first_party")
PIXEL = "https://px.ads.example.com/hit?uid=*"
ADS = """
jurisdictions: [us-ca-ccpa]
processors:
  - id: ads
    domains: ["*.ads.example.com"]
    consent: not_required
processing_activities:
  - id: adverts
    purpose: marketing.advertising.third_party.targeted
    processors: [ads]
"""


@check(
    "gpc-ignored",
    title="The browser's opt-out signal is obeyed",
    needs=SiteEvidence,
    references=["ccpa:1798.135", "ccpa:1798.120"],
    looks_at=[Aspect.COOKIES, Aspect.REQUESTS, Aspect.STORAGE],
    in_states=[State.GPC],
    passing=Example(policy=ADS, seen=(example.request(PIXEL, state=State.ACCEPT),)),
    failing=Example(policy=ADS, seen=(example.request(PIXEL, state=State.GPC),)),
)
def ignored_signal(policy: Policy, site: SiteEvidence) -> Iterator[Remark]:
    """Take Global Privacy Control for a refusal: sell and share nothing about this visitor.

    Browsers send it as `Sec-GPC: 1`, scripts read `navigator.globalPrivacyControl`. It stands for
    an opt-out from sale and sharing without any click, and it stops what needs consent too.
    """
    if LAW not in laws_of(policy, site):
        yield NotApplicable(why=f"{LAW} is not among the site's jurisdictions")
        return
    declarations = Declarations(policy, site)
    sold_to = {
        name
        for activity in policy.processing_activities
        if _is_sale(activity.purpose)
        for name in activity.processors
    }

    def is_sold(entry: StorageRow | Processor) -> bool:
        if isinstance(entry, Processor):
            return entry.id in sold_to
        return _is_sale(entry.purpose) if entry.purpose else entry.set_by in sold_to

    def stops(entry: StorageRow | Processor) -> bool:
        return waits(entry) or is_sold(entry)

    if not declares(declarations, stops):
        yield NotApplicable(why="the policy declares nothing that is sold, shared or consented to")
        return
    for use in uses(declarations, site, State.GPC, stops):
        why = "is used to sell or share data" if is_sold(use.entry) else "needs consent"
        yield Finding(
            object=use.object,
            facet=f"{State.GPC}{use.where}",
            keys=("consent", "purpose"),
            severity=Severity.HIGH,
            message=use.sentence(why, "although the browser sends Global Privacy Control"),
            at=use.entry.at,
            seen=tell(use.seen),
            remedies=(
                Remedy(kind="remove", text="do without it"),
                Remedy(
                    kind="gate",
                    text=f"{use.action} only where the browser does not send the signal",
                ),
            ),
        )


def _is_sale(purpose: str) -> bool:
    """Return whether a purpose is to sell or share; "" is none yet, which others object to."""
    return any(covers(use, purpose) for use in SOLD) and not any(
        covers(use, purpose) for use in NOT_SOLD
    )
