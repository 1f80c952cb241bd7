"""The one law: each way that was found to be green without having looked, and is closed."""

from datetime import date

import pytest
from msgspec import structs

from auditor.engine import AnyCheck
from auditor.errors import PolicyError
from auditor.evidence import (
    Aspect,
    Evidence,
    Gap,
    PageLoaded,
    Reason,
    SiteObservation,
    Source,
    State,
    Tool,
    decode,
    encode,
)
from auditor.example import (
    HOME,
    USERS,
    ages,
    banner,
    choice,
    cookie,
    field,
    kept,
    page,
    request,
    secret,
    sent,
    table,
)
from auditor.findings import Outcome, Result
from auditor.testing import MOMENT, judge, policy, site, store
from auditor_checks import CHECKS

CDN = """
processors:
  - id: kit
    domains: ["cdn.example.com/kit/ab12cd34ef56aa"]
"""
NOTICE = "notices: [{id: privacy, url: https://example.org/privacy}]"
WAIVER = """
waivers:
  - id: W1
    check: third-party-undeclared
    subject: site:www
    object: "{object}"
    justification: x
    owner: x
    approved_by: x
    created: 2026-01-01
    expires: 2026-02-01
"""


def result_of(
    check_id: str, text: str, *seen: SiteObservation, as_of: date = date(2026, 1, 15)
) -> Result:
    """Judge what was seen with one built-in check."""
    check = next(check for check in CHECKS if check.id == check_id)
    return judge(check, policy(text), site(*seen), as_of=as_of)


def sites(more: str) -> str:
    """Return a policy with one site and more about it."""
    return f"sites: [{{id: www, url: {HOME}, {more}}}]"


@pytest.mark.parametrize("identifier", ["0a1b2c3d4e5f60718293a4b5", "jane.doe@example.org"])
def test_a_name_that_is_only_an_id_covers_nothing(identifier: str) -> None:
    """Evidence keeps ids as `*`; a row of that name would cover every other id."""
    with pytest.raises(PolicyError, match="looks like an id"):
        policy(f"device_storage: [{{identifier: {identifier}, type: cookie}}]")


def test_a_path_that_is_only_an_id_covers_nothing() -> None:
    """The same for a processor's path."""
    with pytest.raises(PolicyError, match="the path is an id"):
        policy("processors: [{id: kit, domains: [cdn.example.com/1234567]}]")


def test_a_path_with_an_id_in_it_is_recognised() -> None:
    """Embed codes are part of many addresses: declared, they are no finding."""
    known = request("https://cdn.example.com/kit/*/x.js", resource="script")
    other = request("https://cdn.example.com/other/x.js", resource="script")
    assert result_of("third-party-undeclared", CDN, known).outcome is Outcome.PASS
    assert result_of("third-party-undeclared", CDN, other).outcome is Outcome.FAIL


@pytest.mark.parametrize("name", ["host*", "h*:tracker.example", "tracker.example"])
def test_a_waiver_names_its_kind(name: str) -> None:
    """Without the kind, a pattern would accept everything of one kind."""
    with pytest.raises(PolicyError, match="KIND:NAME"):
        policy(WAIVER.format(object=name))


def test_a_state_in_which_nothing_loaded_was_not_seen() -> None:
    """A page that answers 404 shows nothing of what happens after refusing."""
    pages = [page(state=state) for state in State]
    gone = [page(state=s, status=404) if s is State.REJECT else page(state=s) for s in State]
    assert result_of("third-party-undeclared", "", *pages).outcome is Outcome.PASS
    result = result_of("third-party-undeclared", "", *gone)
    assert result.outcome is Outcome.ERROR
    assert "state reject" in {gap.what for gap in result.gaps}


def test_a_site_without_start_pages_is_refused() -> None:
    """An empty list would mean that nothing has to load."""
    with pytest.raises(PolicyError, match="empty list"):
        policy(sites("crawl: {start: []}"))


@pytest.mark.parametrize(
    "more", ["crawl: {start: [/, TODO]}", "first_party: [TODO]", "journeys: [journeys/pay.json]"]
)
def test_what_was_asked_for_and_not_looked_at_is_a_gap(more: str) -> None:
    """An undecided part of a site, and a journey that nobody made, keep every site check open."""
    assert result_of("third-party-undeclared", sites(more)).outcome is Outcome.ERROR


