"""Why the banner of a site cannot be judged: there is none, or nobody could see it."""

from typing import Final

from auditor.evidence import Aspect, Gap, Reason, SiteEvidence, State
from auditor.findings import NotApplicable
from auditor.matching.banners import Banner, banner_of, shows_banners
from auditor.matching.consent import asks_beforehand, may_need_consent
from auditor.matching.declarations import Declarations
from auditor.policy import Policy

_WHAT_NEEDS_CONSENT: Final = (
    frozenset({Aspect.COOKIES, Aspect.REQUESTS, Aspect.STORAGE}),
    frozenset({State.BEFORE}),
)


def is_banner_required(policy: Policy, seen: SiteEvidence) -> bool:
    """Return whether the policy promises a banner."""
    site = policy.site(seen.site)
    return site is not None and site.consent.banner == "required"


def why_no_banner(policy: Policy, seen: SiteEvidence) -> Gap | NotApplicable | None:
    """Return why there is no banner to judge (contract, meaning 5).

    None where there is one, and where a gap in the evidence says already what was not seen.
    """
    is_required = is_banner_required(policy, seen)
    if not is_required and not asks_beforehand(policy, seen):
        return NotApplicable(why="the policy names no law that asks for consent beforehand")
    banner = banner_of(seen)
    if banner is Banner.SEEN:
        return None
    site = policy.site(seen.site)
    if site and site.consent.banner == "none":
        return NotApplicable(why="the policy says that the site has no banner")
    if banner is Banner.UNKNOWN:
        needs = "a visit by somebody who has not chosen: no recording shows one"
        return None if shows_banners(seen) else _gap(Reason.NOT_IN_EVIDENCE, needs)
    return _absent(policy, seen, is_required=is_required)


def _absent(policy: Policy, seen: SiteEvidence, *, is_required: bool) -> Gap | NotApplicable:
    """Return what it means that somebody looked for a banner, and there was none."""
    if is_required or may_need_consent(Declarations(policy, seen), seen):
        needs = "a banner, or how to find it, under consent: {accept: {steps: [...]}}"
        return _gap(Reason.NOT_VERIFIED, f"{needs}: no banner found")
    if any(gap.concerns(*_WHAT_NEEDS_CONSENT) for gap in seen.gaps):
        needs = "a visit without gaps: whether something needs consent is not known"
        return _gap(Reason.NOT_VERIFIED, needs)
    return NotApplicable(why="no banner was found, and nothing that needs consent")


def _gap(reason: Reason, needs: str) -> Gap:
    return Gap(what="the consent banner", reason=reason, needs=needs)
