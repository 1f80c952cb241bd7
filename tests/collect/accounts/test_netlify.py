"""Netlify, on a stand-in that answers as its description says: ours, and Netlify's own."""

from datetime import date

import pytest
from fakes.documents import Document, Json, theirs
from fakes.openapi import GOOD, Fake, Said
from fakes.running import asking_of, gaps, seen_by, settings, tables, whole_text

from auditor.collect.accounts.connector import CanWrite, Part, Wanted
from auditor.collect.accounts.netlify import NETLIFY
from auditor.collect.refused import RefusedError
from auditor.evidence import Aspect, Gap, Reason
from auditor.policy import Account

SITE = "01234567-89ab-4cde-8f01-23456789abcd"
ACCOUNT = Account(id="hosting", connector="netlify", site="our-site")
PLANTED = "Ada Planted <ada.planted@example.net>"
SPAM = {
    "/sites/{site_id}/submissions": ("state",),
    "/forms/{form_id}/submissions": ("state",),
}

_TEXT: dict[str, Json] = {"type": "string"}
_NUMBER: dict[str, Json] = {"type": "integer"}


def _list(*texts: str, **others: Json) -> dict[str, Json]:
    properties = dict.fromkeys(texts, _TEXT) | others
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def _get(schema: dict[str, Json], *query: str) -> dict[str, Json]:
    parameters = [{"in": "query", "name": name, **_TEXT} for name in query]
    return {"get": {"parameters": parameters, "responses": {"200": {"schema": schema}}}}


_SUBMISSIONS = _list(
    *("id", "email", "name", "first_name", "last_name", "company", "summary", "body"),
    *("created_at", "site_url"),
    number=_NUMBER,
    data={"type": "object"},
)
_SITES = _list("id", "name", "custom_domain", "account_id", "account_slug", "notification_email")
_ACT = dict.fromkeys(("actor_id", "actor_name", "actor_email", "action", "timestamp"), _TEXT)
OURS = Document(
    {
        "basePath": "/api/v1",
        "paths": {
            "/sites": _get(_SITES, "name", "filter", "page", "per_page"),
            "/sites/{site_id}": _get(_SITES["items"]),
            "/sites/{site_id}/forms": _get(
                _list(
                    *("id", "site_id", "name", "created_at"),
                    submission_count=_NUMBER,
                    fields={"type": "array", "items": {"type": "object"}},
                )
            ),
            "/forms/{form_id}/submissions": _get(_SUBMISSIONS, "page", "per_page"),
            "/sites/{site_id}/submissions": _get(_SUBMISSIONS, "page", "per_page"),
            "/sites/{site_id}/snippets": _get(
                _list("title", "general", "general_position", "goal", "goal_position", id=_NUMBER)
            ),
            "/{account_slug}/members": _get(_list("id", "full_name", "email", "avatar", "role")),
            "/accounts/{account_id}/audit": _get(
                _list("id", payload={"type": "object", "properties": _ACT}), "page", "per_page"
            ),
            "/hooks": _get(
                _list(
                    *("id", "site_id", "type", "event"),
                    data={"type": "object"},
                    disabled={"type": "boolean"},
                ),
                "site_id",
            ),
            "/user": _get(_list("id", "email", "full_name")["items"]),
        },
    }
)


@pytest.fixture(params=["ours", "theirs"])
def document(request: pytest.FixtureRequest) -> Document:
    """Return our own description of what is used, then the vendor's."""
    if request.param == "ours":
        return OURS
    return theirs("netlify") or pytest.skip("npm's @netlify/open-api was not fetched")


def submission(number: int, day: str = "2025-06-01", **more: Json) -> dict[str, Json]:
    """Return what somebody sent."""
    email = f"person{number}@example.net"
    return {
        "id": f"s{number}",
        "email": email,
        "created_at": f"{day}T10:00:00.000Z",
        "data": {"email": email, "message": "Hello", "ip": "192.0.2.7"},
        **more,
    }


