"""MariaDB: what it has that others have not, and what of it a credential may not see."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pymysql
import pytest
from msgspec import structs

from auditor.collect.stores import mysql
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.collect.stores.mysql_address import arguments
from auditor.collect.stores.mysql_rights import granted
from auditor.collect.stores.opening import open_store
from auditor.collect.stores.reader import (
    AgesQuestion,
    ConsentQuestion,
    RefusedError,
    TableInfo,
)
from auditor.evidence import Ages, Aspect, Reason, StoreEvidence
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


def test_types_of_all_kinds(mariadb_server: Server) -> None:
    """What a type amounts to, and its values as text; what is binary is only counted."""
    store = mariadb_server(
        "CREATE TABLE t (u BIGINT UNSIGNED, e ENUM('a', 'b'), s SET('x', 'y'), y YEAR, k TIME,"
        " q TINYINT(1), w BIT(1), j JSON, b BLOB, v VARBINARY(5), n DECIMAL(40, 2),"
        " l LONGTEXT CHARACTER SET latin1, g VARCHAR(50) AS (CONCAT('x', l)) VIRTUAL)",
        "INSERT INTO t (u, e, s, y, k, q, w, j, b, v, n, l) VALUES (18446744073709551615, 'a',"
        " 'x,y', 2024, '10:00', 1, 1, '{\"a\": {\"b\": [\"c\"]}}', 'x', 'x', 1.50, 'J\u00f6rg')",
    )
    info = tables_of(store)["t"]
    assert {column.name: column.kind for column in info.columns} == {
        **dict.fromkeys("esjlg", "text"),  # to MariaDB, JSON is a text
        **dict.fromkeys("yk", "other"),
        **dict.fromkeys("qw", "boolean"),
        **dict.fromkeys("bv", "blob"),
        "u": "integer",
        "n": "real",
    }
    reader = open_store(store, Path(), {}, seconds=20)
    reader.tables()
    seen = {name: sample.values for name, sample in reader.sample(info, 5).items()}
    reader.close()
    assert seen["u"] == ("18446744073709551615",)
    assert seen["j.a.b[]"] == ("c",)
    assert (seen["l"], seen["g"], seen["b"]) == (("J\u00f6rg",), ("xJ\u00f6rg",), ())
    assert (seen["y"], seen["w"], seen["s"]) == (("2024",), ("1",), ("x,y",))


def test_dates_of_all_kinds(mariadb_server: Server) -> None:
    """Zeros and days that no calendar has are no dates, and are counted."""
    store = mariadb_server(
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
        "SET SESSION time_zone = '-08:00'",
        "CREATE TABLE t (d DATE NOT NULL, n DATETIME(6), z TIMESTAMP NULL, e BIGINT, k TIME)",
        "INSERT INTO t VALUES ('2024-05-05', '2024-05-05 00:30', '2024-05-05 01:30', 1714900000,"
        " '10:00'), ('0000-00-00', '0000-00-00', '0000-00-00', 9223372036854775807, '11:00'),"
        " ('2024-02-31', '2024-00-05', NULL, -9223372036854775808, '12:00')",
    )
    for name in "dnze":
        form = "epoch_s" if name == "e" else "iso"
        found = ages_of(store, AnchorField(field=name, format=form))
        assert found.days == {date(2024, 5, 5): 1}, name
        assert (found.undated, found.unreadable) == ((1, 1) if name == "z" else (0, 2)), name
    paris = ages_of(store, AnchorField(field="n", timezone="Europe/Paris"))
    assert paris.days == {date(2024, 5, 4): 1}
    assert ages_of(store, AnchorField(field="k")).unreadable == 3


def test_a_time_zone_that_the_server_does_not_know(mariadb_server: Server) -> None:
    """It is refused, where the server would take every date for none."""
    store = mariadb_server("CREATE TABLE t (n DATETIME)", rows=[("2024-05-05 00:30",)])
    with pytest.raises(RefusedError, match="mysql_tzinfo_to_sql"):
        ages_of(store, AnchorField(field="n", timezone="Asia/Tokyo"))


def test_records_that_hold_something_inside_json(mariadb_server: Server) -> None:
    """A path that leads to nothing, or to nulls, holds nothing."""
    store = mariadb_server(
        "CREATE TABLE t (d DATE, j JSON)",
        'INSERT INTO t VALUES (\'2024-01-01\', \'{"x": [{"y": null}, {"y": 1}]}\'),'
        " ('2024-01-02', '{\"x\": [{\"y\": null}]}'), ('2024-01-03', '{\"x\": 1}')",
    )
    when = AnchorField(field="d")
    assert list(ages_of(store, when, holding=["j.x[].y"]).days) == [date(2024, 1, 1)]
    assert len(ages_of(store, when, holding=["j.x"]).days) == 3


def test_an_audience_is_meant_as_it_is_written(mariadb_server: Server) -> None:
    """A server that takes YES for yes elsewhere does not do so here."""
    store = mariadb_server(
        "CREATE TABLE t (news VARCHAR(9), given DATETIME)",
        "INSERT INTO t VALUES ('yes', '2024-01-01'), ('YES', NULL), ('no', NULL)",
    )
    reader = open_store(store, Path(), {}, seconds=20)
    reader.tables()
    counts = []
    for value in ("yes", True):
        audience = Audience(field="news", equals=value)
        given = AnchorField(field="given")
        found = reader.consent(
            ConsentQuestion(table="t", activity="x", given_at=given, audience=audience)
        )
        counts.append((found.audience, found.without))
    reader.close()
    assert counts == [(1, 0), (2, 1)]


def test_all_databases_where_the_address_names_none(mariadb_server: Server) -> None:
    """Their tables are called `database.table`."""
    store = mariadb_server("CREATE TABLE t (id INT)")
    name = database_of(store)
    found = tables_of(structs.replace(store, url=str(store.url).removesuffix(name)))
    assert f"{name}.t" in found
    assert not [table for table in found if table.startswith(("mysql.", "sys."))]


def test_a_table_that_keeps_its_past(mariadb_server: Server) -> None:
    """What was deleted from a system-versioned table is still there, and not counted: a gap."""
    store = mariadb_server("CREATE TABLE t (d DATE, mail TEXT) WITH SYSTEM VERSIONING")
    gaps = {gap.what: gap for gap in looked_at(store).gaps}
    assert gaps["former rows of t"].reason is Reason.NOT_VERIFIED
    assert Aspect.AGES in gaps["former rows of t"].aspects


@pytest.fixture
def limited(mariadb_server: Server) -> Callable[..., Store]:
    """Return what makes a database, and a store of it for a new role; `{db}` is its name."""

    def make(*statements: str) -> Store:
        name = database_of(mariadb_server())
        role = f"r{name}"
        mariadb_server(
            f"CREATE USER {role}@'%' IDENTIFIED BY 'word'",
            *(text.format(db=name, role=role) for text in statements),
            database=name,
        )
        return mariadb_server(database=name, who=f"{role}:word")

    return make


TABLES = (
    "CREATE TABLE t (d DATE, mail TEXT, secret TEXT)",
    "INSERT INTO t VALUES ('2024-01-01', 'a@example.org', 'x')",
    "CREATE TABLE other (x TEXT)",
)


def test_tables_without_a_grant_are_a_gap(limited: Callable[..., Store]) -> None:
    """The server does not tell of them: so nobody knows whether there are any."""
    store = limited(*TABLES, "GRANT SELECT ON {db}.t TO {role}")
    found = looked_at(store)
    needs = f"GRANT SELECT ON `{database_of(store)}`.*"
    assert gaps_of(found) == {"tables without a grant": (Reason.FORBIDDEN, needs)}
    assert [table.name for table in found.tables] == ["t"]
    assert found.can_write == ()


def test_columns_without_a_grant_are_a_gap(limited: Callable[..., Store]) -> None:
    """What may be read is looked into; of what may not, the server does not even tell."""
    store = limited(*TABLES, "GRANT SELECT (mail), INSERT (d) ON {db}.t TO {role}")
    found = looked_at(store)
    place = f"`{database_of(store)}`.`t`"
    gaps = gaps_of(found)
    assert gaps["every column of t"][1].startswith(f"GRANT SELECT ON {place}")
    assert gaps["the ages of t by last_used"] == (
        Reason.FORBIDDEN,
        f"GRANT SELECT (`d`) ON {place}",
    )
    assert {field.name for field in found.tables[0].fields} == {"d", "mail"}
    assert found.can_write == (f"INSERT (some columns) on {database_of(store)}.t",)


def test_a_view_whose_definer_lacks_rights(limited: Callable[..., Store]) -> None:
    """It is there, and cannot be read."""
    store = limited(
        *TABLES,
        "CREATE USER IF NOT EXISTS gone@'%'",
        "GRANT ALL ON {db}.* TO gone@'%'",
        "CREATE DEFINER = gone@'%' SQL SECURITY DEFINER VIEW v AS SELECT mail FROM t",
        "REVOKE ALL ON {db}.* FROM gone@'%'",
        "GRANT SELECT ON {db}.* TO {role}",
    )
    assert gaps_of(looked_at(store))["the fields of v"][0] in {
        Reason.FORBIDDEN,
        Reason.NOT_VERIFIED,
    }


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ("GRANT SELECT, SHOW VIEW ON {db}.* TO {role}", ()),
        ("GRANT SELECT, INSERT, DELETE ON {db}.* TO {role}", ("INSERT, DELETE on {db}.*",)),
        ("GRANT SELECT ON {db}.* TO {role} WITH GRANT OPTION", ("GRANT OPTION on {db}.*",)),
        ("GRANT ALL ON {db}.* TO {role}", ("ALL PRIVILEGES on {db}.*",)),
    ],
)
def test_what_a_credential_could_change(
    limited: Callable[..., Store], grant: str, words: tuple[str, ...]
) -> None:
    """In the server's words, by what it was granted."""
    store = limited(*TABLES, grant)
    name = database_of(store)
    assert looked_at(store).can_write == tuple(word.format(db=name) for word in words)


