"""GitHub, on a stand-in that answers as its description says: ours, and GitHub's own."""

from datetime import date

import pytest
from fakes.documents import Document, Json, theirs
from fakes.openapi import GOOD, Fake, Said
from fakes.running import asking_of, gaps, seen_by, settings, tables, whole_text

from auditor.collect.accounts.connector import CanWrite, Part, Wanted
from auditor.collect.accounts.github import GITHUB
from auditor.evidence import Aspect, Reason
from auditor.policy import Account

ACCOUNT = Account(id="code", connector="github", organization="our-org")
PLANTED = "Ada Planted <ada.planted@example.net>"
KEPT = "/orgs/our-org/actions/permissions/artifact-and-log-retention"

_TEXT: dict[str, Json] = {"type": "string", "nullable": True}
_NUMBER: dict[str, Json] = {"type": "integer"}
_TRUTH: dict[str, Json] = {"type": "boolean", "nullable": True}


def _record(*texts: str, **others: Json) -> dict[str, Json]:
    return {"type": "object", "properties": dict.fromkeys(texts, _TEXT) | others}


def _get(schema: dict[str, Json], *query: str) -> dict[str, Json]:
    parameters = [{"in": "query", "name": name, "schema": {"type": "string"}} for name in query]
    content = {"application/json": {"schema": schema}}
    return {"get": {"parameters": parameters, "responses": {"200": {"content": content}}}}


def _list(schema: dict[str, Json], *query: str) -> dict[str, Json]:
    return _get({"type": "array", "items": schema}, "page", "per_page", *query)


_USER = _record("login", "avatar_url", "email", "name", "url", id=_NUMBER)
_INVITED = _record("login", "email", "role", "created_at", id=_NUMBER, inviter=_USER)
_DAYS = _get(_record(days=_NUMBER, maximum_allowed_days=_NUMBER))
_APP = _record("app_slug", "repository_selection", "suspended_at", "contact_email", id=_NUMBER)
OURS = Document(
    {
        "paths": {
            "/orgs/{org}": _get(_record("login", "billing_email", id=_NUMBER)),
            "/orgs/{org}/members": _list(_USER),
            "/orgs/{org}/outside_collaborators": _list(_USER),
            "/orgs/{org}/invitations": _list(_INVITED),
            "/orgs/{org}/failed_invitations": _list(_INVITED),
            "/orgs/{org}/personal-access-tokens": _list(
                _record("token_name", "access_granted_at", "token_last_used_at", owner=_USER)
            ),
            "/orgs/{org}/actions/permissions/artifact-and-log-retention": _DAYS,
            "/repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention": _DAYS,
            "/organizations/{org}/actions/cache/retention-limit": _get(
                _record(max_cache_retention_days=_NUMBER)
            ),
            "/orgs/{org}/repos": _list(_record("name", private=_TRUTH), "type"),
            "/orgs/{org}/installations": _get(
                {
                    "type": "object",
                    "properties": {
                        "total_count": _NUMBER,
                        "installations": {"type": "array", "items": _APP},
                    },
                },
                *("page", "per_page"),
            ),
            "/orgs/{org}/secret-scanning/alerts": _list(
                _record(
                    "secret", publicly_leaked=_TRUTH, repository=_record("name", private=_TRUTH)
                ),
                *("state", "hide_secret"),
            ),
            "/user/memberships/orgs/{org}": _get(_record("state", "role")),
        },
    }
)


@pytest.fixture(params=["ours", "theirs"])
def document(request: pytest.FixtureRequest) -> Document:
    """Return our own description of what is used, then the vendor's."""
    if request.param == "ours":
        return OURS
    return theirs("github") or pytest.skip("npm's @octokit/openapi was not fetched")


def held(**more: Json) -> dict[str, Json]:
    """Return what the stand-in holds, by path."""
    invited = {"login": None, "created_at": "2025-01-14T23:59:59Z", "role": "admin"}
    return {
        "/orgs/our-org": {"login": "our-org"},
        "/orgs/our-org/members": [{"login": f"person{n}", "id": n} for n in range(1, 4)],
        "/orgs/our-org/outside_collaborators": [{"login": "guest", "id": 9}],
        "/orgs/our-org/invitations": [
            {**invited, "email": "new@example.net"},
            {
                **invited,
                "login": "guest2",
                "email": None,
                "created_at": "2025-09-01T02:00:00+02:00",
            },
        ],
        "/orgs/our-org/failed_invitations": [{**invited, "email": "gone@example.net"}],
        "/orgs/our-org/personal-access-tokens": [
            {
                "owner": {"login": "person1"},
                "token_name": "t",
                "access_granted_at": "2024-01-01T00:00:00Z",
                "token_last_used_at": "2025-12-01T00:00:00Z",
            }
        ],
        KEPT: {"days": 90, "maximum_allowed_days": 400},
        "/organizations/our-org/actions/cache/retention-limit": {"max_cache_retention_days": 7},
        "/orgs/our-org/repos": [{"name": "site"}, {"name": "app.js"}, {"name": "closed"}],
        "/repos/our-org/site/" + KEPT[14:]: {"days": 30, "maximum_allowed_days": 90},
        "/repos/our-org/app.js/" + KEPT[14:]: {"days": 60, "maximum_allowed_days": 90},
        "/orgs/our-org/installations": {"total_count": 0, "installations": []},
        "/orgs/our-org/secret-scanning/alerts?state=open&hide_secret=true": [],
        "/user/memberships/orgs/our-org": {"state": "active", "role": "member"},
        **more,
    }