def held(**more: Json) -> dict[str, Json]:
    """Return what the stand-in holds, by path."""
    site = {"id": SITE, "name": "our-site", "account_id": "acc", "account_slug": "team"}
    return {
        "/sites": [{"id": "x", "name": "another"}, site],
        f"/sites/{SITE}": site,
        f"/sites/{SITE}/forms": [
            {"id": "f1", "name": "contact", "submission_count": 3, "fields": [{"name": "phone"}]}
        ],
        "/forms/f1/submissions": [submission(1), submission(2, "2025-01-14"), submission(3)],
        "/forms/f1/submissions?state=spam": [submission(4, "2024-01-01")],
        f"/sites/{SITE}/submissions": [submission(1), submission(2)],
        f"/sites/{SITE}/submissions?state=spam": [submission(4)],
        f"/sites/{SITE}/snippets": [],
        "/team/members": [{"id": "m1", "email": "owner@example.org", "role": "Owner"}],
        "/accounts/acc/audit": [
            {
                "id": "a1",
                "payload": {
                    "actor_email": "owner@example.org",
                    "timestamp": "2025-03-01T00:00:00Z",
                },
            }
        ],
        "/hooks?site_id=" + SITE: [],
        "/user": {"id": "m1", "email": "owner@example.org"},
        **more,
    }


def seen(
    fake: Fake, *whats: str, account: Account = ACCOUNT, credential: str = GOOD
) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(NETLIFY, fake, account, *whats, credential=credential)


def test_forms_are_tables(document: Document) -> None:
    """A form's fields, ages by day, and people: what was taken for spam is among them."""
    parts = seen(Fake(document, held(), also=SPAM), "forms and submissions")
    table = tables(parts)["contact"]
    found = {field.name: [one.category for one in field.found] for field in table.fields}
    assert table.rows == 4
    assert table.ages[0].days == {
        date(2024, 1, 1): 1,
        date(2025, 1, 14): 1,
        date(2025, 6, 1): 2,
    }
    assert found["email"] == ["user.contact.email"] == found["data.email"]
    assert found["data.ip"] == ["user.device.ip_address"]
    assert "data.phone" in found
    assert len(table.subjects[0].hashes) == 4
    assert not gaps(parts)


def test_submissions_without_an_address(document: Document) -> None:
    """Whoever gave no e-mail address cannot be compared: a gap about people, and nothing else."""
    anonymous = submission(2, email=None, data={"message": "Hello"})
    del anonymous["email"]
    more = {"/forms/f1/submissions": [submission(1), anonymous, submission(3)]}
    (gap,) = gaps(seen(Fake(document, held(**more), also=SPAM), "forms and submissions"))
    assert gap.aspects == (Aspect.SUBJECTS,)
    assert gap.needs == "an e-mail address in every submission: 1 of 4 have none"


def test_values_stay_in_memory(document: Document) -> None:
    """Whatever text Netlify may send, nothing of it is in the evidence."""
    one = submission(1, data={"note": PLANTED, PLANTED: "x"}, email="ada.planted@example.net")
    more = {"/forms/f1/submissions": [one] * 3}
    parts = seen(Fake(document, held(**more), also=SPAM, text=PLANTED))
    text = whole_text(parts)
    assert tables(parts)["contact"].rows == 4
    assert "lanted" not in text
    assert "owner@" not in text
    assert "192.0.2.7" not in text


def test_pages(document: Document) -> None:
    """All pages are read: empty ones between, a full last one, a limit in the middle."""
    many = [submission(number) for number in range(200)]
    more = {"/forms/f1/submissions": many, "/forms/f1/submissions?state=spam": []}
    for fake in (
        Fake(document, held(**more), also=SPAM, is_sparse=True),
        Fake(document, held(**more), also=SPAM, is_full=True),
        Fake(
            document,
            held(**more),
            also=SPAM,
            says=[Said("page=2", 429, headers={"Retry-After": "1"}, times=1)],
        ),
    ):
        parts = seen(fake, "forms and submissions")
        assert tables(parts)["contact"].ages[0].rows == 200
        assert not gaps(parts)


@pytest.mark.parametrize(
    ("difficult", "reason"),
    [
        ({"turns": True}, Reason.NOT_VERIFIED),
        ({"says": [Said("page=2", 429)]}, Reason.RATE_LIMITED),
        ({"says": [Said("page=2", 200, b"<html>")]}, Reason.NOT_VERIFIED),
        ({"says": [Said("page=2", 403)]}, Reason.FORBIDDEN),
    ],
)
def test_half_a_list_is_a_gap(
    document: Document, difficult: dict[str, Json], reason: Reason
) -> None:
    """A list that breaks off is told as far as it was read, with a gap."""
    more = {"/forms/f1/submissions": [submission(number) for number in range(150)]}
    parts = seen(Fake(document, held(**more), also=SPAM, **difficult), "forms and submissions")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [("submissions of contact", reason)]
    assert tables(parts)["contact"].rows >= 100


