"""Every column of fifteen made-up tables: what it holds is found, and nothing in the others."""

import importlib.util
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from auditor.collect.stores.profiling import profile_column
from auditor.collect.stores.reader import Column, Sample
from auditor.evidence import Found
from auditor.vocabulary import covers

_spec = importlib.util.spec_from_file_location(
    "labelled_tables", Path(__file__).with_name("labelled_tables.py")
)
assert _spec
assert _spec.loader
labelled = importlib.util.module_from_spec(_spec)  # a script too: it is in no package
_spec.loader.exec_module(labelled)
NONE, TABLES, values_of = labelled.NONE, labelled.TABLES, labelled.values_of

COLUMNS = [(t, c, label) for t, columns in TABLES.items() for c, (label, _) in columns.items()]
KNOWN_MISSED = {("zamestnanci", "zdravPojistovna")}  # codes of Czech health insurers


def profiled(table: str, header: str) -> tuple[Found, ...]:
    """Profile one made-up column as a sample."""
    values = values_of(table, header)
    sample = Sample(rows=5000, filled=5000, values=values)
    return profile_column(table, Column(name=header, type="text", kind="text"), sample)


@pytest.mark.parametrize(("table", "header", "label"), COLUMNS)
def test_each_column_is_told(table: str, header: str, label: str) -> None:
    """A column is said to hold what it holds, and one without personal data nothing."""
    found = [one.category for one in profiled(table, header)]
    if label == NONE or (table, header) in KNOWN_MISSED:
        assert found == []
    else:
        assert [c for c in found if not covers(label, c) and not covers(c, label)] == []
        assert found


def test_a_whole_profile() -> None:
    """The profile of a table, whole: the same each time, counts and shares, no value."""
    told = [
        f"{header}: {f.category} {f.detector or '-'} {f.hits}/{f.looked_at}"
        f" {f.low:.3f}-{f.high:.3f} {f.confidence}{' embedded' if f.embedded else ''}"
        for table in ("crm_contacts", "orders")
        for header in TABLES[table]
        for f in profiled(table, header)
    ]
    assert told == snapshot(
        [
            "GivenName: user.name.first given-name 120/120 0.969-1.000 high",
            "Surname: user.name.last - 120/120 0.969-1.000 high",
            "WorkEmailAddr: user.contact.email email 120/120 0.969-1.000 high",
            "MobilePhone1: user.contact.phone_number phone-international 71/120 0.502-0.675 high",
            "MailingStreet: user.contact.address.street street 120/120 0.969-1.000 high",
            "LastLoginIP: user.device.ip_address ipv4 120/120 0.969-1.000 high",
            "ship_to_address: user.contact.address street 120/120 0.969-1.000 high",
            "delivery_instructions: user.contact.email email 9/120 0.040-0.136 medium embedded",
        ]
    )
