"""Visitor states that the policy asks for and nobody looked at, or of which nobody is sure."""

from collections.abc import Collection, Iterator

from auditor.evidence import Aspect, Gap, Reason, SiteEvidence, State
from auditor.matching.banners import CHOICES, Banner, banner_of, is_confirmed
from auditor.matching.consent import laws_of, may_need_consent
from auditor.matching.declarations import Declarations
from auditor.policy import Policy, Site

_SEEN_IN_A_STATE = (Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE)
_HOW = {
    State.BEFORE: "made without choosing anything",
    State.REJECT: "made after refusing",
    State.ACCEPT: "made after accepting",
    State.WITHDRAW: "made after accepting and then withdrawing",
    State.GPC: "made with Global Privacy Control on",
}
_AFTER_A_CHOICE = (State.REJECT, State.ACCEPT)


def unseen_states(policy: Policy, site: Site, seen: SiteEvidence) -> Iterator[Gap]:
    """Yield a gap for each state that is missing, and for each whose choice is not certain.

    What the evidence says of itself is not said again.
    """
    banner = banner_of(seen)
    gaps = [
        _no_banner(site.id, state)
        if banner is Banner.ABSENT and state in CHOICES
        else missing_state(site.id, state)
        for state in _asked_for(policy, site, seen, banner)
        if state not in seen.states
    ]
    gaps += [
        _unconfirmed(site.id, state)
        for state in CHOICES
        if state in seen.states and not is_confirmed(seen, state)
    ]
    for gap in gaps:
        if not is_told(gap, seen.gaps):
            yield gap


def _asked_for(policy: Policy, site: Site, seen: SiteEvidence, banner: Banner) -> list[State]:
    """Return the states in which the site has to be seen (contract, meaning 5).

    One that somebody tried to see is always among them: perhaps no page loaded.
    """
    wanted = {State.BEFORE, *(page.state for page in seen.pages)}
    wanted |= {source.state for source in seen.sources}
    if _has_choices(policy, site, seen, banner):
        wanted |= {*_AFTER_A_CHOICE}
    if "us-ca-ccpa" in laws_of(policy, seen):
        wanted.add(State.GPC)
    return [state for state in State if state in wanted]


def _has_choices(policy: Policy, site: Site, seen: SiteEvidence, banner: Banner) -> bool:
    """Return whether visitors are asked, as far as the policy says or anybody knows."""
    if site.consent.banner != "auto":
        return site.consent.banner == "required"
    if banner is not Banner.ABSENT or seen.states.issuperset(_AFTER_A_CHOICE):
        return True
    return may_need_consent(Declarations(policy, seen), seen)


def missing_states(site: Site, seen: Collection[State | None]) -> Iterator[Gap]:
    """Yield a gap for each visitor state that is asked for, whatever is declared and seen.

    With `banner: auto`, whether there are more is found out when the evidence is judged.
    """
    required = [State.BEFORE]
    if site.consent.banner == "required":
        required += _AFTER_A_CHOICE
    for state in required:
        if state not in seen:
            yield missing_state(site.id, state)


def missing_state(site_id: str, state: State) -> Gap:
    """Return the gap of a visitor state that nobody looked at."""
    return Gap(
        what=f"state {state}",
        reason=Reason.NOT_IN_EVIDENCE,
        needs=_recording(site_id, state),
        aspects=_SEEN_IN_A_STATE,
        state=state,
    )


def _no_banner(site_id: str, state: State) -> Gap:
    needs = f"a banner to choose in, and no banner found: {_ways(site_id, state)}"
    return Gap(
        what=f"state {state}",
        reason=Reason.NOT_VERIFIED,
        needs=needs,
        aspects=_SEEN_IN_A_STATE,
        state=state,
    )


def _unconfirmed(site_id: str, state: State) -> Gap:
    needs = f"a choice that can be confirmed, and this could not be: {_ways(site_id, state)}"
    return Gap(
        what=f"the choice {state}",
        reason=Reason.NOT_VERIFIED,
        needs=needs,
        aspects=(Aspect.CHOICES, *_SEEN_IN_A_STATE),
        state=state,
    )


def _ways(site_id: str, state: State) -> str:
    steps = f"consent: {{{state}: {{steps: [...]}}}}"
    return f"say how it is made, under {steps}, or give {_recording(site_id, state)}"


def _recording(site_id: str, state: State) -> str:
    return f"a recording {_HOW[state]}: --evidence {site_id}:{state}=FILE.har"


def is_told(gap: Gap, among: Collection[Gap]) -> bool:
    """Return whether one of these gaps is of the same thing, and of no less of it."""
    return any(
        one.what == gap.what
        and one.state in {gap.state, None}
        and (not one.aspects or {*gap.aspects} <= {*one.aspects})
        for one in among
    )