def test_what_a_role_could_change(limited: Callable[..., Store]) -> None:
    """A credential may take on each role that it was given, and those given to these."""
    store = limited(
        *TABLES,
        "GRANT SELECT ON {db}.* TO {role}",
        "CREATE ROLE inner_{db}",
        "CREATE ROLE outer_{db}",
        "GRANT UPDATE ON {db}.t TO inner_{db}",
        "GRANT inner_{db} TO outer_{db}",
        "GRANT outer_{db} TO {role}",
    )
    assert looked_at(store).can_write == (f"UPDATE on {database_of(store)}.t",)


def test_grants_as_a_server_words_them() -> None:
    """Names with marks in them, patterns of databases, and what is on single columns."""
    said = [
        "GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*x'",
        "GRANT SELECT ON `a\\_b%`.* TO `a`@`%`",
        "GRANT SELECT (`x, INSERT`), UPDATE (`y`) ON `c``d`.`e.f` TO `a`@`%`",
        "GRANT SELECT ON `c``d`.`g` TO `a`@`%`",
        "GRANT PROXY ON ''@'%' TO 'a'@'%'",
    ]
    found = granted(lambda _statement: iter([(line,) for line in said]), is_maria=True)
    assert found.covers("a_bc")
    assert not found.covers("axbc")
    assert found.covers("c`d", "g")
    assert not found.covers("c`d", "e.f")
    assert found.writes == ("UPDATE (some columns) on c`d.e.f", "PROXY")


