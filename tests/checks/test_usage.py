"""An entry that no site uses is found, but only where everything was looked at."""

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.evidence import (
    Aspect,
    EverySite,
    Gap,
    PageLoaded,
    Reason,
    SiteEvidence,
    SiteObservation,
    State,
)
from auditor.findings import Result
from auditor.testing import cookie, judge, kept, page, policy, read, request, sent, site
from auditor_checks.usage import unused_entry

ROWS = """
device_storage:
  - {identifier: session, type: cookie, consent: exempt_strictly_necessary}
  - {identifier: _ga, type: cookie}
"""
PROCESSOR = "processors: [{id: stripe, name: Stripe, domains: ['*.stripe.com']}]"
TWO_SITES = """
sites:
  - {id: www, url: https://example.org/}
  - {id: blog, url: https://blog.example.org/}
"""


def run(text: str, seen: SiteEvidence | None) -> Result:
    """Judge a policy by what was seen on its site."""
    return judge(unused_entry, policy(text), seen)


def found(result: Result) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]]]:
    """Return outcome, findings (severity, object) and gaps (what, needs)."""
    return (
        result.outcome.value,
        [(f.severity.value, f.object) for f in result.findings],
        [(g.what, g.needs) for g in result.gaps],
    )


def pages(*states: State | None) -> tuple[PageLoaded, ...]:
    """Return the home page, opened in these states only."""
    return tuple(page(state=state, links=()) for state in states)


def test_what_is_used_passes() -> None:
    """A row that covers a cookie and a processor that pages talk to are used."""
    seen = site(cookie("session"), cookie("_ga"), request("https://js.stripe.com/v3/"))
    assert found(run(ROWS + PROCESSOR, seen)) == ("pass", [], [])


def test_what_is_not_used_is_found() -> None:
    """Where every state was looked at, what was not seen is not used."""
    assert found(run(ROWS + PROCESSOR, site())) == (
        "fail",
        [("low", "cookie:_ga"), ("low", "cookie:session"), ("low", "processor:stripe")],
        [],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sites: []\n" + PROCESSOR,
        "processors: [{id: p}]",
        PROCESSOR.replace("}]", ", optional: true}]"),
        "device_storage: [{identifier: _ga, type: cookie, optional: true}]",
    ],
)
def test_nothing_that_must_be_seen_does_not_apply(text: str) -> None:
    """No site, nothing that shows on one, or only what need not be seen every time."""
    assert found(run(text, site())) == ("not_applicable", [], [])


def test_a_state_that_was_not_looked_at_is_a_gap() -> None:
    """What waits for consent can only be missed after consent; the rest before is enough."""
    assert found(run(ROWS + PROCESSOR, site(*pages(State.BEFORE)))) == (
        "fail",
        [("low", "cookie:session")],
        [
            (
                "use of cookie:_ga, processor:stripe",
                "evidence of all of site:www in state accept",
            )
        ],
    )


def test_what_needs_no_consent_is_looked_for_before() -> None:
    """After consent alone, a row that may be there from the start may have been missed."""
    assert found(run(ROWS, site(*pages(State.ACCEPT)))) == (
        "fail",
        [("low", "cookie:_ga")],
        [
            (
                "use of cookie:session",
                "evidence of all of site:www in state before",
            )
        ],
    )


def test_an_unknown_state_is_no_state() -> None:
    """A recording that does not say what the visitor had chosen proves no absence."""
    result = run(ROWS, site(*pages(None)))
    assert found(result)[0:2] == ("error", [])
    assert len(result.gaps) == 2


@pytest.mark.parametrize(
    ("state", "aspects", "unused"),
    [
        (None, (), []),
        (State.ACCEPT, (Aspect.COOKIES,), ["processor:stripe"]),
        (State.ACCEPT, (Aspect.REQUESTS,), ["cookie:_ga", "cookie:session"]),
        (State.BEFORE, (), ["cookie:_ga", "processor:stripe"]),
        (None, (Aspect.LINKS,), ["cookie:_ga", "cookie:session", "processor:stripe"]),
    ],
)
def test_a_gap_in_what_was_seen_is_a_gap_here(
    state: State | None, aspects: tuple[Aspect, ...], unused: list[str]
) -> None:
    """A part that failed hides only what could have been seen in it."""
    gap = Gap(what="/about", reason=Reason.TIMEOUT, needs="time", state=state, aspects=aspects)
    result = run(ROWS + PROCESSOR, site(gaps=[gap]))
    assert [finding.object for finding in result.findings] == unused
    assert bool(result.gaps) is (len(unused) < 3)


