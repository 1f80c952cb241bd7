"""Spark, really run: folders of Parquet and CSV, tables of a catalogue, and what goes wrong."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor import evidence
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, RefusedError
from auditor.evidence import Aspect, Evidence, Reason, Tool
from auditor.policy import AnchorField, Store
from auditor.testing import policy

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Open = Callable[..., Any]
Write = Callable[[Path, Any], None]
SECRETS = ("jo.doe@example.org", "hanna@example.org")
POLICY = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used}}
stores:
  - id: lake
    connector: sql
    url: "spark:///exports"
    tables:
      - name: users
        activities: [accounts]
        fields: {id: system.operations, mail: user.contact.email}
        anchors: {last_used: seen, consent_withdrawn: back}
        consent: {activity: accounts, given_at: given, audience: {field: news, equals: true}}
"""
USERS = """\
id,mail,seen,given,back,news
1,jo.doe@example.org,2024-01-01,2023-01-01,,true
2,hanna@example.org,,,,yes
3,,soon,2023-01-01,2024-01-01,1
4,,2025-01-01,,,no
"""


@pytest.fixture
def exports(tmp_path: Path, parquet: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a folder of exports, beside which is nothing else, and go there."""
    folder = tmp_path / "exports"
    (folder / "events").mkdir(parents=True)
    (folder / "users.csv").write_text(USERS)
    nested = ("STRUCT(ip VARCHAR, tags VARCHAR[])", [{"ip": "192.0.2.7", "tags": ["a"]}])
    for part in ("part-0", "part-1"):
        parquet(folder / "events", {part: {"at": ("TIMESTAMP", [None]), "who": nested}})
    (folder / "events/_SUCCESS").touch()
    (folder / "people.csv").write_text("jo.doe@example.org,12\n")
    (folder / "old.xlsx").write_bytes(b"PK")
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_folder_of_exports(
    on_spark: Open, exports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Counts, ages, consents and categories are seen, and what is no table; no value leaves."""
    del on_spark
    found_policy = policy(POLICY)
    looking = StoreLooking(folder=str(exports.parent))
    (seen,) = collect_stores(found_policy, found_policy.stores, looking)
    users = next(table for table in seen.tables if table.name == "users")
    (ages,) = users.ages
    assert ages.days == {date(2024, 1, 1): 1, date(2025, 1, 1): 1}
    assert (ages.rows, ages.undated, ages.unreadable) == (4, 1, 1)
    (consent,) = users.consents
    assert (consent.audience, consent.without, consent.withdrawn) == (3, 1, 1)
    found = {
        (table.name, field.name): [one.category for one in field.found]
        for table in seen.tables
        for field in table.fields
    }
    assert found["users", "mail"] == ["user.contact.email"]
    assert found["events", "who.ip"] == ["user.device.ip_address"]
    assert ("events", "who.tags[]") in found
    told = {gap.what for gap in seen.gaps}
    assert {"the file old.xlsx", "the file people.csv"} <= told
    text = evidence.encode(Evidence(tool=Tool(name="t", version="1"), stores=(seen,))).decode()
    said = text + "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret in said]
    assert sorted(path.name for path in exports.parent.iterdir()) == ["exports"]


def test_a_line_that_does_not_fit(
    on_spark: Open, exports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The table is not read without it, and nobody quotes it."""
    (exports / "users.csv").write_text(f"{USERS}5,secret@example.org\n")
    reader = on_spark(exports)
    tables = {table.name: table for table in reader.tables()}
    with pytest.raises(RefusedError) as refused:
        reader.sample(tables["users"], 10)
    assert refused.value.reason is Reason.NOT_VERIFIED
    when = AgesQuestion(table="users", anchor="created", columns=(AnchorField(field="seen"),))
    with pytest.raises(RefusedError):
        reader.ages(when)
    assert "secret" not in "".join((*capfd.readouterr(), str(refused.value)))


def test_tables_of_a_catalogue(on_spark: Open, exports: Path, tmp_path: Path) -> None:
    """A database of Spark's is read by its name; what the credential may change, nobody knows."""
    on_spark(exports)
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- an extra

    session = SparkSession.getActiveSession()
    assert session is not None
    session.sql(f"CREATE DATABASE shop LOCATION '{tmp_path / 'shop'}'")
    session.sql(
        "CREATE TABLE shop.orders USING parquet AS SELECT id, '2024-05-05' day FROM range(7)"
    )
    store = Store(id="s", connector="sql", url="spark://local/shop")
    reader = open_store(store, exports, {}, seconds=60)
    assert "orders" in {table.name for table in reader.tables()}
    when = AgesQuestion(table="orders", anchor="created", columns=(AnchorField(field="day"),))
    assert reader.ages(when).days == {date(2024, 5, 5): 7}
    with pytest.raises(RefusedError) as refused:
        reader.can_write()
    assert refused.value.reason is Reason.CANNOT_BE_SHOWN
    with pytest.raises(RefusedError, match="a database that Spark knows"):
        open_store(
            Store(id="s", connector="sql", url="spark://local/none"), exports, {}, seconds=9
        )


def test_what_takes_too_long_is_ended(on_spark: Open, parquet: Write, tmp_path: Path) -> None:
    """Spark is told to stop, and stops."""
    parquet(tmp_path, {"t": {"id": ("BIGINT", list(range(5)))}})
    reader = on_spark(tmp_path, seconds=2)
    reader.tables()
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- an extra

    session = SparkSession.getActiveSession()
    assert session is not None
    session.range(10**8).selectExpr(
        "id", "sha2(repeat(id, 300), 512) AS seen"
    ).createOrReplaceTempView("t")
    reader.tables()
    when = AgesQuestion(table="t", anchor="created", columns=(AnchorField(field="seen"),))
    with pytest.raises(RefusedError) as refused:
        reader.ages(when)
    assert refused.value.reason is Reason.TIMEOUT


def test_a_path_that_leads_out(exports: Path) -> None:
    """It is refused before Spark begins."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: make test-engines")
    for url in ("spark:///../", "spark:///exports/nothing"):
        with pytest.raises(RefusedError, match=r"a path in the folder|a folder at"):
            open_store(Store(id="s", connector="sql", url=url), exports.parent, {}, seconds=9)
    (exports / "link").symlink_to(exports.parent.parent)
    from auditor.collect.stores import spark  # noqa: PLC0415 -- an extra

    found, unread = spark._listed(exports.parent, "exports")
    assert "link" in unread
    assert "link" not in found


def test_aspects_of_what_is_missing(on_spark: Open, exports: Path) -> None:
    """A table that breaks leaves the others to be seen."""
    del on_spark
    (exports / "users.csv").write_text(f"{USERS}5\n")
    found_policy = policy(POLICY)
    (seen,) = collect_stores(
        found_policy, found_policy.stores, StoreLooking(folder=str(exports.parent))
    )
    missed = {aspect for gap in seen.gaps for aspect in gap.aspects}
    assert {Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS} <= missed
    assert next(table for table in seen.tables if table.name == "events").fields
