"""Cloud Storage: on Google's own description, and on a server that really keeps objects."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import requests
from fakes.documents import Json
from fakes.google_documents import google
from fakes.openapi import Fake, Said
from fakes.running import ask, asking_of, gaps, seen_by, settings, tables, whole_text
from msgspec import structs

from auditor.collect.accounts.cloud_storage import CLOUD_STORAGE, SCOPE
from auditor.collect.accounts.connector import Part, Trace, Wanted
from auditor.evidence import Reason
from auditor.policy import Account, Table

ACCOUNT = Account(id="files", connector="cloud_storage", bucket="example")
SCOPES = (SCOPE,)  # what the connector asks Google for, and nothing else
DOCUMENT = google("storage.v1")
BUCKET = "/storage/v1/b/example"
OBJECTS, IAM = f"{BUCKET}/o", f"{BUCKET}/iam"
UNIFORM = {"uniformBucketLevelAccess": {"enabled": True}}


def stored(name: str, day: str = "2025-01-01", **facts: Json) -> Json:
    """Return an object of a day."""
    moment = f"{day}T12:00:00.000Z"
    return {"name": name, "timeCreated": moment, "updated": moment, **facts}


def seen(*objects: Json, whats: tuple[str, ...] = (), **bucket: Json) -> list[Part]:
    """Return what the questions of these subjects yield of a bucket."""
    old = [stored("old", "2019-01-01", timeDeleted="2020-01-01T00:00:00Z")]
    deleted = [stored("gone", "2018-01-01")]
    held: dict[str, Json] = {
        BUCKET: {"iamConfiguration": UNIFORM, **bucket},
        OBJECTS: {"items": list(objects)},
        f"{OBJECTS}?versions=true": {"items": [*objects, *old]},
        f"{OBJECTS}?softDeleted=true": {"items": deleted},
        IAM: bucket.get("iam", {"bindings": []}),
    }
    held[BUCKET].pop("iam", None)
    return seen_by(CLOUD_STORAGE, Fake(DOCUMENT, held, scopes=SCOPES), ACCOUNT, *whats)


def test_objects_by_both_dates() -> None:
    """On every page; names and metadata are looked into, and not kept."""
    many = [
        stored(f"users/{n}/cv.pdf", metadata={"who": f"ada{n}@planted.net"}, contentType="a/b")
        for n in range(1001)
    ]
    parts = seen(*many, whats=("objects",))
    table = tables(parts)["objects"]
    assert table.rows == 1001
    assert [(one.anchor, one.days) for one in table.ages] == [
        ("created", {date(2025, 1, 1): 1001}),
        ("last_updated", {date(2025, 1, 1): 1001}),
    ]
    (who,) = (field for field in table.fields if field.name == "metadata.who")
    assert [found.category for found in who.found] == ["user.contact.email"]
    assert "planted" not in whole_text(parts)


def test_kinds_of_files() -> None:
    """By the first word of the type; what anybody made up is `other`."""
    types = ("image/png", "IMAGE/jpeg", "ada-planted/x", "", None)
    many = [stored(f"{n}", **({"contentType": t} if t else {})) for n, t in enumerate(types)]
    parts = seen(*many, whats=("objects",))
    held = {field.name: field.filled for field in tables(parts)["objects"].fields}
    assert (held["contentType image"], held["contentType other"]) == (2, 3)
    assert "planted" not in whole_text(parts)


def test_folders_that_are_declared() -> None:
    """Each is a table, the longest name wins; other folders may be named after people."""
    tables_of = (Table(name="users/"), Table(name="users/tmp/"), Table(name="empty/"))
    account = structs.replace(ACCOUNT, tables=tables_of)
    names = ("users/a", "users/tmp/b", "users/tmp/c", "ada-planted/d", "users")
    held: dict[str, Json] = {OBJECTS: {"items": [stored(name) for name in names]}}
    parts = seen_by(CLOUD_STORAGE, Fake(DOCUMENT, held, scopes=SCOPES), account, "objects")
    assert {name: table.rows for name, table in tables(parts).items()} == {
        "objects": 2,
        "users/": 1,
        "users/tmp/": 2,
        "empty/": 0,
    }
    assert "planted" not in whole_text(parts)


@pytest.mark.parametrize("seconds", ["604800", "0"])
def test_what_is_left_of_deleted_objects(seconds: str) -> None:
    """Two lists of their own; what was deleted softly stays where that was switched off since."""
    whats = ("old versions and deleted objects",)
    soft: Json = {"retentionDurationSeconds": seconds}
    found = tables(seen(stored("a"), stored("b"), whats=whats, softDeletePolicy=soft))
    assert {name: table.rows for name, table in found.items()} == {
        "old versions": 1,
        "deleted objects": 1,
    }


def rule(kind: str = "Delete", **condition: Json) -> Json:
    """Return a rule of the life of objects."""
    return {"action": {"type": kind}, "condition": condition}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (rule(age=365), [("objects", "P365D")]),
        (
            rule(age=30, matchesPrefix=["tmp/", "log/"]),
            [
                ("objects below tmp/", "P30D"),
                ("objects below log/", "P30D"),
            ],
        ),
        (rule(age=0), [("objects", "P0D")]),
        (rule(age=30, isLive=True), [("objects", "P30D")]),
        (rule(age=30, matchesPrefix=["ada@planted.net/"]), [("objects below */", "P30D")]),
        (rule(age=30, isLive=False), []),
        (rule(age=30, matchesPrefix=["tmp/"], numNewerVersions=1), []),
        (rule(age=30, matchesSuffix=[".tmp"]), []),
        (rule("SetStorageClass", age=30), []),
        (rule(createdBefore="2020-01-01"), []),
    ],
)
def test_rules_that_bound_the_age(made: Json, expected: list[tuple[str, str]]) -> None:
    """With a further condition some objects escape, so that nothing is promised."""
    whats = ("how long objects are kept",)
    found = settings(seen(whats=whats, lifecycle={"rule": [made]}))
    assert [(one.of, one.period) for one in found if one.effect == "deletes_after"] == expected


@pytest.mark.parametrize(
    "made", [rule(age=-1), rule(age=10**9), rule("Melt", age=1)], ids=["past", "far", "unknown"]
)
def test_a_rule_that_is_not_understood(made: Json) -> None:
    """It is a gap, and not no rule."""
    parts = seen(whats=("how long objects are kept",), lifecycle={"rule": [made]})
    assert [gap.reason for gap in gaps(parts)] == [Reason.NOT_VERIFIED]
    assert not settings(parts)


def test_who_reads_is_logged() -> None:
    """With their IP addresses, in another bucket."""
    log: Json = {"logBucket": "logs-of-ours", "logObjectPrefix": "x"}
    (one,) = settings(seen(whats=("how long objects are kept",), logging=log))
    assert (one.effect, one.category, one.value) == (
        "collects",
        "user.device.ip_address",
        "logs-of-ours",
    )


@pytest.mark.parametrize(
    ("bucket", "of", "period"),
    [
        ({"softDeletePolicy": {"retentionDurationSeconds": "604801"}}, "deleted objects", "P8D"),
        ({"versioning": {"enabled": True}}, "old versions", ""),
        (
            {
                "versioning": {"enabled": True},
                "lifecycle": {"rule": [rule(daysSinceNoncurrentTime=14)]},
            },
            "old versions",
            "P14D",
        ),
        (
            {"versioning": {"enabled": True}, "lifecycle": {"rule": [rule(age=90, isLive=False)]}},
            "old versions",
            "P90D",
        ),
        (
            {
                "versioning": {"enabled": True},
                "lifecycle": {"rule": [rule(daysSinceNoncurrentTime=14, numNewerVersions=3)]},
            },
            "old versions",
            "",
        ),
        (
            {"versioning": {"enabled": True}, "lifecycle": {"rule": [rule(numNewerVersions=3)]}},
            "old versions",
            "",
        ),
        (
            {"retentionPolicy": {"retentionPeriod": "86400"}},
            "objects, which nobody can delete before",
            "P1D",
        ),
    ],
)
def test_what_outlives_deletion(bucket: dict[str, Json], of: str, period: str) -> None:
    """A least time that objects are kept is no longest one."""
    found = settings(seen(whats=("how long objects are kept",), **bucket))
    assert [(one.effect, one.of, one.period) for one in found] == [
        ("outlives_deletion", of, period)
    ]


def test_who_can_read() -> None:
    """Anybody, by a role; nobody, where that is prevented; and single objects unseen."""
    whats = ("who can read",)
    anybody: Json = {"bindings": [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]}
    (one,) = settings(seen(whats=whats, iam=anybody))
    assert (one.effect, one.value) == ("exposes", "allUsers")
    prevented: Json = {"publicAccessPrevention": "enforced"}
    assert not seen(whats=whats, iam=anybody, iamConfiguration=prevented)
    (gap,) = gaps(seen(whats=whats, iamConfiguration={}))
    assert gap.reason is Reason.NOT_VERIFIED


def test_refusals() -> None:
    """A missing permission is a gap of its question, the others are answered."""
    held: dict[str, Json] = {BUCKET: {}, OBJECTS: {"items": [stored("a")]}}
    fake = Fake(DOCUMENT, held, scopes=SCOPES, says=[Said(f"{BUCKET}?", 403)])
    parts = seen_by(CLOUD_STORAGE, fake, ACCOUNT)
    assert {gap.reason for gap in gaps(parts)} == {Reason.FORBIDDEN}
    assert "objects" in tables(parts)
    nameless = Account(id="files", connector="cloud_storage")
    parts = seen_by(CLOUD_STORAGE, Fake(DOCUMENT, held, scopes=SCOPES), nameless)
    assert {gap.reason for gap in gaps(parts)} == {Reason.UNDECIDED}


@pytest.mark.parametrize(
    ("deleted", "more"),
    [
        (["users/u77/z.png"], []),
        (["users/u7/z.png"], [Trace(place="deleted objects", number=1)]),
    ],
)
def test_a_person_is_found_by_the_folders(deleted: list[str], more: list[Trace]) -> None:
    """As a part of a path, not as a piece of a longer one."""
    names = ["users/u7/a.png", "users/u77/a.png", "avatars/u7.jpg", "u7"]
    old = stored("users/u7/old.png", timeDeleted="2020-01-01T00:00:00Z")
    items = [*(stored(name) for name in names), old]
    held: dict[str, Json] = {
        f"{OBJECTS}?versions=true": {"items": items},
        f"{OBJECTS}?softDeleted=true": {"items": [stored(name) for name in deleted]},
    }
    assert CLOUD_STORAGE.find
    with Fake(DOCUMENT, held, scopes=SCOPES) as fake:
        asking = asking_of(CLOUD_STORAGE, fake.base, ACCOUNT)
        found = list(CLOUD_STORAGE.find(asking, Wanted(keys={"id": "U7"})))
    kept = [Trace(place="objects", number=3), Trace(place="old versions", number=1)]
    assert found == kept + more
    assert len(fake.asked) == 2


def test_a_narrower_token_cannot_see_who_reads() -> None:
    """A ready access token may only list: that question is a gap, the others are answered."""
    held: dict[str, Json] = {BUCKET: {}, OBJECTS: {"items": []}, IAM: {}}
    narrow = ("https://www.googleapis.com/auth/devstorage.read_only",)
    parts = seen_by(CLOUD_STORAGE, Fake(DOCUMENT, held, scopes=narrow), ACCOUNT)
    assert [(gap.what, gap.reason) for gap in gaps(parts)] == [
        ("who can read", Reason.FORBIDDEN),
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of gcp-storage-emulator with a bucket `example`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = "from gcp_storage_emulator.__main__ import main; main()"
    arguments = ["start", "--host=127.0.0.1", f"--port={port}", "--in-memory"]
    with subprocess.Popen(  # noqa: S603 -- our own words
        [sys.executable, "-c", script, *arguments, "--default-bucket=example"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        base = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                requests.get(f"{base}{BUCKET}", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield base
        process.terminate()


def test_a_server_that_keeps_objects(server: str) -> None:
    """What was really put there is counted, by the day on which it was."""
    for name in ("users/u7/a.txt", "users/u8/b.txt"):
        place = f"{server}/upload/storage/v1/b/example/o"
        asked = {"uploadType": "media", "name": name}
        requests.post(place, params=asked, data=b"planted", timeout=5).raise_for_status()
    asking = asking_of(CLOUD_STORAGE, server, ACCOUNT)
    parts = ask(asking, [CLOUD_STORAGE.questions[0]])
    table = tables(parts)["objects"]
    assert (table.rows, sum(table.ages[0].days.values())) == (2, 2)
    assert max(table.ages[0].days) <= datetime.now(UTC).date()
    assert not gaps(parts)
