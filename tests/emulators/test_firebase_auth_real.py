"""Firebase Authentication, on Google's own emulator: `make test-emulators`."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import requests
from fakes import engines
from fakes.running import ask, asking_of, gaps, settings, tables, whole_text

from auditor.collect.accounts.connector import Part, Trace, Wanted
from auditor.collect.accounts.firebase_auth import FIREBASE_AUTH, PAGE
from auditor.evidence import Reason
from auditor.policy import Account

PROJECT = engines.PROJECT
ACCOUNT = Account(id="people", connector="firebase_auth", project=PROJECT)
OWNER = "owner"
ADA = "ada.planted@example.net"
NEW, OLD, BORN = date(2026, 1, 14), date(2024, 5, 5), date(2020, 1, 1)

WHY = engines.missing_firebase() or ("" if "EMULATORS" in os.environ else "make test-emulators")
pytestmark = pytest.mark.skipif(bool(WHY), reason=f"the emulator of Firebase Auth: {WHY}")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the emulator, with nobody in it."""
    with engines.firebase_auth(tmp_path_factory.mktemp("firebase")) as base:
        yield base


@pytest.fixture
def base(emulator: str) -> str:
    """Return the address of the emulator, with one who is old, one who never came, and a page."""
    place = emulator.replace("/identitytoolkit.googleapis.com", f"/emulator/v1/projects/{PROJECT}")
    call("DELETE", f"{place}/accounts")
    put(emulator, [user("ada", last=OLD, email=ADA, displayName="Ada Planted"), user("never")])
    put(emulator, [user(f"u{number}", last=NEW) for number in range(PAGE - 2)])
    return emulator


def call(method: str, url: str, body: object = None) -> requests.Response:
    """Ask the emulator as its owner."""
    headers = {"Authorization": f"Bearer {OWNER}"}
    answer = requests.request(method, url, json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer


def put(base: str, users: list[dict[str, str]]) -> None:
    """Put accounts in, as an import of old ones does."""
    place = f"{base}/v1/projects/{PROJECT}/accounts:batchCreate"
    assert not call("POST", place, {"users": users}).json().get("error")


def user(name: str, last: date | None = None, **facts: str) -> dict[str, str]:
    """Return an account of 2020."""
    used = {"lastLoginAt": ms(last)} if last else {}
    return {"localId": name, "createdAt": ms(BORN), **used, **facts}


def ms(day: date) -> str:
    """Return noon of a day as Google writes it: milliseconds, as a text."""
    return str(int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000))


def seen(base: str, *whats: str, credential: str = OWNER) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    wanted = [each for each in FIREBASE_AUTH.questions if each.what in whats or not whats]
    return ask(asking_of(FIREBASE_AUTH, base, ACCOUNT, credential=credential), wanted)


def found_by(base: str, keys: dict[str, str]) -> list[Trace]:
    """Return where somebody is, as `audit erasure` asks."""
    assert FIREBASE_AUTH.find
    asking = asking_of(FIREBASE_AUTH, base, ACCOUNT, credential=OWNER)
    return list(FIREBASE_AUTH.find(asking, Wanted(keys=keys)))


def test_accounts_by_their_last_use(base: str) -> None:
    """A full page names another, which is empty; who never came was last here when it was made."""
    parts = seen(base, "accounts")
    assert not gaps(parts)
    table = tables(parts)["accounts"]
    ages = {one.anchor: one for one in table.ages}
    assert table.rows == PAGE
    assert ages["last_used"].days == {BORN: 1, OLD: 1, NEW: PAGE - 2}
    assert ages["created"].days == {BORN: PAGE}
    assert (ages["last_login"].undated, ages["last_login"].days[OLD]) == (1, 1)


def test_every_page_is_read(base: str) -> None:
    """One more than a page."""
    put(base, [user("more", last=OLD)])
    table = tables(seen(base, "accounts"))["accounts"]
    assert (table.rows, sum(table.ages[0].days.values())) == (PAGE + 1, PAGE + 1)


def test_a_refreshed_token_is_a_use(base: str) -> None:
    """It moves `lastRefreshAt` only; hashes of passwords, which come along, are not decoded."""
    grace = {"email": "grace@example.net", "password": "planted-word", "returnSecureToken": True}
    made = requests.post(f"{base}/v1/accounts:signUp?key=any", json=grace, timeout=30)
    made.raise_for_status()
    long_ago = {"localId": made.json()["localId"], "lastLoginAt": ms(OLD), "createdAt": ms(BORN)}
    call("POST", f"{base}/v1/projects/{PROJECT}/accounts:update", long_ago)
    parts = seen(base, "accounts")
    ages = {one.anchor: one for one in tables(parts)["accounts"].ages}
    assert (ages["created"].days[BORN], ages["last_login"].days[OLD]) == (PAGE + 1, 2)
    assert ages["last_used"].days[datetime.now(UTC).date()] == 1
    assert "planted-word" not in whole_text(parts)


def test_what_is_known_of_people_is_no_value(base: str) -> None:
    """Fields by their category, people as hashes."""
    parts = seen(base)
    table = tables(parts)["accounts"]
    held = {field.name: [found.category for found in field.found] for field in table.fields}
    assert held["email"] == ["user.contact.email"]
    assert held["displayName"] == ["user.name"]
    assert sorted(len(people.hashes) for people in table.subjects) == [1, PAGE]
    assert not any(word in whole_text(parts) for word in (ADA, "Ada Planted"))


def test_settings_are_read(base: str) -> None:
    """The emulator deletes no anonymous users, and so says nothing of it."""
    parts = seen(base, "how accounts are kept")
    assert (settings(parts), gaps(parts)) == ([], [])


def test_tenants_have_lists_of_their_own(base: str) -> None:
    """Who is in a tenant is not in the project's list, and is seen all the same."""
    place = f"{base}/v2/projects/{PROJECT}"
    call(
        "PATCH", f"{place}/config?updateMask=multiTenant", {"multiTenant": {"allowTenants": True}}
    )
    made = call("POST", f"{place}/tenants", {"displayName": "branch", "allowPasswordSignup": True})
    tenant = made.json()["name"].rpartition("/")[2]
    inside = f"{base}/v1/projects/{PROJECT}/tenants/{tenant}/accounts:batchCreate"
    assert not call("POST", inside, {"users": [user("t", last=OLD)]}).json().get("error")
    found = tables(seen(base, "accounts"))
    assert {name: table.rows for name, table in found.items()} == {
        "accounts": PAGE,
        "accounts of tenant 1": 1,
    }
    assert found_by(base, {"id": "t"}) == [Trace(place="accounts", number=1)]


def test_without_the_credential_nothing_is_seen(base: str) -> None:
    """The emulator refuses a stranger's token, and each question is a gap."""
    parts = seen(base, credential="stranger")
    assert not tables(parts)
    assert {gap.reason for gap in gaps(parts)} <= {Reason.FORBIDDEN, Reason.NO_CREDENTIAL}
    assert len(gaps(parts)) == len(FIREBASE_AUTH.questions)


@pytest.mark.parametrize(
    ("keys", "number"),
    [({"email": ADA}, 1), ({"id": "ada", "email": ADA}, 1), ({"id": "nobody"}, 0)],
)
def test_a_person_is_found(base: str, keys: dict[str, str], number: int) -> None:
    """Once, by however many keys; and nobody where nobody is."""
    assert found_by(base, keys) == [Trace(place="accounts", number=number)]