def test_a_table_that_is_locked(mariadb_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for, and says so."""
    monkeypatch.setattr(mysql, "LOCK", 1)
    store = mariadb_server("CREATE TABLE t (d DATE, mail TEXT)")
    where = arguments(str(store.url))
    with pymysql.connect(**where) as connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLES t WRITE")
        gaps = gaps_of(looked_at(store))
    assert gaps["the fields of t"][0] is Reason.TIMEOUT


@pytest.mark.parametrize(
    "address",
    [
        "mysql://a:hunter2@/d",
        "mysql://a:hunter2@h:hunter2/d",
        "mysql://a:hunter2@[h/d",
        "mysql://a:b@h/d?hunter2=1",
        "mysql://a:b@h/d?ssl_mode=hunter2",
    ],
)
def test_addresses_that_are_not_taken(address: str) -> None:
    """What is not understood is refused, since it may be about TLS; and it is not repeated."""
    with pytest.raises(RefusedError) as caught:
        arguments(address)
    assert "hunter2" not in caught.value.needs


def test_what_an_address_says() -> None:
    """Who, where, and how the line is secured."""
    found = arguments("mysql://a%40b:p%C3%A4%2F@h:1/d?sslmode=verify-identity&ssl-ca=/ca.pem")
    assert (found["user"], found["password"], found["port"]) == ("a@b", "p\u00e4/".encode(), 1)
    assert (found["ssl_ca"], found["ssl_verify_identity"]) == ("/ca.pem", True)
    assert arguments("mysql://h/d?ssl_ca=x")["ssl_verify_cert"] is True
    assert "ssl_disabled" not in arguments("mysql://h/d")
