"""What people type goes where it was promised."""

import pytest
from inline_snapshot import snapshot
from msgspec import to_builtins

from auditor.evidence import Aspect, Gap, Reason, SiteObservation, State
from auditor.findings import Result
from auditor.testing import judge, kept, leak, page, policy, request, site, typed
from auditor_checks.leaks import MAIL, TYPES, leaked_data

GIVEN = MAIL.replace("not_required", "required")


def judged(text: str, *seen: SiteObservation, state: State = State.BEFORE) -> Result:
    """Judge a home page on which somebody typed."""
    where = {"state": state}
    base = (page(**where), typed("email", **where))
    return judge(leaked_data, policy(text), site(*base, *seen))


def objected(result: Result) -> list[tuple[str, str, str]]:
    """Return object, severity and outcome of each finding."""
    return [(f.object, f.severity.value, result.outcome.value) for f in result.findings]


def test_off_is_not_a_pass() -> None:
    """Where nobody typed, nobody knows: that is said."""
    result = judge(leaked_data, policy(""), site())
    assert result.outcome.value == "not_applicable"
    assert result.detail.startswith("type_into_forms is off for this site")


def test_a_leak_counts_whoever_made_it_show() -> None:
    """Also without the probe: a journey types, too."""
    assert objected(judged("", leak("t.example"))) == [("host:t.example", "critical", "fail")]


def test_on_and_nobody_typed_is_a_gap() -> None:
    """A recording shows no typing; neither does a page that the probe did not reach."""
    result = judge(leaked_data, policy(TYPES), site())
    assert result.outcome.value == "error"
    assert {gap.what for gap in result.gaps} == {"typing on https://example.org/"}
    pages = [page(f"https://example.org/{name}") for name in ("", "a", "b")]
    result = judge(leaked_data, policy(TYPES), site(*pages, typed("email")))
    assert [gap.what for gap in result.gaps] == ["typing on https://example.org/a and 1 more"]


def test_a_page_that_was_refused_has_no_forms() -> None:
    """What answers 404 is not a page of the site's."""
    gone = page("https://example.org/gone", status=404)
    assert judged(TYPES, gone).outcome.value == "pass"


@pytest.mark.parametrize("aspect", [Aspect.INPUT, Aspect.REQUESTS])
def test_what_could_not_be_seen_is_a_gap(aspect: Aspect) -> None:
    """A field that took nothing, or a state that nobody looked at."""
    gap = Gap(what="w", reason=Reason.PROBE_NOT_ARMED, needs="n", aspects=(aspect,))
    seen = site(page(), typed(), gaps=[gap])
    assert judge(leaked_data, policy(TYPES), seen).outcome.value == "error"


def test_who_is_given_the_data() -> None:
    """A processor of an activity with this category, and no other data."""
    api = "api.letters.example"
    assert judged(MAIL, leak(api)).outcome.value == "pass"
    phone = leak(api, data="phone", category="user.contact.phone_number")
    (finding,) = judged(MAIL, phone).findings
    assert finding.message == (
        "what people type (phone) reaches letters (api.letters.example) before they send it;"
        " no activity gives letters user.contact.phone_number"
    )
    without = MAIL.replace("processors: [letters]", "processors: []")
    assert objected(judged(without, leak(api))) == [(f"host:{api}", "critical", "fail")]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (State.BEFORE, "fail"),
        (State.REJECT, "fail"),
        (State.ACCEPT, "pass"),
        (State.WITHDRAW, "fail"),
        (State.GPC, "fail"),
    ],
)
def test_who_needs_consent_has_to_wait_for_it(state: State, outcome: str) -> None:
    """Only who agreed has given it."""
    seen = leak("api.letters.example", state=state)
    assert judged(GIVEN, seen, state=state).outcome.value in {outcome, "error"}
    assert bool(judged(GIVEN, seen, state=state).findings) is (outcome == "fail")