def test_a_site_that_was_not_looked_at_is_a_gap() -> None:
    """An entry may be used on the other site; one that is confined to this site may not."""
    text = TWO_SITES + ROWS.replace("session,", "session, sites: [www],")
    assert found(run(text, site())) == (
        "fail",
        [("low", "cookie:session")],
        [("use of cookie:_ga", "evidence of site:blog")],
    )


def test_no_evidence_at_all_is_a_gap() -> None:
    """Nothing was looked at, so nothing is known to be unused."""
    assert found(run(ROWS, None)) == (
        "error",
        [],
        [("use of cookie:session, cookie:_ga", "evidence of site:www")],
    )


@pytest.mark.parametrize(
    ("seen", "is_used"),
    [
        ([], False),
        ([kept("canvas")], False),
        ([cookie("canvas")], False),
        ([read("audio")], False),
        ([read("canvas", signs=())], True),
        ([read("canvas", "js.other.example")], True),
    ],
)
def test_rows_of_what_is_read(seen: list[SiteObservation], *, is_used: bool) -> None:
    """Reading it at all is a use, also by somebody else; keeping something of that name is not."""
    row = "device_storage: [{identifier: canvas, type: device_access}]"
    messages = [] if is_used else ["`canvas` is declared, and no page reads it"]
    result = run(row, site(*seen))
    assert [f.message for f in result.findings] == messages
    assert result.gaps == ()


def test_what_probes_did_not_see_is_a_gap() -> None:
    """Where no probe was heard, nobody knows whether a row is used."""
    row = "device_storage: [{identifier: canvas, type: device_access}]"
    gap = Gap(what="x", reason=Reason.PROBE_NOT_ARMED, needs="y", aspects=(Aspect.DEVICE,))
    result = run(row, site(gaps=[gap]))
    assert [gap.what for gap in result.gaps] == ["use of device_access:canvas"]


KINDS = ("local_storage", "session_storage", "indexed_db", "cache_storage", "service_worker")


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_storage(kind: str) -> None:
    """Each kind is used where it is kept, and not where only another kind is, or none."""
    row = f"device_storage: [{{identifier: uid, type: {kind}}}]"
    others = [kept("uid", storage=other) for other in KINDS if other != kind]
    assert found(run(row, site(kept("uid", storage=kind)))) == ("pass", [], [])
    for seen in ([cookie("uid"), *others], [kept("uid", storage=kind, removed=True)]):
        assert found(run(row, site(*seen))) == ("fail", [("low", f"{kind}:uid")], [])
    (finding,) = run(row, site()).findings
    assert finding.message == "`uid` is declared, and no page keeps it"


@pytest.mark.parametrize(
    ("consent", "states", "missing"),
    [
        ("required", [State.BEFORE, State.REJECT], "accept"),
        ("required", [State.ACCEPT], ""),
        ("exempt_transmission", [State.ACCEPT], "before"),
        ("exempt_transmission", [State.BEFORE], ""),
    ],
)
def test_storage_is_looked_for_where_it_may_appear(
    consent: str, states: list[State], missing: str
) -> None:
    """What waits for consent can only be missed after it; the rest from the start."""
    row = f"device_storage: [{{identifier: uid, type: local_storage, consent: {consent}}}]"
    result = run(row, site(*pages(*states)))
    needs = [gap.needs for gap in result.gaps]
    assert needs == ([f"evidence of all of site:www in state {missing}"] if missing else [])
    assert len(result.findings) == (not missing)


