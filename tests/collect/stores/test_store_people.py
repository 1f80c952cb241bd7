"""Who is in a store is hashed where it is compared, and nowhere else."""

import sqlite3
from pathlib import Path

import pytest

from auditor.collect.people import VARIABLE
from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.evidence import Aspect, Reason, StoreEvidence
from auditor.policy import Policy
from auditor.testing import judge, policy
from auditor_checks.orphans import left_over

SECRETS = {VARIABLE: "a secret of enough letters"}
TEXT = """
stores:
  - id: app
    connector: sql
    url: sqlite:///app.db
    tables:
      - {name: users, subject_key: mail, fields: {mail: user.contact.email}}
      - name: copies
        subject_key: address
        fields: {address: user.contact.email}
        people_in: store:app/users
      - {name: others, subject_key: mail, fields: {mail: user.contact.email}}
"""


def look(promised: Policy, folder: Path, **secrets: str) -> StoreEvidence:
    """Return what is seen of the store in a folder."""
    (seen,) = collect_stores(
        promised, promised.stores, StoreLooking(folder=str(folder), secrets=secrets)
    )
    return seen


@pytest.fixture(autouse=True)
def database(tmp_path: Path) -> None:
    """Write an app.db whose copies hold somebody who is no user any more."""
    connection = sqlite3.connect(tmp_path / "app.db")
    connection.executescript(
        """
        create table users (mail); insert into users values ('ada@example.org'), (null), (' ');
        create table copies (address);
        insert into copies values ('Ada@Example.org '), ('bob@example.org');
        create table others (mail); insert into others values ('cy@example.org');
        """
    )
    connection.close()


def test_the_same_person_in_two_tables(tmp_path: Path) -> None:
    """Is known again in any spelling; who is in a table that nobody compares, is not hashed."""
    seen = look(policy(TEXT), tmp_path, **SECRETS)
    found = {table.name: table.subjects for table in seen.tables}
    assert found["others"] == ()
    (users,), (copies,) = found["users"], found["copies"]
    assert (users.field, copies.field) == ("email:mail", "email:address")
    assert set(users.hashes) < set(copies.hashes)
    assert "example.org" not in str(seen)
    (finding,) = judge(left_over, policy(TEXT), seen).findings
    assert finding.message.startswith("1 of 2 people in copies")


@pytest.mark.parametrize(
    ("text", "secrets", "reason"),
    [
        (TEXT, {}, Reason.NO_CREDENTIAL),
        (TEXT.replace("subject_key: mail, ", ""), SECRETS, Reason.UNDECIDED),
        (TEXT.replace("subject_key: mail", "subject_key: gone"), SECRETS, Reason.NOT_IN_EVIDENCE),
    ],
)
def test_what_cannot_be_hashed_is_a_gap(
    tmp_path: Path, text: str, secrets: dict[str, str], reason: Reason
) -> None:
    """No secret, no column, a column that is not there: and the check is no pass."""
    seen = look(policy(text), tmp_path, **secrets)
    assert reason in {gap.reason for gap in seen.gaps if gap.aspects == (Aspect.SUBJECTS,)}
    assert judge(left_over, policy(text), seen).outcome.value == "error"
