"""The stand-in for Google's interfaces, asked by Google's own client."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import GOOD, Fake
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from auditor.collect.accounts.firebase_auth import SCOPE

LIST = "/v1/projects/example/accounts:batchGet"
USERS = [{"localId": f"u{number}"} for number in range(5)]


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Return a stand-in with five accounts."""
    with Fake(google("identitytoolkit.v1"), {LIST: {"users": USERS}}, scopes=(SCOPE,)) as running:
        yield running


@contextmanager
def accounts(fake: Fake) -> Iterator[Json]:
    """Yield what Google's client offers for accounts."""
    with build(
        "identitytoolkit",
        "v1",
        credentials=Credentials(token=GOOD),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": fake.base},
        static_discovery=True,
    ) as client:
        yield client.projects().accounts()


def test_googles_own_client_reads_all_pages(fake: Fake) -> None:
    """Two accounts a page, with Google's names for all that is asked."""
    found, token = [], None
    with accounts(fake) as client:
        while True:
            asked = {"targetProjectId": "example", "maxResults": 2, "nextPageToken": token}
            page = client.batchGet(**asked).execute()
            found += page.get("users", [])
            token = page.get("nextPageToken")
            if not token:
                break
    assert [user["localId"] for user in found] == [user["localId"] for user in USERS]
    assert len(fake.asked) == 3


def test_googles_own_client_is_refused(fake: Fake) -> None:
    """With a token that lacks the scope."""
    fake.scopes = ("email",)
    with accounts(fake) as client, pytest.raises(HttpError) as raised:
        client.batchGet(targetProjectId="example").execute()
    assert raised.value.status_code == 403


def test_what_does_not_fit_is_refused_at_the_start() -> None:
    """A fixture with a number where Google has a text, and a path that Google does not have."""
    document = google("identitytoolkit.v1")
    with pytest.raises(ValueError, match="does not fit"):
        Fake(document, {LIST: {"users": [{"localId": 7}]}})
    with pytest.raises(ValueError, match="has no"):
        Fake(document, {"/v1/projects/example/nothing": {}})


@pytest.mark.parametrize(
    ("target", "scopes", "status"),
    [
        ("/v1/projects/example/nothing", (SCOPE,), 404),
        (f"{LIST}?wrong=1", (SCOPE,), 400),
        (f"{LIST}?nextPageToken=wrong", (SCOPE,), 400),
        (LIST, ("email",), 403),
        (LIST, (SCOPE,), 200),
    ],
)
def test_it_refuses(target: str, scopes: tuple[str, ...], status: int) -> None:
    """Unknown paths, parameters and tokens of pages, and a token without the scope."""
    fake = Fake(google("identitytoolkit.v1"), {LIST: {"users": USERS}}, scopes=scopes)
    assert fake.answer("GET", target, f"Bearer {GOOD}").status == status