def test_in_california_a_choice_is_only_obeyed() -> None:
    """Before one is made, nobody has to wait (contract, meaning 5)."""
    text = f"jurisdictions: [us-ca-ccpa]\n{GIVEN}"
    assert judged(text, leak("api.letters.example")).findings == ()
    early = leak("api.letters.example", state=State.GPC)
    assert judged(text, early, state=State.GPC).findings


def test_a_path_of_a_host_that_others_share() -> None:
    """It is theirs where all that was asked of the host is."""
    text = MAIL.replace("*.letters.example", "www.many.example/letters")
    host, path = "www.many.example", "https://www.many.example/letters/x"
    assert judged(text, leak(host), request(path)).findings == ()
    other = request("https://www.many.example/other")
    assert judged(text, leak(host), request(path), other).findings


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"place": "body"}, None),
        ({"place": "websocket"}, None),
        ({"place": "header", "name": "referer"}, None),
        ({"place": "url"}, ("host:example.org", "medium", "fail")),
        ({"place": "url", "encoding": ("sha256",)}, ("host:example.org", "medium", "fail")),
        ({"place": "cookie", "name": "m"}, ("cookie:m@example.org", "low", "fail")),
        ({"place": "local_storage", "name": "d"}, ("local_storage:d", "low", "fail")),
        (
            {"place": "session_storage", "name": "d", "encoding": ("base64",)},
            ("session_storage:d", "low", "fail"),
        ),
        ({"place": "cookie", "name": "m", "encoding": ("base64", "sha1")}, None),
    ],
)
def test_what_stays_with_the_site(
    facts: dict[str, str], expected: tuple[str, str, str] | None
) -> None:
    """It may have it; addresses and what is kept on the device are another matter."""
    found = objected(judged(TYPES, leak("example.org", **facts)))
    assert found == ([expected] if expected else [])


def test_what_is_kept_and_declared() -> None:
    """A row says that it is there."""
    row = "device_storage: [{identifier: draft, type: local_storage}]"
    seen = leak("example.org", place="local_storage", name="draft")
    assert judged(f"{TYPES}\n{row}", seen, kept("draft")).findings == ()
    assert judged(TYPES, seen, kept("draft")).findings


def test_kept_by_others_is_a_leak() -> None:
    """What a third party's frame keeps has reached it."""
    seen = leak("t.example", place="local_storage", name="draft")
    assert objected(judged(TYPES, seen)) == [("host:t.example", "critical", "fail")]


def test_one_finding_for_each_host_and_kind_of_data() -> None:
    """However often, wherever in the request, and in whatever state."""
    seen = [
        leak("t.example"),
        leak("t.example", place="url", encoding=("sha256",)),
        leak("t.example", data="name", category="user.name"),
        leak("u.example"),
    ]
    findings = judged(TYPES, *seen).findings
    assert sorted((f.object, len(f.seen)) for f in findings) == [
        ("host:t.example", 1),
        ("host:t.example", 2),
        ("host:u.example", 1),
    ]
    assert len({finding.fingerprint for finding in findings}) == 3


def test_a_whole_finding() -> None:
    """What went where, in which form, and what to do first."""
    (finding,) = judged(TYPES, leak("t.example", encoding=("base64", "sha256"))).findings
    assert to_builtins(finding) == snapshot(
        {
            "fingerprint": "066141898409ce10635e04a94b025799b33abebc5f0890ef7a48db1482651ff5",
            "object": "host:t.example",
            "severity": "critical",
            "message": (
                "what people type (email) reaches t.example before they send it;"
                " no processor in policy.yaml owns it"
            ),
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 1, "column": 1},
            "seen": (
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "",
                    "detail": "email (base64 of sha256) in body, for t.example",
                },
            ),
            "remedies": (
                {
                    "kind": "remove",
                    "text": "keep the script from reading the form, or take it out",
                    "yaml": "",
                },
                {
                    "kind": "gate",
                    "text": "send it when the form is sent, after the visitor agreed",
                    "yaml": "",
                },
                {
                    "kind": "declare",
                    "text": (
                        "if it is needed: name who gets it in an activity with user.contact.email"
                        " among its data_categories, and in the notice"
                    ),
                    "yaml": "",
                },
            ),
        }
    )
