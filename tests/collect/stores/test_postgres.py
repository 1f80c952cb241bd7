"""PostgreSQL: what it has that others have not, and what of it a role may not see."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import psycopg
import pytest
from msgspec import structs

from auditor.collect.stores import postgres
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import AgesQuestion, ConsentQuestion, TableInfo
from auditor.evidence import Ages, Aspect, ConsentCounted, Reason, StoreEvidence
from auditor.policy import AnchorField, Audience, Store
from auditor.testing import policy

Server = Callable[..., Store]
DECLARED = """
processing_activities:
  - {id: accounts, retention: {period: P12M, anchor: last_used}}
stores:
  - id: s
    connector: sql
    tables:
      - name: t
        activities: [accounts]
        fields: {mail: user.contact.email}
        anchors: {last_used: d}
"""


def tables_of(store: Store) -> dict[str, TableInfo]:
    """Return a store's tables by name."""
    reader = open_store(store, Path(), {}, seconds=20)
    found = {table.name: table for table in reader.tables()}
    reader.close()
    return found


def ages_of(store: Store, *fields: AnchorField, holding: Sequence[str] = ()) -> Ages:
    """Ask for the ages of `t`."""
    reader = open_store(store, Path(), {}, seconds=20)
    reader.tables()
    question = AgesQuestion(table="t", anchor="a", columns=fields, holding=tuple(holding))
    try:
        return reader.ages(question)
    finally:
        reader.close()


def looked_at(store: Store) -> StoreEvidence:
    """Collect evidence of it, with `t` declared."""
    said = policy(DECLARED)
    declared = structs.replace(said.stores[0], url=store.url)
    (found,) = collect_stores(said, [declared], StoreLooking(seconds=20))
    return found


def gaps_of(found: StoreEvidence) -> dict[str, tuple[Reason, str]]:
    """Return gaps by what they are about."""
    return {gap.what: (gap.reason, gap.needs) for gap in found.gaps}


def database_of(store: Store) -> str:
    """Return the database of a store."""
    return str(store.url).rpartition("/")[2]


def test_tables_of_every_kind_and_schema(postgres_server: Server) -> None:
    """Those outside `public` have their schema's name; a partition is part of its table."""
    store = postgres_server(
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.people (mail TEXT)",
        "CREATE TABLE t (id INT, at DATE) PARTITION BY RANGE (at)",
        "CREATE TABLE t_24 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE TABLE t_25 PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "INSERT INTO t VALUES (1, '2024-05-05'), (2, '2025-05-05')",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM t",
        "CREATE FOREIGN DATA WRAPPER none",
        "CREATE SERVER far FOREIGN DATA WRAPPER none",
        "CREATE FOREIGN TABLE f (x TEXT) SERVER far",
        "SELECT lo_create(0)",
    )
    found = tables_of(store)
    assert {name: table.kind for name, table in found.items()} == {
        "crm.people": "table",
        "f": "table",
        "m": "table",
        "t": "table",
        "v": "view",
    }
    assert ages_of(store, AnchorField(field="at")).rows == 2
    gaps = gaps_of(looked_at(store))
    assert gaps["the fields of f"][0] is Reason.NOT_VERIFIED
    assert gaps["large objects"][0] is Reason.NOT_VERIFIED


