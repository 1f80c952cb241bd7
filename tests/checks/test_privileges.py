"""A credential that could write is itself told."""

import pytest
from inline_snapshot import snapshot

from auditor.evidence import Aspect, Gap, Reason
from auditor.findings import Result
from auditor.testing import judge, policy, store
from auditor_checks.privileges import credential_that_can_write

STORE = "stores: [{{id: app, connector: {}}}]"
SERVER = STORE.format("sql, url: 'postgresql://db.example.org/app'")


def run(text: str, *rights: str, gaps: tuple[Gap, ...] = ()) -> Result:
    """Judge a store whose credential has these rights."""
    return judge(credential_that_can_write, policy(text), store(can_write=rights, gaps=gaps))


def test_a_role_that_only_reads() -> None:
    """It has no right to change anything."""
    assert run(SERVER).outcome.value == "pass"


def test_a_role_that_could_write() -> None:
    """Some rights in the message, all of them where it was seen."""
    (found,) = run(SERVER, *(f"INSERT on t{n}" for n in range(7))).findings
    assert (found.object, found.severity.value) == ("credential:app", "medium")
    assert found.message == snapshot(
        "the credential for app could change data: INSERT on t0, INSERT on t1, INSERT on t2,"
        " INSERT on t3, INSERT on t4 and 2 more"
    )
    assert len(found.seen) == 7


@pytest.mark.parametrize(
    ("connector", "outcome"),
    [
        ("files, path: data", "not_applicable"),
        ("sql, url: 'sqlite:///app.db'", "not_applicable"),
        ("sql, url: 'duckdb:///app.duckdb'", "not_applicable"),
        ("sql, url: {env: DATABASE_URL}", "fail"),
        ("firestore, project: p", "fail"),
        ("sql", "fail"),
    ],
)
def test_the_permissions_of_a_file_do_not_count(connector: str, outcome: str) -> None:
    """A file is opened for reading; what an address in a variable is, nobody knows here."""
    assert run(STORE.format(connector), "INSERT").outcome.value == outcome


def test_rights_that_nobody_could_ask_for() -> None:
    """A server that does not say, is a gap."""
    gap = Gap(what="w", reason=Reason.FORBIDDEN, needs="n", aspects=(Aspect.PRIVILEGES,))
    assert run(SERVER, gaps=(gap,)).outcome.value == "error"
    assert judge(credential_that_can_write, policy(SERVER)).outcome.value == "error"
