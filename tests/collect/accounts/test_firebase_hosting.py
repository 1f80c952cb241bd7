"""Firebase Hosting, on a stand-in that answers as Google's own descriptions say."""

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import Fake, Said
from fakes.running import gaps, seen_by, settings
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.accounts.connector import Part
from auditor.collect.accounts.firebase_hosting import FIREBASE_HOSTING, _open
from auditor.evidence import Reason
from auditor.policy import Account

ACCOUNT = Account(id="site", connector="firebase_hosting", site="example")
SCOPES = (
    "https://www.googleapis.com/auth/cloud-platform.read-only",
    "https://www.googleapis.com/auth/firebase.readonly",
)
DOCUMENT = google("firebasehosting.v1beta1", "firebaserules.v1", "logging.v2")
CONFIG = "/v1beta1/sites/example/config"
SITE = "/v1beta1/projects/-/sites/example"
LOGS = "/v2/projects/p-1/locations/-/buckets"
LOG = "projects/p-1/locations/global/buckets"
RELEASES = "/v1/projects/p-1/releases"


def fake_of(rules: str = "", says: tuple[Said, ...] = (), **config: Json) -> Fake:
    """Return a stand-in for a site of the project p-1."""
    held: dict[str, Json] = {
        CONFIG: config,
        SITE: {"name": "projects/p-1/sites/example"},
        LOGS: {
            "buckets": [
                {"name": f"{LOG}/_Required", "retentionDays": 400},
                {"name": f"{LOG}/_Default", "retentionDays": 30},
            ]
        },
        RELEASES: {
            "releases": [
                {
                    "name": "projects/p-1/releases/cloud.firestore",
                    "rulesetName": "projects/p-1/rulesets/r-1",
                }
            ]
        },
        "/v1/projects/p-1/rulesets/r-1": {"source": {"files": [{"content": rules}]}},
    }
    return Fake(DOCUMENT, held, scopes=SCOPES, says=says)


def seen(fake: Fake, *whats: str, account: Account = ACCOUNT) -> list[Part]:
    """Return what the questions of these subjects yield, of all if none is named."""
    return seen_by(FIREBASE_HOSTING, fake, account, *whats)


def test_visitors_that_are_logged() -> None:
    """With their IP addresses, for as long as the log is kept."""
    found = settings(seen(fake_of(cloudLoggingEnabled=True), "logs of visitors"))
    assert [(one.effect, one.is_on, one.category, one.period) for one in found] == [
        ("collects", True, "user.device.ip_address", ""),
        ("deletes_after", True, "", "P30D"),
    ]


def test_visitors_that_are_not() -> None:
    """Then nobody asks how long."""
    fake = fake_of()
    (one,) = settings(seen(fake, "logs of visitors"))
    assert not one.is_on
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("rules", "is_open"),
    [
        ("match /a { allow read: if true; }", True),
        ("match /a { allow read, write; }", True),
        ("match /a { allow get: if (true); }", True),
        ("match /a { allow read: if request.time < timestamp.date(2026, 2, 1); }", True),
        ("match /a { allow write: if true; }", False),
        ("match /a { allow read: if request.auth != null; }", False),
        ("match /a { allow read: if true && isOwner(); }", False),
        ("// allow read: if true;\nmatch /a { allow read: if false; }", False),
        ("/* allow read; */", False),
        ("match /a { allow read: if x == 'allow read;'; }", False),
        ("", False),
    ],
)
def test_rules_that_let_anybody_read(rules: str, is_open: bool) -> None:
    """Not those in comments and texts, nor those that ask for more."""
    found = settings(seen(fake_of(rules), "security rules"))
    assert [one.effect for one in found] == (["exposes"] if is_open else [])
    assert all(one.of == "documents of Firestore" for one in found)


@given(st.text(alphabet="allow read:if true;/*'\"\n{}()", max_size=300))
def test_no_rules_break_it(rules: str) -> None:
    """Whatever is written there."""
    assert _open(rules) == "" or _open(rules).startswith("allow")


def test_refusals() -> None:
    """Each question for itself; no site is a decision that is missing."""
    parts = seen(fake_of(says=(Said(RELEASES, 403),)))
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("security rules", Reason.FORBIDDEN)
    ]
    assert settings(parts)
    parts = seen(fake_of(says=(Said(SITE, 200, b'{"name": "sites/x"}'),)), "security rules")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    nameless = Account(id="site", connector="firebase_hosting")
    assert {gap.reason for gap in gaps(seen(fake_of(), account=nameless))} == {Reason.UNDECIDED}