def test_types_of_all_kinds(postgres_server: Server) -> None:
    """What a type amounts to, below any domain, and its values as text."""
    store = postgres_server(
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE DOMAIN mail AS TEXT",
        "CREATE DOMAIN inner_mail AS mail",
        "CREATE TYPE place AS (city TEXT, zip TEXT)",
        "CREATE TABLE t (e mood, m inner_mail, p place, a TEXT[], i INET, u UUID, b BYTEA,"
        " j JSONB, n NUMERIC, c CHAR(3),"
        " g TEXT GENERATED ALWAYS AS ('x' || m) STORED, s INTERVAL, y BOOL)",
        "INSERT INTO t VALUES ('ok', 'a@example.org', ('Rome', '1'), '{x,y}', '10.1.2.3',"
        " '5b6de2a2-0000-4000-8000-000000000001', '\\x00', '{\"a\": {\"b\": [\"c\"]}}', 1.50,"
        " 'abc', DEFAULT, '1 day', true)",
    )
    info = tables_of(store)["t"]
    kinds = {column.name: column.kind for column in info.columns}
    assert kinds == {
        **dict.fromkeys("emcug", "text"),
        **dict.fromkeys("paj", "json"),
        **dict.fromkeys("is", "other"),
        "b": "blob",
        "n": "real",
        "y": "boolean",
    }
    reader = open_store(store, Path(), {}, seconds=20)
    reader.tables()
    seen = {name: sample.values for name, sample in reader.sample(info, 5).items()}
    reader.close()
    assert seen["p.city"] == ("Rome",)
    assert seen["a[]"] == ("x", "y")
    assert seen["j.a.b[]"] == ("c",)
    assert seen["i"] == ("10.1.2.3",)
    assert seen["g"] == ("xa@example.org",)


def test_dates_of_all_kinds(postgres_server: Server) -> None:
    """Infinity and years before Christ are no dates; times without a zone are the policy's."""
    store = postgres_server(
        "CREATE TABLE t (d DATE, n TIMESTAMP, z TIMESTAMPTZ, e BIGINT, r NUMERIC, k TIME)",
        "ALTER ROLE boss SET TimeZone = 'America/Los_Angeles'",
        "INSERT INTO t VALUES ('2024-05-05', '2024-05-05 00:30', '2024-05-05 23:30+00',"
        " 1714900000, 1714900000.5, '10:00'),"
        " ('infinity', '-infinity', 'infinity', 9223372036854775807, 'NaN', '11:00'),"
        " ('2024-05-05 BC', '2024-05-05 00:30 BC', '2024-05-05 BC', -9223372036854775808,"
        " 1e300, '12:00'), (NULL, NULL, NULL, NULL, NULL, NULL)",
    )
    for name in "dnz":
        found = ages_of(store, AnchorField(field=name))
        assert found.days == {date(2024, 5, 5): 1}, name
        assert (found.undated, found.unreadable) == (1, 2), name
    reader = open_store(store, Path(), {}, seconds=20)
    seen = reader.sample(next(iter(reader.tables())), 9)["z"].values
    reader.close()
    assert "2024-05-05 23:30:00+00" in seen
    paris = ages_of(store, AnchorField(field="n", timezone="Europe/Paris"))
    assert paris.days == {date(2024, 5, 4): 1}
    for name in "er":
        found = ages_of(store, AnchorField(field=name, format="epoch_s"))
        assert (found.days, found.undated, found.unreadable) == ({date(2024, 5, 5): 1}, 1, 2)
    assert ages_of(store, AnchorField(field="k")).unreadable == 3
    assert ages_of(store, AnchorField(field="d"), AnchorField(field="n")).undated == 1


def test_records_that_hold_something_inside_json(postgres_server: Server) -> None:
    """A path that leads to nothing, or to nulls, holds nothing."""
    store = postgres_server(
        "CREATE TABLE t (d DATE, j JSON, a TEXT[])",
        "INSERT INTO t VALUES ('2024-01-01', '{\"x\": [{\"y\": null}, {\"y\": 1}]}', '{}'),"
        " ('2024-01-02', '{\"x\": [{\"y\": null}]}', '{a}'), ('2024-01-03', '{\"x\": 1}', NULL)",
    )
    when = AnchorField(field="d")
    assert list(ages_of(store, when, holding=["j.x[].y"]).days) == [date(2024, 1, 1)]
    assert list(ages_of(store, when, holding=["a[]"]).days) == [date(2024, 1, 2)]


