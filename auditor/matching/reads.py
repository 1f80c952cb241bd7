"""What is read of a device, or heard of its user, and is kept nowhere there."""

from auditor.evidence import DeviceRead, SiteEvidence, State
from auditor.matching.consent import asks_beforehand, laws_of
from auditor.matching.declarations import Sight
from auditor.policy import Policy


def sight_of(read: DeviceRead) -> Sight:
    """Return what there is to match of something that was read: rows of `device_access` cover it.

    A row's `domains` are those of the pages and frames in which it may be read.
    """
    return Sight(
        type="device_access",
        name=read.what,
        domain=read.host,
        page=read.page,
        writer=read.writer,
    )


def states_without_consent(policy: Policy, seen: SiteEvidence) -> tuple[State, ...]:
    """Return the states in which nothing may happen that needs consent (contract, meaning 5)."""
    states = [State.REJECT]
    if asks_beforehand(policy, seen):
        states = [State.BEFORE, State.REJECT, State.WITHDRAW]
    if "us-ca-ccpa" in laws_of(policy, seen):
        states.append(State.GPC)
    return tuple(states)
