"""Visitor states: which are asked for, and where a choice has to be shown."""

# ruff: noqa: E501 -- a message is one line

from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.evidence import (
    Aspect,
    Gap,
    Reason,
    SiteEvidence,
    SiteObservation,
    Source,
    State,
)
from auditor.matching import is_told, missing, missing_state, missing_states
from auditor.testing import banner, choice, cookie, kept, page, policy, request, site

HOME = "https://example.org/"
TRACKER = "device_storage: [{identifier: _ga, type: cookie}]"
EXEMPT = "device_storage: [{identifier: s12, type: cookie, consent: exempt_transmission}]"
MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)


def sources(**kinds: str) -> tuple[Source, ...]:
    """Return a source of a kind for each state; `unknown` is a state that nobody says."""
    return tuple(
        Source(
            kind=kind,
            collected_at=MOMENT,
            state=None if state == "unknown" else State(state),
        )
        for state, kind in kinds.items()
    )


def looked(*seen: SiteObservation, gaps: tuple[Gap, ...] = (), **kinds: str) -> SiteEvidence:
    """Return evidence from these sources, with the home page in each of their states."""
    origin = sources(**kinds)
    pages = [page(state=source.state) for source in origin]
    return structs.replace(site(*pages, *seen, gaps=gaps), sources=origin)


def found(seen: SiteEvidence, keys: str = "", rest: str = "") -> list[Gap]:
    """Return what is missing by a policy with one site."""
    promised = policy(f"sites: [{{id: www, url: {HOME}{keys}}}]\n{rest}")
    return list(missing(promised, promised.sites[0], seen))


def states(gaps: list[Gap]) -> list[str]:
    """Return the states of the gaps, each with why."""
    return [f"{gap.state}: {gap.reason}" for gap in gaps]


OPEN = ["reject: not_in_evidence", "accept: not_in_evidence"]
NO_BANNER = ["reject: not_verified", "accept: not_verified"]


@pytest.mark.parametrize(
    ("keys", "rest", "missed"),
    [
        ("", "", OPEN),
        ("", TRACKER, OPEN),
        (", consent: {banner: required}", "", OPEN),
        (", consent: {banner: none}", "", []),
    ],
)
def test_a_recording_shows_no_banner(keys: str, rest: str, missed: list[str]) -> None:
    """So there may be one: a recording of each state is asked for, unless there is none."""
    assert states(found(looked(before="har"), keys, rest)) == missed


@pytest.mark.parametrize("kind", ["visit", "example"])
@pytest.mark.parametrize(
    ("keys", "rest", "seen", "missed"),
    [
        ("", "", (), []),
        ("", EXEMPT, (cookie("s12"),), []),
        ("", "", (request(f"{HOME}a.js"), cookie("x", deleted=True)), []),
        ("", TRACKER, (), NO_BANNER),
        ("", "processors: [{id: p, domains: [p.example]}]", (), NO_BANNER),
        ("", "", (cookie("x"),), NO_BANNER),
        ("", "", (kept("x"),), NO_BANNER),
        ("", "", (request("https://cdn.example/x"),), NO_BANNER),
        ("", EXEMPT, (cookie("s12", domain="cdn.example"),), NO_BANNER),
        ("", "processors: [{id: p, sites: [b], domains: [p.example]}]", (), []),
        (", consent: {banner: required}", "", (), NO_BANNER),
        (", consent: {banner: none}", "", (cookie("x"),), []),
        ("", "", (banner(),), OPEN),
        ("", "", (banner(page=f"{HOME}about"),), OPEN),
        ("", "", (banner(state=State.GPC),), []),
    ],
    ids=range(15),
)
def test_where_nobody_asks_there_is_one_state(
    kind: str, keys: str, rest: str, seen: tuple[SiteObservation, ...], missed: list[str]
) -> None:
    """Unless something needs consent, or may: then the banner was not found."""
    if "sites: [b]" in rest:
        keys += "}, {id: b, url: https://b.example/"
    assert states(found(looked(*seen, before=kind), keys, rest)) == missed


