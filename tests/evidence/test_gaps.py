"""Whom a gap concerns: those who look at what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence import Aspect, Gap, Reason, State

aspects = st.frozensets(st.sampled_from(Aspect))
states = st.frozensets(st.sampled_from(State))


def gap(*parts: Aspect, state: State | None = None) -> Gap:
    """Return a gap in some parts."""
    return Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=parts, state=state)


@given(aspects, states)
def test_a_gap_in_everything_concerns_everybody(
    looks_at: frozenset[Aspect], in_states: frozenset[State]
) -> None:
    """Unless it is confined, nobody is spared."""
    assert gap().concerns(looks_at, in_states)


@given(st.lists(st.sampled_from(Aspect)), st.none() | st.sampled_from(State))
def test_who_looks_at_everything_misses_every_gap(
    parts: list[Aspect], state: State | None
) -> None:
    """A check that does not say where it looks is concerned by all."""
    assert gap(*parts, state=state).concerns(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("looks_at", "in_states", "concerned"),
    [
        ({Aspect.COOKIES}, {State.BEFORE}, True),
        ({Aspect.COOKIES, Aspect.LINKS}, {State.BEFORE, State.ACCEPT}, True),
        ({Aspect.LINKS}, {State.BEFORE}, False),
        ({Aspect.COOKIES}, {State.ACCEPT}, False),
    ],
)
def test_a_confined_gap(looks_at: set[Aspect], in_states: set[State], concerned: bool) -> None:
    """Both the part and the state have to be among what is looked at."""
    confined = gap(Aspect.COOKIES, Aspect.REQUESTS, state=State.BEFORE)
    assert confined.concerns(frozenset(looks_at), frozenset(in_states)) is concerned


def test_reasons_are_those_of_the_contract() -> None:
    """Contract §4."""
    assert [reason.value for reason in Reason] == (
        "unreachable timeout no_credential forbidden rate_limited probe_not_armed cannot_be_shown"
        " evidence_too_old cap_reached check_crashed not_in_evidence not_verified nobody_looks"
        " undecided"
    ).split()


def test_states_are_those_of_the_contract() -> None:
    """Contract §2, in the order in which a visitor gets there."""
    assert [state.value for state in State] == ["before", "reject", "accept", "withdraw", "gpc"]
