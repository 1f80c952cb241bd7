"""The consent banner of a site: was one found, could one be, and do its choices hold."""

from enum import StrEnum
from typing import Final

from auditor.evidence import Aspect, BannerSeen, ChoiceMade, SiteEvidence, State

CHOICES: Final = (State.REJECT, State.ACCEPT, State.WITHDRAW)  # that are made in a banner

# Sources that show banners, and those whose state is taken at its word: people made them.
# `example` is what tests and docs are made of; whatever else there may be has to prove itself.
_SHOW_BANNERS = frozenset({"visit", "example"})
_AT_THEIR_WORD = frozenset({"har", "example"})
_BY_HAND = frozenset({"policy", "finder"})


class Banner(StrEnum):
    """What is known of a site's banner."""

    SEEN = "seen"
    ABSENT = "absent"  # somebody looked for one, and there is none
    UNKNOWN = "unknown"


def banners_of(seen: SiteEvidence) -> tuple[BannerSeen, ...]:
    """Return the banners that a visitor meets who has not chosen yet, on whatever page."""
    return tuple(
        item
        for item in seen.observations
        if isinstance(item, BannerSeen) and item.state is State.BEFORE
    )


def choices_of(seen: SiteEvidence, state: State) -> tuple[ChoiceMade, ...]:
    """Return how often this choice was made, and what came of it."""
    return tuple(
        item for item in seen.observations if isinstance(item, ChoiceMade) and item.state is state
    )


def shows_banners(seen: SiteEvidence) -> bool:
    """Return whether a banner would be in the evidence: a HAR file never shows one."""
    return State.BEFORE in seen.states and any(
        source.kind in _SHOW_BANNERS and source.state in {State.BEFORE, None}
        for source in seen.sources
    )


def banner_of(seen: SiteEvidence) -> Banner:
    """Return whether a site has a banner; that none was seen says so only of who could look."""
    if banners_of(seen):
        return Banner.SEEN
    wanted = frozenset({Aspect.CHOICES}), frozenset({State.BEFORE})
    is_certain = shows_banners(seen) and not any(gap.concerns(*wanted) for gap in seen.gaps)
    return Banner.ABSENT if is_certain else Banner.UNKNOWN


def is_confirmed(seen: SiteEvidence, state: State) -> bool:
    """Return whether what was seen in a state is what visitors get who made that choice.

    A visit has to show that it made it; of a recording, its maker says so.
    """
    made = choices_of(seen, state)
    if any(choice.outcome == "failed" for choice in made):
        return False
    own = [source for source in seen.sources if source.state is state] or seen.sources
    return bool(made) or all(source.kind in _AT_THEIR_WORD for source in own)


def clicks_of(seen: SiteEvidence, state: State, offered: int | None) -> int | None:
    """Return the clicks that a choice takes: what a banner offers, or fewer that were enough.

    None where no way is known. What a rule did by the page's own code took no visitor's clicks.
    """
    made = [
        choice.clicks
        for choice in choices_of(seen, state)
        if choice.outcome != "failed" and choice.how in _BY_HAND and choice.clicks
    ]
    return min([*made, *([] if offered is None else [offered])], default=None)