@pytest.mark.parametrize(
    ("gap", "missed"),
    [
        (Gap(what="w", reason=Reason.TIMEOUT, needs="n"), OPEN),
        (Gap(what="w", reason=Reason.TIMEOUT, needs="n", state=State.BEFORE), OPEN),
        (Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.CHOICES,)), OPEN),
        (Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(Aspect.LINKS,)), []),
        (Gap(what="w", reason=Reason.TIMEOUT, needs="n", state=State.GPC), []),
    ],
)
def test_a_look_with_a_gap_is_no_look(gap: Gap, missed: list[str]) -> None:
    """That no banner was seen says nothing where something was missed before the choice."""
    assert states(found(looked(before="visit", gaps=(gap,)))) == missed


def test_a_visit_after_the_choice_is_no_look_for_a_banner() -> None:
    """Nor is one of a kind that nobody knows."""
    ways: list[dict[str, Any]] = [
        {"accept": "visit"},
        {"before": "har", "accept": "visit"},
        {"before": "x"},
    ]
    for kinds in ways:
        missed = states(found(looked(choice(State.ACCEPT), **kinds)))
        assert "reject: not_in_evidence" in missed


@pytest.mark.parametrize(
    ("laws", "own", "missed"),
    [
        ("[us-ca-ccpa]", "", ["gpc: not_in_evidence"]),
        ("[eprivacy]", ", jurisdictions: [eprivacy, us-ca-ccpa]", ["gpc: not_in_evidence"]),
        ("[us-ca-ccpa]", ", jurisdictions: [eprivacy]", []),
        ("[eprivacy]", "", []),
    ],
)
def test_the_browsers_signal_is_californian(laws: str, own: str, missed: list[str]) -> None:
    """Where that law applies it is looked at, banner or not."""
    keys = f"{own}, consent: {{banner: none}}"
    assert states(found(looked(before="visit"), keys, f"jurisdictions: {laws}")) == missed


@pytest.mark.parametrize("state", [State.REJECT, State.WITHDRAW])
def test_a_state_that_was_tried_has_to_be_seen(state: State) -> None:
    """Whatever is asked for: no page that loaded is no look, by a page or by a source."""
    by_page = looked(page(state=state, status=404), before="visit")
    origin = sources(before="visit", **{state: "visit"})
    by_source = structs.replace(looked(before="visit"), sources=origin)
    for seen in (by_page, by_source):
        gaps = [gap for gap in found(seen) if gap.what == f"state {state}"]
        assert states(gaps) == [f"{state}: not_verified"]


@pytest.mark.parametrize("state", [State.REJECT, State.ACCEPT, State.WITHDRAW])
@pytest.mark.parametrize(
    ("kind", "outcomes", "is_sure"),
    [
        ("visit", ["verified"], True),
        ("visit", ["claimed"], True),
        ("visit", ["failed"], False),
        ("visit", ["failed", "verified"], False),
        ("visit", [], False),
        ("har", [], True),
        ("har", ["failed"], False),
        ("example", [], True),
        ("something else", [], False),
    ],
)
def test_a_visit_shows_that_it_chose(
    state: State, kind: str, outcomes: list[str], *, is_sure: bool
) -> None:
    """A recording is taken at its word; a visit whose choice failed, or is not told of, is not."""
    kinds: dict[str, Any] = {"before": kind, "reject": kind, "accept": kind, "withdraw": kind}
    others = [choice(other) for other in State if other not in {state, State.BEFORE, State.GPC}]
    made = [choice(state, outcome=outcome) for outcome in outcomes]
    gaps = found(looked(banner(), *others, *made, **kinds))
    assert states(gaps) == ([] if is_sure else [f"{state}: not_verified"])
    if not is_sure:
        (gap,) = gaps
        wanted = {Aspect.CHOICES, Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE}
        assert (gap.what, {*gap.aspects}) == (f"the choice {state}", wanted)