def test_consents_are_counted(postgres_server: Server) -> None:
    """Who is in the audience, and who of them has agreed and not taken it back."""
    store = postgres_server(
        "CREATE TABLE t (news TEXT, given TIMESTAMPTZ, back TIMESTAMPTZ)",
        "INSERT INTO t VALUES ('yes', '2024-01-01', NULL), ('yes', NULL, NULL),"
        " ('no', NULL, NULL), ('YES', '2024-01-01 10:00', '2024-01-01 11:00')",
    )
    reader = open_store(store, Path(), {}, seconds=20)
    reader.tables()
    yes, true = (Audience(field="news", equals=value) for value in ("yes", True))
    ask = ConsentQuestion(
        table="t", activity="news", given_at=AnchorField(field="given"), audience=yes
    )
    assert reader.consent(ask) == ConsentCounted(
        activity="news", audience=2, without=1, withdrawn=0
    )
    taken = AnchorField(field="back")
    found = reader.consent(structs.replace(ask, withdrawn_at=taken, audience=true))
    reader.close()
    assert (found.audience, found.without, found.withdrawn) == (3, 1, 1)


READER = "reader:word"


@pytest.fixture
def limited(postgres_server: Server) -> Callable[..., Store]:
    """Return what makes a database, and a store of it for a role that was granted little."""
    postgres_server(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN"
        " CREATE ROLE reader LOGIN PASSWORD 'word'; END IF; END $$",
        database="postgres",
    )

    def make(*statements: str) -> Store:
        store = postgres_server("REVOKE CREATE ON SCHEMA public FROM PUBLIC", *statements)
        return postgres_server(database=database_of(store), who=READER)

    return make


def test_what_a_role_may_not_read_is_a_gap(limited: Callable[..., Store]) -> None:
    """A table, a column, a schema: each gap says what to grant, and nothing is absent."""
    store = limited(
        "CREATE TABLE t (d DATE, mail TEXT, secret TEXT)",
        "INSERT INTO t VALUES ('2024-01-01', 'a@example.org', 'x')",
        "GRANT SELECT (mail) ON t TO reader",
        'CREATE TABLE "other""s" (x TEXT)',
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.people (x TEXT)",
        "GRANT SELECT ON crm.people TO reader",
        "CREATE VIEW v AS SELECT mail FROM t",
        "GRANT SELECT ON v TO reader",
    )
    found = looked_at(store)
    gaps = gaps_of(found)
    assert gaps["every column of t"] == (
        Reason.FORBIDDEN,
        'GRANT SELECT ON "public"."t" TO "reader"',
    )
    assert gaps["the ages of t by last_used"] == (
        Reason.FORBIDDEN,
        'GRANT SELECT ("d") ON "public"."t" TO "reader"',
    )
    assert gaps['every column of other"s'][1] == (
        'GRANT SELECT ON "public"."other""s" TO "reader"'
    )
    assert gaps["every column of crm.people"][1] == 'GRANT USAGE ON SCHEMA "crm" TO "reader"'
    seen = {table.name: [field.name for field in table.fields] for table in found.tables}
    assert sorted(seen["t"]) == ["d", "mail", "secret"]
    assert {"crm.people", 'other"s', "v"} <= seen.keys()
    assert found.can_write == ()


def test_the_role_that_the_documentation_makes(
    postgres_server: Server, limited: Callable[..., Store]
) -> None:
    """It may read everything, and nothing else."""
    store = limited(
        "CREATE TABLE t (d DATE, mail TEXT)",
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.people (x TEXT)",
        "GRANT pg_read_all_data TO reader",
    )
    found = looked_at(store)
    postgres_server("REVOKE pg_read_all_data FROM reader", database=database_of(store))
    assert (found.gaps, found.can_write) == ((), ())
    assert [table.name for table in found.tables] == ["crm.people", "t"]