def test_evidence_from_the_future_is_not_evidence_of_today() -> None:
    """A wrong clock would make evidence fresh for ever; a day is allowed for time zones."""
    assert result_of("transport-insecure", "", as_of=date(2026, 1, 14)).outcome is Outcome.PASS
    assert result_of("transport-insecure", "", as_of=date(2026, 1, 13)).outcome is Outcome.ERROR


def test_markup_without_links_that_a_script_completes_proves_nothing() -> None:
    """A page written by scripts may well lead to the notice: a gap, not a finding."""
    shell = PageLoaded(page=HOME, url=HOME, status=200, state=State.BEFORE, links=())
    script = request(f"{HOME}app.js", resource="script")
    assert result_of("notice-link", NOTICE, shell, script).outcome is Outcome.ERROR
    assert result_of("notice-link", NOTICE, shell).outcome is Outcome.FAIL


def test_an_undecided_waiver_is_not_unused() -> None:
    """Nobody has said yet what it is for."""
    text = WAIVER.format(object="host:x.example").replace('"host:x.example"', "TODO")
    assert not result_of("waiver-unused", text, cookie("x")).findings


@pytest.mark.parametrize(
    ("first", "also", "outcome"),
    [
        ({}, (), Outcome.PASS),
        ({"method": "POST"}, (), Outcome.FAIL),
        ({"status": 200}, (), Outcome.FAIL),
        ({}, (sent("session", over_tls=False),), Outcome.FAIL),
        ({}, (cookie("session", over_tls=False),), Outcome.FAIL),
        ({}, (sent("session"), cookie("session")), Outcome.PASS),
    ],
)
def test_an_upgrade_that_carried_something_is_not_harmless(
    first: dict[str, object], also: tuple[SiteObservation, ...], outcome: Outcome
) -> None:
    """Only a request that told nothing may travel in the open on its way to https."""
    start = request("http://example.org/", **{"status": 301, **first})
    led = request(HOME, redirected_from="http://example.org/")
    assert result_of("transport-insecure", "", start, led, *also).outcome is outcome


def test_a_query_in_the_open_is_not_harmless() -> None:
    """What somebody searched for is told before the server can ask for https."""
    start = request("http://example.org/search?q=*", status=301)
    led = request(f"{HOME}search?q=*", redirected_from=start.url)
    assert result_of("transport-insecure", "", start, led).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("check_id", "aspect"),
    [
        ("storage-undeclared", Aspect.STORAGE),
        ("secret-exposed", Aspect.CONTENT),
        ("secret-exposed", Aspect.REQUESTS),
    ],
)
def test_what_was_not_read_is_not_clean(check_id: str, aspect: Aspect) -> None:
    """No key was seen where nobody could look: storage, and what scripts hold."""
    assert result_of(check_id, "").outcome is Outcome.PASS
    gap = Gap(what="w", reason=Reason.NOT_IN_EVIDENCE, needs="n", aspects=(aspect,))
    check = next(check for check in CHECKS if check.id == check_id)
    assert judge(check, policy(""), site(gaps=[gap])).outcome is Outcome.ERROR


@pytest.mark.parametrize("check_id", ["storage-undeclared", "secret-exposed"])
def test_a_state_without_a_look_is_not_clean(check_id: str) -> None:
    """What is kept, or loaded, only after accepting is not there before."""
    assert result_of(check_id, "", page(), banner()).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    "seen",
    [
        kept("theme", storage="session_storage"),
        kept("theme", host="ads.example.com"),
        kept("theme", writer="ads.example.com"),
        kept("theme", state=None),
        kept("theme", state=State.REJECT, host="example.com"),
    ],
    ids=["another kind", "another origin", "another writer", "later", "later elsewhere"],
)
def test_a_row_covers_no_more_than_it_says(seen: SiteObservation) -> None:
    """The name alone makes nothing declared."""
    row = "device_storage: [{identifier: theme, type: local_storage}]"
    wanted = Outcome.PASS if seen.state is None else Outcome.FAIL
    assert result_of("storage-undeclared", row, seen).outcome is wanted


def test_a_removal_covers_nothing_up() -> None:
    """What was on the device was there, whether or not it was taken away in time."""
    seen = (kept("uid"), kept("uid", removed=True))
    assert result_of("storage-undeclared", "", *seen).outcome is Outcome.FAIL


