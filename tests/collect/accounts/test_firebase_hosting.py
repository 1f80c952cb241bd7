"""Firebase Hosting, on a stand-in that answers as Google's own descriptions say."""

import pytest
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import Fake, Said
from fakes.running import gaps, seen_by, settings, whole_text
from msgspec import structs

from auditor.collect.accounts.connector import Part
from auditor.collect.accounts.firebase_hosting import FIREBASE_HOSTING, SCOPES
from auditor.evidence import Reason
from auditor.policy import Account

ACCOUNT = Account(id="site", connector="firebase_hosting", site="example")
DOCUMENT = google("firebasehosting.v1beta1", "firebase.v1beta1", "firebaserules.v1", "logging.v2")
CONFIG = "/v1beta1/sites/example/config"
SITE = "/v1beta1/projects/-/sites/example"
LOGS = "/v2/projects/p-1/locations/-/buckets"
LOG = "projects/p-1/locations/global/buckets"
APPS = "/v1beta1/projects/p-1/webApps"
RELEASES = "/v1/projects/p-1/releases"


def fake_of(
    rules: str = "", says: tuple[Said, ...] = (), logs: Json = None, **config: Json
) -> Fake:
    """Return a stand-in for a site of the project p-1."""
    held: dict[str, Json] = {
        CONFIG: config,
        SITE: {"name": "projects/p-1/sites/example"},
        LOGS: logs
        or {
            "buckets": [
                {"name": f"{LOG}/_Required", "retentionDays": 400},
                {"name": f"{LOG}/_Default", "retentionDays": 30},
            ]
        },
        APPS: {"apps": [{"appId": "1:2:web:3"}, {"appId": "1:2:web:4"}]},
        f"{APPS}/1%3A2%3Aweb%3A3/config": {"measurementId": "G-PLANTED"},
        f"{APPS}/1%3A2%3Aweb%3A4/config": {},
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
    """With their IP addresses, for as long as the log is kept; not in Google's own records."""
    found = settings(seen(fake_of(cloudLoggingEnabled=True), "logs of visitors"))
    assert [(one.effect, one.is_on, one.category, one.period) for one in found] == [
        ("outlives_deletion", True, "", ""),
        ("collects", True, "user.device.ip_address", ""),
        ("deletes_after", True, "", "P30D"),
    ]


def test_visitors_that_are_not() -> None:
    """Then nobody asks how long."""
    fake = fake_of()
    assert not any(one.is_on for one in settings(seen(fake, "logs of visitors"))[1:])
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("config", "value", "is_on"),
    [({}, "unlimited", True), ({"maxVersions": "5"}, "5", False)],
)
def test_earlier_deployments(config: dict[str, Json], value: str, is_on: bool) -> None:
    """Their pages stay for ever, unless a number of them is set."""
    versions = settings(seen(fake_of(**config), "logs of visitors"))[0]
    assert (versions.name, versions.value, versions.is_on) == ("maxVersions", value, is_on)


@pytest.mark.parametrize("days", [-1, 0, 4000])
def test_a_log_that_is_kept_for_no_time(days: int) -> None:
    """A number of days that cannot be is a gap, and no promise."""
    logs: Json = {"buckets": [{"name": f"{LOG}/_Default", "retentionDays": days}]}
    parts = seen(fake_of(logs=logs, cloudLoggingEnabled=True), "logs of visitors")
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    assert not any(one.effect == "deletes_after" for one in settings(parts))


def test_logs_that_are_not_shown() -> None:
    """Requests are logged, and no log is seen: a gap."""
    fake = fake_of(logs={"buckets": []}, cloudLoggingEnabled=True)
    assert [gap.reason for gap in gaps(seen(fake, "logs of visitors"))] == [Reason.NOT_IN_EVIDENCE]


def test_web_apps_that_measure() -> None:
    """Those with a stream of Google Analytics, and those without."""
    found = settings(seen(fake_of(), "web apps"))
    assert [(one.effect, one.is_on, one.value) for one in found] == [
        ("collects", True, "G-PLANTED"),
        ("collects", False, "none"),
    ]


@pytest.mark.parametrize(
    ("rules", "effects", "reasons"),
    [
        ("match /a { allow read: if true; }", ["exposes"], []),
        ("match /a { allow read: if request.auth != null; }", [], []),
        ("match /a { allow read: if isOwner(); }", [], [Reason.CANNOT_BE_SHOWN]),
        ("x" * (256 * 1024 + 1), [], [Reason.CAP_REACHED]),
    ],
)
def test_security_rules(rules: str, effects: list[str], reasons: list[Reason]) -> None:
    """Open ones are told; those that nobody is sure of, and those too long, are gaps."""
    parts = seen(fake_of(rules), "security rules")
    assert [one.effect for one in settings(parts)] == effects
    assert [gap.reason for gap in gaps(parts)] == reasons
    assert all(one.of == "documents of Firestore" for one in settings(parts))


def test_texts_in_rules_are_not_repeated() -> None:
    """A rule is shown without its comments and texts, in which anything may stand."""
    rules = "allow read /* ada@planted.net */ : if true; allow get: if x == 'ada@planted.net';"
    assert "planted" not in whole_text(seen(fake_of(rules), "security rules"))


def test_a_project_that_is_named() -> None:
    """Then the site is not asked for it."""
    fake = fake_of()
    seen(fake, "security rules", account=structs.replace(ACCOUNT, project="p-1"))
    assert not any(SITE in one for one in fake.asked)


def test_a_busy_service() -> None:
    """It is asked again when it says."""
    busy = Said(RELEASES, 429, headers={"Retry-After": "1"}, times=1)
    assert not gaps(seen(fake_of("allow read: if false;", says=(busy,))))


def test_refusals() -> None:
    """Each question for itself; no site is a decision that is missing."""
    parts = seen(fake_of(says=(Said(RELEASES, 403),)))
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("security rules", Reason.FORBIDDEN)
    ]
    assert settings(parts)
    for name in (b"sites/x", b"projects/-/sites/x", b"projects//sites/x"):
        named = Said(SITE, 200, b'{"name": "' + name + b'"}')
        parts = seen(fake_of(says=(named,)), "security rules")
        assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    fake = fake_of(says=(Said(APPS, 401), Said(f"{APPS}/", 403)))
    assert [gap.reason for gap in gaps(seen(fake, "web apps"))] == [Reason.NO_CREDENTIAL]
    narrow = fake_of()
    narrow.scopes = ("email",)
    assert {gap.reason for gap in gaps(seen(narrow))} == {Reason.FORBIDDEN}
    nameless = Account(id="site", connector="firebase_hosting")
    assert {gap.reason for gap in gaps(seen(fake_of(), account=nameless))} == {Reason.UNDECIDED}
