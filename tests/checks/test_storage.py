"""What is kept beside cookies and no row covers, and rows that say something else."""

import pytest
from inline_snapshot import snapshot
from msgspec import to_builtins

from auditor.evidence import Aspect, Gap, Reason, SiteObservation, ValueShape
from auditor.findings import Result
from auditor.testing import cookie, judge, kept, policy, site
from auditor_checks.storage import undeclared_storage

ROW = "device_storage: [{{identifier: theme, type: local_storage{}}}]"
STRIPE = "processors: [{id: stripe, name: Stripe, domains: ['*.stripe.com']}]\n"
PLAIN = ValueShape(length=4)
KINDS = ("local_storage", "session_storage", "indexed_db", "cache_storage", "service_worker")


def run(text: str, *seen: SiteObservation) -> Result:
    """Judge what was seen on the site."""
    return judge(undeclared_storage, policy(text), site(*seen))


def found(text: str, *seen: SiteObservation) -> list[tuple[str, str, str]]:
    """Return object, severity and message of each finding."""
    return [(f.object, f.severity.value, f.message) for f in run(text, *seen).findings]


@pytest.mark.parametrize(
    "seen",
    [
        [],
        [kept("theme")],
        [kept("theme", host="www.example.org", writer="cdn.example.org")],
        [kept("theme", writer="")],
        [kept("other", removed=True)],
        [kept("other", removed=True, host="ads.example.com", writer="ads.example.com")],
        [cookie("other")],
    ],
    ids=range(7),
)
def test_what_is_declared_passes(seen: list[SiteObservation]) -> None:
    """Rows cover it, wherever it is ours; what is only taken away is kept nowhere."""
    result = run(ROW.format(""), *seen)
    assert (result.outcome.value, result.findings) == ("pass", ())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_needs_a_row_of_its_kind(kind: str) -> None:
    """A cookie of that name, or another kind of storage, is not what is kept."""
    seen = kept("https://example.org/", storage=kind)
    row = "device_storage: [{{identifier: 'https://example.org/', type: {}}}]"
    assert run(row.format(kind), seen).outcome.value == "pass"
    others = ", ".join(
        f"{{identifier: 'https://example.org/', type: {other}}}"
        for other in ("cookie", *KINDS)
        if other != kind
    )
    ((name, _, message),) = found(f"device_storage: [{others}]", seen)
    assert name == f"{kind}:https://example.org/"
    assert message.endswith("; no row covers it on example.org")


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        (kept("x", value=PLAIN), "medium"),
        (kept("x"), "high"),
        (kept("x", host="ads.example.com"), "high"),
        (kept("x", host="ads.example.com", value=PLAIN), "high"),
    ],
    ids=["preference", "identifier", "elsewhere", "anything elsewhere"],
)
def test_severity(seen: SiteObservation, severity: str) -> None:
    """As with cookies: ours and harmless, an identifier, or somebody else's."""
    ((_, rated, _),) = found(ROW.format(""), seen)
    assert rated == severity


@pytest.mark.parametrize(
    ("keys", "seen", "why", "facet"),
    [
        (
            ", domains: [shop.example.org]",
            kept("theme"),
            "its row covers shop.example.org, not example.org",
            "domain",
        ),
        (
            "",
            kept("theme", host="a.example"),
            "its row covers first-party hosts, not a.example",
            "domain on a.example",
        ),
        (", pages: [/login]", kept("theme"), "its row covers only pages /login", "page"),
        (
            "",
            kept("theme", writer="evil.example"),
            "its row says set_by: self, but evil.example writes it",
            "author",
        ),
        (
            ", set_by: stripe, domains: [example.org]",
            kept("theme", writer="evil.example"),
            "its row says set_by: stripe, but evil.example writes it",
            "author",
        ),
    ],
    ids=["domains", "our domains", "pages", "writer", "another writer"],
)
def test_a_row_that_says_something_else(
    keys: str, seen: SiteObservation, why: str, facet: str
) -> None:
    """A writer that is contradicted is a finding, and so are a host and a page."""
    promised = policy(STRIPE + ROW.format(keys))
    (remark,) = undeclared_storage.find(promised, site(seen))
    result = run(STRIPE + ROW.format(keys), seen)
    (finding,) = result.findings
    assert finding.message == f"`theme` is kept in local storage; {why}"
    assert getattr(remark, "facet", None) == facet
    assert finding.policy.line == 5
    assert [remedy.yaml for remedy in finding.remedies] == ["", "", ""]


def test_what_is_undecided_contradicts_nothing() -> None:
    """A row that is still a draft is a gap: nobody has said yet who writes it."""
    result = run(ROW.format(", set_by: TODO"), kept("theme", writer="a.example"))
    assert (result.outcome.value, result.findings) == ("error", ())
    assert [gap.reason for gap in result.gaps] == [Reason.UNDECIDED]


