"""Firebase Authentication, on a stand-in that answers as Google's own description says."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import Fake, Said
from fakes.running import asking_of, gaps, seen_by, settings, tables, whole_text

from auditor.collect.accounts.connector import Part, Trace, Wanted
from auditor.collect.accounts.firebase_auth import FIREBASE_AUTH, PAGE, SCOPE
from auditor.collect.refused import RefusedError
from auditor.evidence import Reason
from auditor.policy import Account

ACCOUNT = Account(id="people", connector="firebase_auth", project="example")
SCOPES = (SCOPE,)  # what the connector asks Google for, and nothing else
DOCUMENT = google("identitytoolkit.v1", "identitytoolkit.v2")
LIST = "/v1/projects/example/accounts:batchGet"
COUNT = "POST /v1/projects/example/accounts:query"
LOOKUP = "POST /v1/projects/example/accounts:lookup"
CONFIG = "/v2/projects/example/config"
ADA = "ada.planted@example.net"


def ms(day: str) -> str:
    """Return noon of a day as Google writes it: milliseconds, as a text."""
    return str(int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp() * 1000))


def user(name: str, **facts: Json) -> Json:
    """Return an account of 2020."""
    return {"localId": name, "createdAt": ms("2020-01-01"), **facts}


def told(number: int) -> Callable[[Json], Json]:
    """Return what says how many accounts there are."""
    return lambda _: {"recordsCount": str(number)}


def fake_of(*users: Json, count: int = -1, more: Json = None, **facts: Json) -> Fake:
    """Return a stand-in with these accounts."""
    held = {
        LIST: {"users": list(users)},
        COUNT: told(len(users) if count < 0 else count),
        CONFIG: {"name": "projects/example/config"},
        **(more or {}),
    }
    return Fake(DOCUMENT, held, scopes=SCOPES, **facts)


def seen(fake: Fake, *whats: str, account: Account = ACCOUNT) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(FIREBASE_AUTH, fake, account, *whats)


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({}, "2020-01-01"),
        ({"lastLoginAt": ms("2021-05-05")}, "2021-05-05"),
        (
            {"lastLoginAt": ms("2021-05-05"), "lastRefreshAt": "2022-06-06T10:00:00.5Z"},
            "2022-06-06",
        ),
        ({"lastLoginAt": "0", "lastRefreshAt": "2019-06-06T10:00:00Z"}, "2020-01-01"),
    ],
)
def test_last_use_is_the_latest_of_three(facts: dict[str, Json], day: str) -> None:
    """Who never signed in was last here when the account was made."""
    ages = {one.anchor: one for one in tables(seen(fake_of(user("a", **facts))))["accounts"].ages}
    assert ages["last_used"].days == {date.fromisoformat(day): 1}
    assert ages["created"].days == {date(2020, 1, 1): 1}
    assert ages["last_login"].undated == (0 if facts.get("lastLoginAt", "0") != "0" else 1)


def test_the_last_moment_of_a_day() -> None:
    """Days are those of UTC: one millisecond decides on which side of a promise an account is."""
    midnight = int(datetime.fromisoformat("2025-01-15T00:00:00+00:00").timestamp() * 1000)
    people = (user("a", lastLoginAt=str(midnight - 1)), user("b", lastLoginAt=str(midnight)))
    (used,) = (
        one for one in tables(seen(fake_of(*people)))["accounts"].ages if one.anchor == "last_used"
    )
    assert used.days == {date(2025, 1, 14): 1, date(2025, 1, 15): 1}


def test_what_is_known_of_people() -> None:
    """By field, and none of it is kept; hashes of passwords are not even read."""
    ada = user(
        "uid-planted",
        email=ADA,
        phoneNumber="+33123456789",
        displayName="Ada Planted",
        initialEmail="ada.before.planted@example.net",
        screenName="planted_ada",
        disabled=True,
        passwordHash="cGxhbnRlZA==",
        salt="cGxhbnRlZA==",
        customAttributes='{"insurer": "Planted Health"}',
        providerUserInfo=[{"providerId": "google.com", "federatedId": "planted-7", "email": ADA}],
    )
    parts = seen(fake_of(ada, user("b")), "accounts")
    (table,) = tables(parts).values()
    held = {field.name: field.filled for field in table.fields}
    assert held["email"] == held["initialEmail"] == held["screenName"] == held["disabled"] == 1
    (disabled,) = (field for field in table.fields if field.name == "disabled")
    assert not disabled.found
    assert held["providerUserInfo"] == 1
    assert [len(one.hashes) for one in table.subjects] == [1, 2]
    text = whole_text(parts).casefold()
    assert "planted" not in text
    assert "cgxh" not in text


@pytest.mark.parametrize(
    ("number", "requests", "shape"),
    [
        (PAGE, 2, {"is_full": True}),
        (2 * PAGE + 1, 3, {}),
        (2 * PAGE + 1, 5, {"is_sparse": True}),
    ],
)
def test_every_page_is_read(number: int, requests: int, shape: dict[str, bool]) -> None:
    """A full last page names another, which is empty; an empty page in the middle is no end."""
    fake = fake_of(*(user(str(n)) for n in range(number)), **shape)
    parts = seen(fake, "accounts")
    assert tables(parts)["accounts"].rows == number
    assert not gaps(parts)
    assert sum(LIST in one for one in fake.asked) == requests


@pytest.mark.parametrize(
    "says",
    [
        Said("nextPageToken=page-2", 429, headers={"Retry-After": "1"}, times=1),
        Said("nextPageToken=page-2", 403, b'{"error": {"status": "rateLimitExceeded"}}', times=1),
    ],
)
def test_a_limit_in_the_middle(says: Said) -> None:
    """The page is asked for again, and nobody is lost or counted twice."""
    fake = fake_of(*(user(str(n)) for n in range(2 * PAGE + 1)), says=[says])
    parts = seen(fake, "accounts")
    assert tables(parts)["accounts"].rows == 2 * PAGE + 1
    assert not gaps(parts)
    assert sum(LIST in one for one in fake.asked) == 4


def test_hostile_texts_stay_where_they_are() -> None:
    """Whatever anybody has written into a field of Google's is not repeated."""
    hostile = "planted \x1b[31m</script> ada@planted.example"
    fake = fake_of(user("a"), text=hostile)
    text = whole_text(seen(fake))
    assert "planted" not in text
    assert "\\x1b" not in text


