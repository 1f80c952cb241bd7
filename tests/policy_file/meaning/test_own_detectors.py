"""`detectors:`: what is known only here is tried when it is loaded, and found where it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditor.collect.stores.collecting import StoreLooking, collect_stores
from auditor.errors import PolicyError
from auditor.knowledge.columns import detectors
from auditor.testing import policy

MINE = """
detectors:
  - id: member-number
    category: user.unique_id
    pattern: "M-[0-9]{6}"
    headers: [Mitgliedsnummer, badge]
    examples: [M-123456, "see M-000001"]
    counter_examples: [M-12, XM-123456]
"""
STORES = """
stores:
  - {id: app, connector: sql, url: "sqlite:///app.db"}
"""


def faults(text: str) -> list[str]:
    """Return what is wrong with a policy, each with its place."""
    with pytest.raises(PolicyError) as raised:
        policy(text)
    return [str(one) for one in raised.value.problems]


def test_it_is_read() -> None:
    """A detector that keeps to the rules is part of the policy."""
    (own,) = policy(MINE).detectors
    assert (own.id, own.pattern) == ("member-number", "M-[0-9]{6}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"M-[0-9]{6}"', r'"\\bM"', "8:14: detectors[0].pattern: at 0: "),
        ('"M-[0-9]{6}"', '"M-[0-9]{6"', "8:14: detectors[0].pattern: at 7: '{6': write {3}"),
        (
            "[M-123456,",
            "[M-1,",
            '10:16: detectors[0].examples[0]: the pattern does not find "M-1"',
        ),
        ("[M-12,", "[M-654321,", "11:24: detectors[0].counter_examples[0]: the pattern finds"),
        ("member-number", "email", '6:9: detectors[0].id: a detector is called "email" already'),
        (
            "    counter_examples: [M-12, XM-123456]\n",
            "",
            "6:5: detectors[0]: counter_examples is missing",
        ),
        (
            "    headers",
            "    validator: stdnum.nothing\n    headers",
            "9:16: detectors[0].validator: there is no validator",
        ),
        ("user.unique_id", "user.shoe", '7:15: detectors[0].category: "user.shoe" is not known'),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, says: str) -> None:
    """The place is that of the value, and the message says what to write instead."""
    (told,) = faults(MINE.replace(old, new))
    assert f"policy.yaml:{says}" in told


def test_two_of_one_name() -> None:
    """Names that differ in their signs alone would be one."""
    again = MINE.partition("detectors:\n")[2].replace("member-number", "Member_Number")
    (told,) = faults(MINE + again)
    assert 'detectors[1].id: a detector is called "Member_Number" already' in told


def test_what_is_undecided_is_no_fault() -> None:
    """A draft loads."""
    assert policy(MINE.replace('"M-[0-9]{6}"', "TODO")).detectors[0].pattern == ""


@pytest.mark.parametrize("exhaustive", [False, True])
def test_it_is_found_in_a_store(tmp_path: Path, exhaustive: bool) -> None:
    """By its values, and by its header; afterwards nobody knows of it."""
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.execute("CREATE TABLE t (note TEXT, badge TEXT)")
        rows = [(f"asked by M-{n:06}", f"b{n}") for n in range(1_200)]
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    promised = policy(MINE + STORES)
    how = StoreLooking(folder=str(tmp_path), exhaustive=exhaustive)
    (seen,) = collect_stores(promised, promised.stores, how)
    found = {field.name: [one.category for one in field.found] for field in seen.tables[0].fields}
    assert found == {"note": ["user.unique_id"], "badge": ["user.unique_id"]}
    assert "member-number" not in [one.id for one in detectors()]