def test_the_same_key_of_others_is_told_apart() -> None:
    """One object, and for each host of others a finding of its own that can be accepted alone."""
    hosts = ("example.org", "www.example.org", "a.example", "b.example")
    results = run("", *(kept("uid", host=host) for host in hosts)).findings
    assert {finding.object for finding in results} == {"local_storage:uid"}
    assert len({finding.fingerprint for finding in results}) == 3
    assert sorted(finding.message.partition("it ")[2] for finding in results) == [
        "on a.example",
        "on b.example",
        "on example.org",
    ]


@pytest.mark.parametrize(
    ("seen", "lines", "absent"),
    [
        (kept("a b"), ['identifier: "a b"', "set_by: self", "type: local_storage"], "domains"),
        (kept("db1", storage="indexed_db"), ["type: indexed_db"], "max_age"),
        (kept("a_id", writer="js.stripe.com"), ["set_by: stripe", '["example.org"]'], "self"),
        (kept("a_id", host="m.stripe.com"), ["set_by: stripe", '["m.stripe.com"]'], "self"),
        (kept("a_id", writer="who.example"), ["set_by: TODO", '["example.org"]'], "self"),
        (kept("*"), ["identifier: TODO"], '"*"'),
        (kept("a\u202eb"), ["identifier: TODO"], "\u202e"),
        (kept("k" * 201), ["identifier: TODO"], "kkk"),
    ],
    ids=range(8),
)
def test_the_row_to_write(seen: SiteObservation, lines: list[str], absent: str) -> None:
    """What can be known is filled in, what people have to decide says TODO; it reads back."""
    (finding,) = run(STRIPE, seen).findings
    stanza = finding.remedies[-1].yaml
    for line in lines:
        assert line in stanza
    assert absent not in stanza
    policy(STRIPE + stanza)


def test_a_row_that_was_accepted_covers_it() -> None:
    """After the row is written and decided, the same evidence passes, on each of our hosts."""
    seen = site(kept("a_id"), kept("a_id", host="www.example.org"), kept("b_id", host="b.example"))
    stanzas = [f.remedies[-1].yaml for f in judge(undeclared_storage, policy(""), seen).findings]
    rows = "".join(stanza.partition("\n")[2] for stanza in stanzas)
    text = f"processors: [{{id: b, domains: [b.example]}}]\ndevice_storage:\n{rows}"
    for key, value in (("purpose", "essential"), ("consent", "required"), ("set_by", "b")):
        text = text.replace(f"{key}: TODO", f"{key}: {value}")
    assert judge(undeclared_storage, policy(text), seen).outcome.value == "pass"


@pytest.mark.parametrize(
    ("aspect", "outcome"), [(Aspect.STORAGE, "error"), (Aspect.COOKIES, "pass")]
)
def test_gaps_in_storage_count_and_others_do_not(aspect: Aspect, outcome: str) -> None:
    """Storage that could not be read is not green; cookies are another check's matter."""
    gap = Gap(what="w", reason=Reason.TIMEOUT, needs="n", aspects=(aspect,))
    assert judge(undeclared_storage, policy(""), site(gaps=[gap])).outcome.value == outcome


def test_whose_it_is_is_said() -> None:
    """The service by the host that wrote it, or by the name alone; each kind has its own names."""
    seen = [
        kept("firestore/a", storage="indexed_db", writer=""),
        kept("firestore/a", storage="cache_storage", writer=""),
        kept("x", writer="static.hotjar.com"),
    ]
    assert [message for _, _, message in found("", *seen)] == [
        "`firestore/a` is kept as a cache; no row covers it on example.org",
        (
            "`firestore/a` is kept as a database (IndexedDB); no row covers it on example.org;"
            " its name matches Cloud Firestore"
        ),
        "`x` (Hotjar) is kept in local storage; no row covers it on example.org",
    ]


def test_a_whole_finding() -> None:
    """What was seen, where, and the ways out in the order in which they are tried."""
    seen = kept("uid", host="ads.example", writer="ads.example", by="https://ads.example/a.js")
    (finding,) = run("", seen).findings
    assert to_builtins(finding) == snapshot(
        {
            "fingerprint": "48a3115ef0f88c7e5c5bcb9807bdde54a832a20be2bc17407731037248a70c27",
            "object": "local_storage:uid",
            "severity": "high",
            "message": "`uid` is kept in local storage; no row covers it on ads.example",
            "waived_by": None,
            "policy": {"path": "policy.yaml", "line": 1, "column": 1},
            "seen": (
                {
                    "page": "https://example.org/",
                    "state": "before",
                    "by": "https://ads.example/a.js",
                    "detail": "32 characters on ads.example",
                },
            ),
            "remedies": (
                {"kind": "remove", "text": "stop keeping it", "yaml": ""},
                {"kind": "gate", "text": "keep it only after the visitor agreed", "yaml": ""},
                {
                    "kind": "declare",
                    "text": "add it to device_storage, and tell people in the notice",
                    "yaml": """\
device_storage:
  - identifier: "uid"
    type: local_storage
    set_by: TODO
    domains: ["ads.example"]
    purpose: TODO
    consent: TODO
""",
                },
            ),
        }
    )