@pytest.mark.parametrize("seen", [(), (kept("canvas"),), (cookie("canvas"),)])
def test_what_is_kept_does_not_show_what_is_read(seen: tuple[SiteObservation]) -> None:
    """A row of what is read from the device is unused, whatever is kept under its name."""
    row = "device_storage: [{identifier: canvas, type: device_access}]"
    result = result_of("policy-entry-unused", row, *seen)
    assert (result.outcome, len(result.findings)) == (Outcome.FAIL, 1)


def test_storage_and_secrets_survive_the_file() -> None:
    """What is judged later from the file is what was judged at once."""
    seen = site(kept("uid", removed=True), kept("uid"), secret("npm token"))
    read = decode(encode(Evidence(tool=Tool(name="t", version="1"), sites=(seen,))), "e.json")
    assert read.sites[0].storage == seen.storage
    for check in CHECKS:
        if check.id in {"storage-undeclared", "secret-exposed"}:
            assert judge(check, policy(""), read.sites[0]) == judge(check, policy(""), seen)


CONSENT = [c.id for c in CHECKS if c.id.startswith("consent-") and c.scope == "site"]
TRACKER = "device_storage: [{identifier: _ga, type: cookie}]"


@pytest.mark.parametrize("check_id", CONSENT)
@pytest.mark.parametrize("kind", ["visit", "har"])
def test_one_look_before_the_choice_shows_no_consent(check_id: str, kind: str) -> None:
    """Nothing was seen, in one state, without a banner: of consent, only the wait for it shows."""
    source = Source(kind=kind, collected_at=MOMENT, state=State.BEFORE)
    seen = structs.replace(site(page()), sources=(source,))
    check = next(check for check in CHECKS if check.id == check_id)
    wanted = Outcome.PASS if check_id == "consent-before-choice" else Outcome.ERROR
    assert judge(check, policy(TRACKER), seen).outcome is wanted


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_no_site_check_passes_on_a_choice_that_failed(check: AnyCheck) -> None:
    """Those that look at what happens, in every state or in that one."""
    wanted = {Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE}
    if check.scope != "site" or (check.looks_at and not wanted & check.looks_at):
        return
    failed = [choice(state, outcome="failed") for state in State]
    result = judge(check, policy(TRACKER), site(banner(), *failed))
    if not check.in_states or check.in_states & {State.REJECT, State.ACCEPT, State.WITHDRAW}:
        assert result.outcome is not Outcome.PASS


STORED = [check for check in CHECKS if check.scope == "stores"]
WHOLE = f"{USERS}        consent: {{given_at: agreed}}\n"


@pytest.mark.parametrize("check", STORED, ids=lambda check: check.id)
def test_no_check_of_stores_passes_without_a_look(check: AnyCheck) -> None:
    """No evidence, an attempt, and a store of which nothing could be read."""
    reached = store()
    attempt = structs.replace(reached.sources[0], kind="attempt")
    refused = Gap(what="store:app", reason=Reason.FORBIDDEN, needs="n")
    for seen in (
        None,
        structs.replace(reached, sources=(attempt,)),
        structs.replace(reached, gaps=(refused,)),
    ):
        result = judge(check, policy(WHOLE), seen)
        assert result.outcome in {Outcome.ERROR, Outcome.FAIL}
        assert result.gaps


@pytest.mark.parametrize("check", STORED, ids=lambda check: check.id)
def test_a_misspelt_table_is_not_clean(check: AnyCheck) -> None:
    """Even where other tables are ignored, a declared one that nobody found was not looked at."""
    text = WHOLE.replace("connector: sql", "connector: sql\n    undeclared_tables: ignore")
    old = ages({"2001-01-01": 5})
    result = judge(check, policy(text), store(table("Users", field("email"), old)))
    if check.looks_at & {Aspect.AGES, Aspect.FIELDS, Aspect.CONSENTS}:
        assert result.outcome in {Outcome.ERROR, Outcome.FAIL}


def test_stored_data_survives_the_file() -> None:
    """What is judged later from the file is what was judged at once."""
    seen = store(
        table("users", field("email", "user.health_and_medical"), ages({"2020-01-01": 5})),
        table("copies", field("name", "user.name")),
        can_write=["INSERT"],
    )
    read = decode(encode(Evidence(tool=Tool(name="t", version="1"), stores=(seen,))), "e.json")
    assert read.stores == (seen,)
    for check in STORED:
        assert judge(check, policy(WHOLE), read.stores[0]) == judge(check, policy(WHOLE), seen)