def test_fewer_than_the_form_counts(document: Document) -> None:
    """A form that counts more than is listed shows that not all was seen."""
    forms = [{"id": "f1", "name": "contact", "submission_count": 5}]
    parts = seen(
        Fake(document, held(**{f"/sites/{SITE}/forms": forms}), also=SPAM),
        "forms and submissions",
    )
    assert [gap.needs for gap in gaps(parts)] == ["all 5 submissions: 4 were listed"]


def test_spam_that_is_not_answered(document: Document) -> None:
    """Where Netlify refuses `state=spam`, or ignores it, the spam is a gap."""
    refused = seen(Fake(document, held()), "forms and submissions")
    ignored = {"/forms/f1/submissions?state=spam": [submission(3), submission(2)]}
    same = seen(Fake(document, held(**ignored), also=SPAM), "forms and submissions")
    for parts in (refused, same):
        (gap,) = gaps(parts)
        assert "spam" in gap.needs
        assert tables(parts)["contact"].rows == 3


SNIPPETS = {
    "(function(w){w.src='https://www.googletagmanager.com/gtm.js'})()": "www.googletagmanager.com",
    "load('\\/\\/cdn.example.net\\/t.js')": "cdn.example.net",
}


def test_snippets_name_hosts(document: Document) -> None:
    """Each host that a snippet loads from, or names in a script, is told."""
    more = [
        {
            "id": 1,
            "general": '<script src="//ads.example.net/a.js"></script>',
            "general_position": "head",
        },
        {"id": 2, "goal": '<noscript><IMG SRC="https://pixel.example.com:443/p"></noscript>'},
        *({"id": 3 + n, "general": f"<script>{code}</script>"} for n, code in enumerate(SNIPPETS)),
        {"id": 9, "general": '<meta name="x"><a href="https://linked.example/">x</a>'},
    ]
    parts = seen(Fake(document, held(**{f"/sites/{SITE}/snippets": more})), "injected snippets")
    assert [(one.effect, one.to) for one in settings(parts)] == [
        ("injects", "ads.example.net"),
        ("injects", "pixel.example.com"),
        *(("injects", host) for host in SNIPPETS.values()),
    ]
    assert not gaps(parts)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<script>eval(x)</script>", Reason.NOT_VERIFIED),
        ("<script>" + "x" * 1_000_001, Reason.CAP_REACHED),
        (" ".join(f"<img src='//h{n}.example'>" for n in range(101)), Reason.CAP_REACHED),
    ],
)
def test_snippets_that_say_nothing(text: str, reason: Reason) -> None:
    """A script that names no host is a gap, and so is one with too much to look into."""
    more = {f"/sites/{SITE}/snippets": [{"id": 1, "general": text}]}
    parts = seen(Fake(OURS, held(**more)), "injected snippets")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [("snippet 1, general", reason)]


def test_hooks_carry_submissions_away(document: Document) -> None:
    """Where submissions are sent is told by host, or by e-mail; where deploys are is not."""
    event = "submission_created"
    hooks = [
        {"type": "url", "event": event, "data": {"url": "https://hooks.example.net/T0/secret"}},
        {"type": "email", "event": event, "data": {"email": "ada.planted@example.net"}},
        {"type": "slack", "event": event, "disabled": True},
        {"type": "url", "event": "deploy_created", "data": {"url": "https://ci.example.net/"}},
    ]
    parts = seen(
        Fake(document, held(**{f"/hooks?site_id={SITE}": hooks})), "notifications of submissions"
    )
    assert [(one.to, one.is_on) for one in settings(parts)] == [
        ("hooks.example.net", True),
        ("e-mail", True),
        ("slack", False),
    ]
    assert "secret" not in whole_text(parts)
    assert "lanted" not in whole_text(parts)