def seen(
    fake: Fake, *whats: str, account: Account = ACCOUNT, credential: str = GOOD
) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(GITHUB, fake, account, *whats, credential=credential)


def test_everything_is_seen(document: Document) -> None:
    """A credential that may read all leaves one gap: what a fine-grained token may change."""
    parts = seen(Fake(document, held()))
    assert {name: table.rows for name, table in tables(parts).items()} == {
        "members": 3,
        "outside collaborators": 1,
        "invitations": 2,
        "failed invitations": 1,
        "personal access tokens": 1,
    }
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("what the token may change", Reason.CANNOT_BE_SHOWN)
    ]


def test_invitations_have_an_age(document: Document) -> None:
    """An invitation counts from its day in UTC, and names somebody by e-mail or by login."""
    table = tables(seen(Fake(document, held()), "invitations"))["invitations"]
    assert table.ages[0].days == {date(2025, 1, 14): 1, date(2025, 9, 1): 1}
    assert [(one.field, len(one.hashes)) for one in table.subjects] == [
        ("email:email", 1),
        ("id:login", 1),
    ]


def test_tokens_have_two_ages(document: Document) -> None:
    """A token's age is known by when it was let in, and by when it was used."""
    table = tables(seen(Fake(document, held()), "personal access tokens"))[
        "personal access tokens"
    ]
    assert {ages.anchor: ages.days for ages in table.ages} == {
        "created": {date(2024, 1, 1): 1},
        "last_used": {date(2025, 12, 1): 1},
    }


def test_values_stay_in_memory(document: Document) -> None:
    """Whatever text GitHub may send, nothing of it is in the evidence."""
    more = {
        "/orgs/our-org/installations": {"total_count": 1, "installations": [{"app_slug": "ci"}]}
    }
    parts = seen(Fake(document, held(**more), text=PLANTED))
    text = whole_text(parts)
    assert tables(parts)["members"].rows == 3
    assert not [part for part in ("lanted", "person1", "@example.net", "guest") if part in text]


def test_pages(document: Document) -> None:
    """All pages are read: empty ones between, a full last one, a limit in the middle."""
    more = {"/orgs/our-org/members": [{"login": f"p{n}", "id": n} for n in range(200)]}
    for fake in (
        Fake(document, held(**more), is_sparse=True),
        Fake(document, held(**more), is_full=True),
        Fake(
            document,
            held(**more),
            says=[Said("page=2", 429, headers={"Retry-After": "1"}, times=1)],
        ),
    ):
        parts = seen(fake, "members")
        assert tables(parts)["members"].rows == 200
        assert not gaps(parts)


@pytest.mark.parametrize(
    ("difficult", "reason"),
    [
        ({"turns": True}, Reason.NOT_VERIFIED),
        ({"says": [Said("page=2", 429)]}, Reason.RATE_LIMITED),
        ({"says": [Said("members", 200, b"<html>")]}, Reason.NOT_VERIFIED),
        ({"says": [Said("members", 200, b'[{"login": 7}]')]}, Reason.NOT_VERIFIED),
        ({"needs": {"/orgs/{org}/members": "read:org"}}, Reason.FORBIDDEN),
    ],
)
def test_half_a_list_is_a_gap(difficult: dict[str, Json], reason: Reason) -> None:
    """A list that breaks off, or is refused, is no table but a gap."""
    more = {"/orgs/our-org/members": [{"login": f"p{n}", "id": n} for n in range(150)]}
    parts = seen(Fake(OURS, held(**more), **difficult), "members")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [("members", reason)]
    assert not tables(parts)


@pytest.mark.parametrize(
    "said", [Said("memberships", 404), Said("memberships", 200, b'{"state": "pending"}')]
)
def test_members_who_hide(document: Document, said: Said) -> None:
    """Whoever is no member sees only those who show it: a gap, next to what was seen."""
    parts = seen(Fake(document, held(), says=[said]), "members")
    assert tables(parts)["members"].rows == 3
    assert [gap.what for gap in gaps(parts)] == ["members who hide that they are"]