def test_another_states_choice_confirms_nothing() -> None:
    """Nor does one of which nobody knows when it was made."""
    kinds: dict[str, Any] = {"before": "visit", "reject": "visit", "accept": "har"}
    unknown = structs.replace(choice(State.REJECT), state=None)
    assert states(found(looked(banner(), choice(State.ACCEPT), unknown, **kinds))) == [
        "reject: not_verified"
    ]


def test_on_the_way_to_a_withdrawal_is_no_visit_of_its_own() -> None:
    """There are pages of somebody who agreed, and nothing says that this one did."""
    agreed = page(state=State.ACCEPT)
    kinds: dict[str, Any] = {"before": "visit", "reject": "visit", "withdraw": "visit"}
    seen = looked(banner(), agreed, choice(State.REJECT), choice(State.WITHDRAW), **kinds)
    assert states(found(seen)) == ["accept: not_verified"]


def test_a_recording_of_an_unknown_state_vouches_for_none() -> None:
    """A visit beside it still has to show its choice."""
    seen = looked(banner(), before="visit", reject="visit", accept="har", unknown="har")
    assert states(found(seen)) == ["reject: not_verified"]
    assert "before: not_in_evidence" in states(found(looked(unknown="har")))


def test_what_the_collector_told_is_not_told_again() -> None:
    """Unless that is about less."""
    kinds: dict[str, Any] = {"before": "visit", "reject": "visit", "accept": "har"}
    failed = choice(State.REJECT, outcome="failed")
    (mine,) = found(looked(banner(), failed, **kinds))
    told = structs.replace(mine, needs="the steps lead nowhere")
    assert found(looked(banner(), failed, gaps=(told,), **kinds)) == []
    less = structs.replace(told, aspects=(Aspect.CHOICES,))
    assert found(looked(banner(), failed, gaps=(less,), **kinds)) == [mine]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, True),
        ({"needs": "n", "reason": Reason.NOT_VERIFIED}, True),
        ({"aspects": (), "state": None}, True),
        ({"aspects": (Aspect.COOKIES,)}, False),
        ({"state": State.BEFORE}, False),
        ({"what": "w"}, False),
    ],
)
def test_the_same_thing(facts: dict[str, object], *, told: bool) -> None:
    """A gap is told where one of the same name is about as much or more."""
    gap = missing_state("www", State.GPC)
    assert is_told(gap, [structs.replace(gap, **facts)]) is told
    assert not is_told(gap, [])


@pytest.mark.parametrize(
    ("banner_key", "missed"),
    [("auto", ["before"]), ("none", ["before"]), ("required", ["before", "reject", "accept"])],
)
def test_what_collectors_can_say(banner_key: str, missed: list[str]) -> None:
    """They do not know what is declared: with `auto`, the rest is for those who judge."""
    (wanted,) = policy(
        f"sites: [{{id: www, url: {HOME}, consent: {{banner: {banner_key}}}}}]"
    ).sites
    assert [gap.state for gap in missing_states(wanted, {None})] == missed
    assert list(missing_states(wanted, {State.BEFORE, State.REJECT, State.ACCEPT})) == []


def test_the_words() -> None:
    """Each gap says what helps: steps, or a recording."""
    seen = looked(choice(State.WITHDRAW, outcome="failed"), before="visit", withdraw="visit")
    told = [missing_state("www", State.GPC), *found(seen, "", TRACKER)]
    assert {gap.what: gap.needs for gap in told} == snapshot(
        {
            "state gpc": "a recording made with Global Privacy Control on: --evidence www:gpc=FILE.har",
            "state reject": "a banner to choose in, and no banner found: say how it is made, under consent: {reject: {steps: [...]}}, or give a recording made after refusing: --evidence www:reject=FILE.har",
            "state accept": "a banner to choose in, and no banner found: say how it is made, under consent: {accept: {steps: [...]}}, or give a recording made after accepting: --evidence www:accept=FILE.har",
            "the choice withdraw": "a choice that can be confirmed, and this could not be: say how it is made, under consent: {withdraw: {steps: [...]}}, or give a recording made after accepting and then withdrawing: --evidence www:withdraw=FILE.har",
        }
    )
    assert set(told[0].aspects) == {Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE}
