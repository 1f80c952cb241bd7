# ruff: noqa: INP001 -- a script, not a package
"""Who is in the shelter's systems: people who were made up, and what of theirs is wrong."""

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import requests

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "collect" / "accounts"))

from fakes import engines

# None of these opens anything.
SECRETS: Final = {
    "SHELTER_STRIPE_KEY": "sk_test_harbour",
    "SHELTER_GOOGLE_TOKEN": "owner",
    "AUDIT_SUBJECT_KEY": "harbour-harbour-harbour",
}
BUCKET: Final = "shelter"
CANARY: Final = "email=canary@shelter.example\nid=u0\n"


class Member(NamedTuple):
    """Somebody made up: `seen` and `gave` are days ago, None for never."""

    id: str
    name: str
    seen: int | None
    gave: int | None
    phone: str = ""

    @property
    def email(self) -> str:
        """Return an address at which nobody reads."""
        return f"{self.name.split()[0].lower()}@shelter.example"


MEMBERS: Final = (
    Member("u0", "Canary Bird", 10, 10),
    Member("u1", "Ilse Okafor", 3, 30),
    Member("u2", "Tomas Lind", 20, 90, "+49 30 901820"),
    Member("u3", "Mara Weiss", 500, 800),
    Member("u4", "Jonas Adler", None, 200),  # his account was deleted
)


def keep_users(file: Path) -> None:
    """Write the database, with a list of addresses that somebody forgot there."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE users (id TEXT, email TEXT, name TEXT, last_seen TEXT)")
        database.execute("CREATE TABLE newsletter_2023 (address TEXT)")
        for who in MEMBERS:
            if who.seen is not None:
                row = (who.id, who.email, who.name, days_ago(who.seen).date().isoformat())
                database.execute("INSERT INTO users VALUES (?, ?, ?, ?)", row)
            if who.id != "u0":
                database.execute("INSERT INTO newsletter_2023 VALUES (?)", (who.email,))


def take_money(stripe: engines.Engine) -> None:
    """Make customers of Stripe, some of them long ago."""
    for who in MEMBERS:
        if who.gave is not None:
            stripe.go_back(who.gave)
            facts = {"email": who.email, "name": who.name}
            post(
                f"{stripe.base}/v1/customers", facts | ({"phone": who.phone} if who.phone else {})
            )
    stripe.go_back(0)


def keep_portraits(storage: engines.Engine) -> None:
    """Put portraits into the bucket; one has the address of whoever put it there."""
    place = f"{storage.base}/upload/storage/v1/b/{BUCKET}/o?uploadType=media"
    for who in MEMBERS:
        if who.seen is not None:
            storage.go_back(who.seen)
            post(f"{place}&name=members/{who.id}/portrait.jpg", b"no picture")
    storage.go_back(0)
    path = f"{storage.base}/storage/v1/b/{BUCKET}/o/members%2Fu2%2Fportrait.jpg"
    body = {"metadata": {"uploaded_by": MEMBERS[1].email}}
    requests.patch(path, json=body, timeout=10).raise_for_status()


def open_accounts(auth: str) -> None:
    """Make accounts of Firebase; one has a telephone number."""
    users = [
        {
            "localId": who.id,
            "email": who.email,
            "displayName": who.name,
            "createdAt": milliseconds(900),
            "lastLoginAt": milliseconds(who.seen),
            **({"phoneNumber": who.phone.replace(" ", "")} if who.phone else {}),
        }
        for who in MEMBERS
        if who.seen is not None
    ]
    place = f"{auth}/v1/projects/{engines.PROJECT}/accounts:batchCreate"
    headers = {"Authorization": f"Bearer {SECRETS['SHELTER_GOOGLE_TOKEN']}"}
    answer = requests.post(place, json={"users": users}, headers=headers, timeout=30)
    answer.raise_for_status()
    if answer.json().get("error"):
        raise RuntimeError(f"the emulator refused an account: {answer.json()['error']}")


def post(url: str, data: dict[str, str] | bytes) -> None:
    """Send a form, or a file."""
    headers = {"Authorization": f"Bearer {SECRETS['SHELTER_STRIPE_KEY']}"}
    requests.post(url, data=data, headers=headers, timeout=10).raise_for_status()


def days_ago(number: int) -> datetime:
    """Return a moment so many days ago."""
    return datetime.now(UTC) - timedelta(days=number)


def milliseconds(ago: int) -> str:
    """Return a moment as Google writes it."""
    return str(int(days_ago(ago).timestamp() * 1000))