def test_how_long_logs_are_kept(document: Document) -> None:
    """One request tells it of the organization, and no repository is asked."""
    fake = Fake(document, held())
    found = settings(seen(fake, "retention of artifacts and logs", "retention of caches"))
    assert [(one.value, one.period, one.of) for one in found] == [
        ("90 days", "P90D", "artifacts and logs of Actions"),
        ("7 days", "P7D", "caches of Actions"),
    ]
    assert len(fake.asked) == 2


def test_how_long_repositories_keep_logs(document: Document) -> None:
    """Where the organization may not be asked, its repositories are: the longest, and a gap."""
    fake = Fake(document, held(), says=[Said(KEPT, 403)])
    parts = seen(fake, "retention of artifacts and logs")
    assert [one.period for one in settings(parts)] == ["P60D"]
    assert [gap.needs for gap in gaps(parts)] == [
        "Administration (read) of all repositories: 1 of 3 were not shown"
    ]
    closed = seen(
        Fake(document, held(), says=[Said("log-retention", 403)]),
        "retention of artifacts and logs",
    )
    assert [gap.reason for gap in gaps(closed)] == [Reason.FORBIDDEN]
    assert not settings(closed)


@pytest.mark.parametrize("body", [b'{"days": 0}', b'{"days": "90"}', b"{}", b"[]"])
def test_days_that_are_none(body: bytes) -> None:
    """A setting in a form that is not documented is a gap, never a period."""
    parts = seen(
        Fake(OURS, held(), says=[Said(KEPT, 200, body)]), "retention of artifacts and logs"
    )
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    assert not settings(parts)


def test_apps_read_along(document: Document) -> None:
    """Each installed app is where data goes on to, unless it is suspended."""
    app = {"app_slug": "ci-service", "repository_selection": "all", "suspended_at": None}
    late = {
        "app_slug": "old",
        "repository_selection": "selected",
        "suspended_at": "2025-01-01T00:00:00Z",
    }
    more = {"/orgs/our-org/installations": {"total_count": 2, "installations": [app, late]}}
    found = settings(seen(Fake(document, held(**more)), "installed apps"))
    assert [(one.to, one.is_on) for one in found] == [
        ("the app ci-service", True),
        ("the app old", False),
    ]


def test_secrets_that_are_open(document: Document) -> None:
    """Open alerts are counted, those in public as exposed; the secret is never asked for."""
    alerts = [
        {"publicly_leaked": False, "repository": {"name": "a", "private": True}},
        {"publicly_leaked": True, "repository": {"name": "a", "private": True}},
        {"publicly_leaked": None, "repository": {"name": "b", "private": False}},
    ]
    more = {"/orgs/our-org/secret-scanning/alerts?state=open&hide_secret=true": alerts}
    fake = Fake(document, held(**more))
    (found,) = settings(seen(fake, "open secrets"))
    assert (found.value, found.is_on) == ("3, of which 2 in public", True)
    assert all("hide_secret=true" in line for line in fake.asked)
    (none,) = settings(seen(Fake(document, held()), "open secrets"))
    assert not none.is_on


def test_what_a_token_may_change(document: Document) -> None:
    """A classic token's scopes come in a header: those that only read are left out."""
    scopes = {"X-OAuth-Scopes": "read:org, admin:org_hook,  repo, user:email"}
    parts = seen(Fake(document, held(), headers=scopes), "what the token may change")
    assert parts == [CanWrite(what="admin:org_hook"), CanWrite(what="repo")]
    none = Fake(document, held(), headers={"X-OAuth-Scopes": "read:org"})
    assert seen(none, "what the token may change") == []
    (gap,) = gaps(seen(Fake(document, held()), "what the token may change"))
    assert gap.reason is Reason.CANNOT_BE_SHOWN
    assert GITHUB.questions[-1].aspects == (Aspect.PRIVILEGES,)


def test_refusals(document: Document) -> None:
    """A token that is not known is a gap of every question, and so is no organization."""
    parts = seen(Fake(document, held()), credential="another")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NO_CREDENTIAL] * len(GITHUB.questions)
    for name in ("", "../../user", "a/b"):
        account = Account(id="code", connector="github", organization=name)
        fake = Fake(document, held())
        assert {gap.reason for gap in gaps(seen(fake, account=account))} == {Reason.UNDECIDED}
        assert not fake.asked


def test_find(document: Document) -> None:
    """A person is found by e-mail address or login, in each list that names people."""
    with Fake(document, held()) as fake:
        asking = asking_of(GITHUB, fake.base, ACCOUNT)
        by_email = GITHUB.find(asking, Wanted(keys={"email": "NEW@example.net"}))  # type: ignore[misc]
        assert [trace.number for trace in by_email] == [1, 0, 0, 0]
        by_login = GITHUB.find(asking, Wanted(keys={"id": "guest"}))  # type: ignore[misc]
        assert [trace.number for trace in by_login] == [0, 0, 0, 1]
        asking.api.close()
    assert {line.split()[0] for line in fake.asked} == {"GET"}