@pytest.mark.parametrize(
    ("aspects", "state", "unused"),
    [
        ((Aspect.STORAGE,), None, []),
        ((Aspect.STORAGE,), State.ACCEPT, []),
        ((Aspect.STORAGE,), State.BEFORE, ["local_storage:uid"]),
        ((Aspect.COOKIES,), None, ["local_storage:uid"]),
        ((), None, []),
    ],
)
def test_a_gap_in_storage_hides_storage(
    aspects: tuple[Aspect, ...], state: State | None, unused: list[str]
) -> None:
    """Only where all of it could be read is a row known to be unused."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=aspects, state=state)
    row = "device_storage: [{identifier: uid, type: local_storage}]"
    result = run(row, site(gaps=[gap]))
    assert [finding.object for finding in result.findings] == unused
    assert bool(result.gaps) is (not unused)


@pytest.mark.parametrize(
    ("seen", "used"),
    [
        (kept("x", host="js.stripe.com"), True),
        (kept("x", writer="js.stripe.com"), True),
        (kept("x", writer="js.stripe.com", removed=True), True),
        (kept("x"), False),
        (kept("x", writer=""), False),
    ],
    ids=["its storage", "its script", "its script removes", "ours", "unknown writer"],
)
def test_a_processor_that_keeps_something_is_used(seen: SiteObservation, used: bool) -> None:
    """On its own hosts, or by its scripts on ours; no request need show it."""
    assert bool(run(PROCESSOR, site(seen)).findings) is not used


def test_a_site_without_banner_has_one_state() -> None:
    """Nobody can agree where nobody is asked: there only the state before exists."""
    text = (
        f"sites: [{{id: www, url: https://example.org/, consent: {{banner: none}}}}]\n{PROCESSOR}"
    )
    assert found(run(text, site(*pages(State.BEFORE))))[1] == [("low", "processor:stripe")]


def test_a_cookie_that_is_only_deleted_is_not_used() -> None:
    """Taking a cookie away does not keep it on the device."""
    result = run(ROWS, site(cookie("_ga", deleted=True), cookie("session")))
    assert found(result)[1] == [("low", "cookie:_ga")]


def test_a_cookie_that_travels_is_used() -> None:
    """A cookie need not be seen being set."""
    assert found(run(ROWS, site(sent("_ga"), sent("session")))) == ("pass", [], [])


def test_two_rows_of_one_name_are_told_apart_by_their_authors() -> None:
    """Of two authors of one cookie, the one that never writes it is named, with its line."""
    text = """
processors: [{id: a, domains: [a.example], optional: true}]
device_storage:
  - {identifier: uid, type: cookie}
  - {identifier: uid, type: cookie, set_by: a, domains: [example.org]}
"""
    result = run(text, site(cookie("uid", writer="a.example")))
    assert [(f.object, f.policy.line) for f in result.findings] == [("cookie:uid", 7)]


@pytest.mark.parametrize(("said", "name"), [("", "p"), (", name: Acme", "Acme")])
def test_a_processor_is_called_by_its_name(said: str, name: str) -> None:
    """People know a processor by its name; without one by its id."""
    result = run(f"processors: [{{id: p, domains: [p.example]{said}}}]", site())
    message = f"{name} is declared, and no page talks to it"
    assert [finding.message for finding in result.findings] == [message]


def test_the_check_itself_asks_which_states_were_seen() -> None:
    """That a state is missing shows in the pages, with or without a gap that says so."""
    view = EverySite(sites=(site(*pages(State.BEFORE)),))
    (remark,) = unused_entry.find(policy(PROCESSOR), view)
    assert isinstance(remark, Gap)


def test_an_entry_of_an_unfinished_site_is_left_alone() -> None:
    """While its only site is undecided, nothing can be said about its use."""
    text = """
sites: [{id: www, url: https://example.org/}, {id: later, url: TODO}]
processors: [{id: p, domains: [p.example], sites: [later]}]
"""
    assert found(run(text, site())) == ("pass", [], [])


def test_a_cookie_that_its_row_does_not_allow_is_used() -> None:
    """Seen elsewhere than declared, a row is to be corrected, not taken out."""
    result = run(ROWS, site(cookie("_ga", domain="tracker.example.com"), cookie("session")))
    assert found(result) == ("pass", [], [])


def test_a_whole_result() -> None:
    """Findings name the line and the way out; gaps name what to look at."""
    result = run(ROWS + PROCESSOR, site(*pages(State.BEFORE)))
    assert msgspec.yaml.encode(result).decode() == snapshot("""\
check: policy-entry-unused
title: Everything declared for the sites is still used
subject: policy
outcome: fail
detail: ''
references:
- gdpr:5-1-a
- gdpr:30
gaps:
- what: use of cookie:_ga, processor:stripe
  reason: not_in_evidence
  needs: evidence of all of site:www in state accept
  attested_by: null
findings:
- fingerprint: b6c3461201c87791cadae5d9928bf3098b88decfb8f32cc4b157321f02632a26
  object: cookie:session
  severity: low
  message: '`session` is declared, and no page sets it'
  waived_by: null
  policy:
    path: policy.yaml
    line: 6
    column: 5
  seen: []
  remedies:
  - kind: remove
    text: take the entry out, here and in the notice
    yaml: ''
  - kind: declare
    text: 'if it appears only now and then:'
    yaml: 'optional: true

      '
""")