def test_members_and_log(document: Document) -> None:
    """The team's members and what it did are data of people, too."""
    parts = seen(Fake(document, held()), "team members", "audit log")
    found = tables(parts)
    assert found["team members"].subjects[0].hashes == found["audit log"].subjects[0].hashes
    assert found["audit log"].ages[0].days == {date(2025, 3, 1): 1}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Owner", [CanWrite(what="what the role Owner may: tokens have no scopes")]),
        ("Reviewer", []),
        ("", [Gap]),
    ],
)
def test_what_a_token_may_change(document: Document, role: str, expected: list[Json]) -> None:
    """A token may do what its member may; who that is, the team says."""
    members = {"/team/members": [{"email": "owner@example.org", "role": role}]}
    parts = seen(Fake(document, held(**members)), "what the token may change")
    assert [part if isinstance(part, CanWrite) else type(part) for part in parts] == expected


def test_sites_by_id_and_by_name(document: Document) -> None:
    """A site is named by its id, its name or its domain; another one is a gap."""
    for name, rows in ((SITE, 4), ("OUR-SITE", 4)):
        account = Account(id="hosting", connector="netlify", site=name)
        parts = seen(Fake(document, held(), also=SPAM), "forms and submissions", account=account)
        assert tables(parts)["contact"].rows == rows
    for name, reason in (("nobody", Reason.NOT_IN_EVIDENCE), ("", Reason.UNDECIDED)):
        account = Account(id="hosting", connector="netlify", site=name)
        parts = seen(Fake(document, held(), also=SPAM), account=account)
        assert {gap.reason for gap in gaps(parts)} == {reason}
        assert len(gaps(parts)) == len(parts) == len(NETLIFY.questions) - 0


def test_refusals(document: Document) -> None:
    """A token that is not known, and answers in another form, are gaps of every question."""
    parts = seen(Fake(document, held()), credential="another")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NO_CREDENTIAL] * len(NETLIFY.questions)
    broken = seen(Fake(document, held(), says=[Said("/sites", 200, b'{"a": 1}')]))
    assert {gap.reason for gap in gaps(broken)} == {Reason.NOT_VERIFIED}
    assert not tables(broken)


def test_find_reads_every_field(document: Document) -> None:
    """A person is found by their address wherever it stands in a submission, and no other."""
    more = {
        f"/sites/{SITE}/submissions": [
            submission(1),
            submission(2, data={"message": "write to PERSON1@example.net."}),
            submission(3, email="notperson1@example.net", data={}),
        ]
    }
    with Fake(document, held(**more), also=SPAM) as fake:
        asking = asking_of(NETLIFY, fake.base, ACCOUNT)
        (trace,) = NETLIFY.find(asking, Wanted(keys={"email": "person1@example.net"}))  # type: ignore[misc]
        assert trace.number == 2
        assert list(NETLIFY.find(asking, Wanted(keys={"name": "x"}))) == []  # type: ignore[misc]
        asking.api.close()
    assert [line.split()[0] for line in fake.asked] == ["GET"] * len(fake.asked)


def test_find_that_is_not_whole() -> None:
    """Where spam is not answered, what was found is told before the refusal."""
    with Fake(OURS, held()) as fake:
        asking = asking_of(NETLIFY, fake.base, ACCOUNT)
        found = NETLIFY.find(asking, Wanted(keys={"email": "person1@example.net"}))  # type: ignore[misc]
        assert next(found).number == 1
        with pytest.raises(RefusedError, match="spam"):
            next(found)
        asking.api.close()


def test_the_stand_in_refuses(document: Document) -> None:
    """What does not fit the description is not held, and what is not in it is not answered."""
    with pytest.raises(ValueError, match="/user does not fit"):
        Fake(document, {"/user": {"id": 7}})
    with pytest.raises(ValueError, match="/user does not fit"):
        Fake(document, {"/user": {"nickname": "x"}})
    with pytest.raises(ValueError, match="the document has no /users"):
        Fake(document, {"/users": {}})
    fake = Fake(document, held(), needs={"/user": "all"})
    good = "Bearer good-key"
    for method, target, token, status in (
        ("GET", "/api/v1/nothing/here/at/all", good, 404),
        ("GET", "/user", good, 404),
        ("GET", f"/api/v1/sites/{SITE}/forms?page=2", good, 400),
        ("GET", "/api/v1/sites?filter=mine", good, 200 if document is OURS else 400),
        ("GET", "/api/v1/hooks", "Bearer bad", 401),
        ("GET", "/api/v1/user", good, 403),
        ("POST", "/api/v1/sites", good, 405),
    ):
        assert (target, fake.answer(method, target, token).status) == (target, status)