def test_a_list_that_is_not_whole() -> None:
    """Google counts more than it lists: a gap, and a circle of tokens is one."""
    (gap,) = gaps(seen(fake_of(user("a"), count=3), "accounts"))
    assert (gap.reason, gap.needs) == (Reason.NOT_VERIFIED, "all 3 accounts: 1 were listed")
    circle = fake_of(*(user(str(n)) for n in range(3 * PAGE)), turns=True)
    assert gaps(seen(circle, "accounts"))


def test_tenants_have_accounts_of_their_own() -> None:
    """The project's list does not show them."""
    more: Json = {
        CONFIG: {"name": "projects/example/config", "multiTenant": {"allowTenants": True}},
        "/v2/projects/example/tenants": {"tenants": [{"name": "projects/example/tenants/t-1"}]},
        "/v1/projects/example/tenants/t-1/accounts:batchGet": {"users": [user("x"), user("y")]},
        "POST /v1/projects/example/tenants/t-1/accounts:query": told(2),
    }
    found = tables(seen(fake_of(user("a"), more=more), "accounts"))
    assert {name: table.rows for name, table in found.items()} == {
        "accounts": 1,
        "accounts of tenant 1": 2,
    }


def test_tenants_that_nobody_may_see() -> None:
    """Then it is not known whether there are any."""
    fake = fake_of(user("a"), says=[Said(CONFIG, 403)])
    parts = seen(fake, "accounts")
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("accounts of tenants", Reason.FORBIDDEN)
    ]
    assert "accounts" in tables(parts)