def test_rows_that_are_hidden_are_a_gap(limited: Callable[..., Store]) -> None:
    """Row-level security shows a role some rows; so does a view of them for who asks."""
    store = limited(
        "CREATE TABLE t (d DATE, mail TEXT)",
        "INSERT INTO t VALUES ('2024-01-01', 'a@example.org'), ('2020-01-01', 'b@example.org')",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY part ON t USING (d > '2023-01-01')",
        "CREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM t",
        "CREATE VIEW all_of_it AS SELECT * FROM t",
        "GRANT SELECT ON t, v, all_of_it TO reader",
    )
    found = looked_at(store)
    gaps = {gap.what: gap for gap in found.gaps}
    assert {what for what in gaps if what.startswith("every row")} == {
        "every row of t",
        "every row of v",
    }
    assert gaps["every row of t"].reason is Reason.FORBIDDEN
    assert 'ALTER ROLE "reader" BYPASSRLS' in gaps["every row of t"].needs
    assert set(gaps["every row of t"].aspects) == {Aspect.FIELDS, Aspect.AGES, Aspect.CONSENTS}
    assert {table.name: table.rows for table in found.tables} == {"t": 1, "v": 1, "all_of_it": 2}


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ("GRANT INSERT, DELETE ON t TO reader", ("DELETE, INSERT on t",)),
        ("GRANT UPDATE (mail) ON t TO reader", ("UPDATE on t",)),
        ("GRANT TRUNCATE ON crm.x TO reader", ("TRUNCATE on crm.x",)),
        ("GRANT CREATE ON SCHEMA crm TO reader", ("CREATE on schema crm",)),
        ("ALTER TABLE t OWNER TO reader", ("owner of t",)),
        ("GRANT INSERT ON t TO PUBLIC", ("INSERT on t",)),
    ],
)
def test_what_a_role_could_change(
    limited: Callable[..., Store], grant: str, words: tuple[str, ...]
) -> None:
    """By a grant of a table, a column or a schema, to the role or to everybody, or as an owner."""
    store = limited(
        "CREATE TABLE t (d DATE, mail TEXT)",
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.x (y INT)",
        grant,
    )
    assert looked_at(store).can_write == words


def test_what_a_role_could_become(postgres_server: Server, limited: Callable[..., Store]) -> None:
    """A member of a role may take it on, even if it inherits nothing."""
    store = limited("CREATE TABLE t (d DATE, mail TEXT)")
    postgres_server(
        "CREATE ROLE writers NOINHERIT",
        "GRANT INSERT ON t TO writers",
        "GRANT writers TO reader",
        "ALTER ROLE reader NOINHERIT",
        database=database_of(store),
    )
    assert looked_at(store).can_write == ("INSERT on t",)
    postgres_server("GRANT pg_write_all_data TO writers", database=database_of(store))
    assert "member of pg_write_all_data" in looked_at(store).can_write
    postgres_server("DROP OWNED BY writers", "DROP ROLE writers", database=database_of(store))
    assert looked_at(store).can_write == ()
    superuser = postgres_server(database=database_of(store))
    assert looked_at(superuser).can_write == ("superuser: boss",)


def test_texts_in_no_encoding(postgres_server: Server) -> None:
    """A database that does not say how its texts are encoded: they are looked into as they are."""
    postgres_server(
        "DROP DATABASE IF EXISTS plain",
        "CREATE DATABASE plain ENCODING 'SQL_ASCII' TEMPLATE template0",
        database="postgres",
    )
    store = postgres_server(
        "CREATE TABLE t (d DATE, mail TEXT)",
        "INSERT INTO t VALUES ('2024-01-01', 'a@example.org')",
        database="plain",
    )
    postgres_server("INSERT INTO t VALUES ('2024-01-01', E'\\xe9@example.org')", database="plain")
    found = looked_at(store)
    assert (found.gaps, found.tables[0].fields[1].looked_at) == ((), 2)


def test_a_table_that_is_locked(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for, and says so."""
    monkeypatch.setattr(postgres, "LOCK", 1)
    store = postgres_server("CREATE TABLE t (d DATE, mail TEXT)")
    with psycopg.connect(str(store.url)) as connection:
        connection.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        gaps = gaps_of(looked_at(store))
    assert gaps["the fields of t"] == (
        Reason.TIMEOUT,
        "a table that nobody holds locked for long",
    )