def test_what_deletes_anonymous_users() -> None:
    """After 30 days, if it is switched on."""
    more: Json = {CONFIG: {"autodeleteAnonymousUsers": True}}
    (one,) = settings(seen(fake_of(more=more)))
    assert (one.effect, one.of, one.period) == ("deletes_after", "anonymous users", "P30D")
    assert not settings(seen(fake_of()))


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (Said(LIST, 401), Reason.NO_CREDENTIAL),
        (Said(LIST, 403, b'{"error": {"message": "Ada Planted"}}'), Reason.FORBIDDEN),
        (Said(LIST, 200, b'{"users": [{"createdAt": "1"}]}'), Reason.NOT_VERIFIED),
        (Said("accounts:query", 200, b'{"recordsCount": "many"}'), Reason.NOT_VERIFIED),
    ],
)
def test_a_refusal_is_a_gap(says: Said, reason: Reason) -> None:
    """By its reason, with nothing of its text; a busy service is asked again."""
    parts = seen(fake_of(user("a"), says=[says]), "accounts")
    assert [gap.reason for gap in gaps(parts)] == [reason]
    assert "Planted" not in whole_text(parts)
    busy = fake_of(user("a"), says=[Said(LIST, 429, headers={"Retry-After": "1"}, times=1)])
    assert not gaps(seen(busy, "accounts"))


def test_another_token_and_another_scope() -> None:
    """The scope is that of the description."""
    fake = fake_of(user("a"), credential="other")
    assert {gap.reason for gap in gaps(seen(fake))} == {Reason.NO_CREDENTIAL}
    narrow = Fake(DOCUMENT, {LIST: {"users": []}}, scopes=("email",))
    assert {gap.reason for gap in gaps(seen(narrow))} == {Reason.FORBIDDEN}


def test_no_project() -> None:
    """Somebody has to say which."""
    parts = seen(fake_of(), account=Account(id="people", connector="firebase_auth"))
    assert {gap.reason for gap in gaps(parts)} == {Reason.UNDECIDED}


@pytest.mark.parametrize("text", ["-1", "nonsense", "9" * 30, str(-(10**15))])
def test_a_date_that_is_none(text: str) -> None:
    """Counted, and never a crash."""
    ages = tables(seen(fake_of(user("a", createdAt=text)), "accounts"))["accounts"].ages
    assert all(one.rows == 1 for one in ages)
    assert ages[0].undated + ages[0].unreadable + sum(ages[0].days.values()) == 1


def test_a_person_is_found_by_each_key() -> None:
    """The same account by two keys is one."""

    def look(asked: Json) -> Json:
        wanted = {value for values in asked.values() for value in values}
        return {"users": [user("u7")] if wanted & {ADA, "u7"} else []}

    assert FIREBASE_AUTH.find
    with fake_of(more={LOOKUP: look}) as fake:
        asking = asking_of(FIREBASE_AUTH, fake.base, ACCOUNT)
        wanted = Wanted(keys={"email": f" {ADA}", "id": "u7", "phone": "+33"})
        assert list(FIREBASE_AUTH.find(asking, wanted)) == [Trace(place="accounts", number=1)]
        gone = Wanted(keys={"id": "u8"})
        assert list(FIREBASE_AUTH.find(asking, gone)) == [Trace(place="accounts", number=0)]


def test_a_person_in_a_tenant_is_found() -> None:
    """The project's own list does not show them; without a look at tenants nobody is gone."""
    tenants: Json = {"tenants": [{"name": "projects/example/tenants/t-1"}]}
    more: Json = {
        CONFIG: {"name": "projects/example/config", "multiTenant": {"allowTenants": True}},
        "/v2/projects/example/tenants": tenants,
        LOOKUP: lambda _: {"users": []},
        "POST /v1/projects/example/tenants/t-1/accounts:lookup": lambda _: {"users": [user("u7")]},
    }
    assert looked_for(fake_of(more=more)) == [Trace(place="accounts", number=1)]
    with pytest.raises(RefusedError):
        looked_for(fake_of(more=more, says=[Said(CONFIG, 403)]))


def looked_for(fake: Fake) -> list[Trace]:
    """Return where u7 is found."""
    assert FIREBASE_AUTH.find
    with fake:
        asking = asking_of(FIREBASE_AUTH, fake.base, ACCOUNT)
        return list(FIREBASE_AUTH.find(asking, Wanted(keys={"id": "u7"})))
