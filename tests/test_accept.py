"""Declarations and waivers, written into policy.yaml with every other character kept."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from auditor.accept import (
    Addition,
    WaiverTerms,
    add,
    declaration,
    find,
    insert,
    read_report,
    waiver,
)
from auditor.discovery import discover
from auditor.errors import AuditError, UsageError
from auditor.example import cookie
from auditor.policy_file import read_policy
from auditor.policy_file.strict_yaml import read_document
from auditor.run import Options, look, report_on

ENTRY = Addition(section="processors", entry="- id: new\n  name: New")
HEAD = "version: 1\ncontroller: {name: X}\n"


def test_a_new_section_is_put_at_the_end() -> None:
    """A section that is not there yet is added below everything else."""
    assert insert(HEAD, ENTRY, "p") == snapshot("""\
version: 1
controller: {name: X}

processors:
  - id: new
    name: New
""")


def test_an_entry_joins_its_section_and_comments_stay() -> None:
    """Comments and blank lines stay where they were; those before the next section are its own."""
    text = (
        HEAD
        + """\
processors:  # who helps us
    - id: old   # since 2020
      name: Old

    # to be reviewed

# --- what we do ---
processing_activities: []
"""
    )
    assert insert(text, ENTRY, "p") == snapshot("""\
version: 1
controller: {name: X}
processors:  # who helps us
    - id: old   # since 2020
      name: Old

    # to be reviewed
    - id: new
      name: New

# --- what we do ---
processing_activities: []
""")


def test_a_list_that_is_not_indented() -> None:
    """The list's own indentation is followed."""
    text = HEAD + "processors:\n- id: old\nsites: []\n"
    assert insert(text, ENTRY, "p") == snapshot("""\
version: 1
controller: {name: X}
processors:
- id: old
- id: new
  name: New
sites: []
""")


@pytest.mark.parametrize("empty", ["processors: []\n", "processors: [  ] # none\n"])
def test_an_empty_list_becomes_a_list(empty: str) -> None:
    """`[]` gives way to the first entry."""
    text = insert(HEAD + empty + "sites: []\n", ENTRY, "p")
    assert read_document(text.encode(), "p").tree["processors"] == [{"id": "new", "name": "New"}]
    assert text.endswith("sites: []\n")


def test_a_list_in_one_line_is_left_to_a_person() -> None:
    """What cannot be edited safely is refused, with the entry to add by hand."""
    with pytest.raises(UsageError, match="written in one line"):
        insert(HEAD + "processors: [{id: old}]\n", ENTRY, "p")


def test_line_endings_are_kept() -> None:
    """A file from Windows stays one."""
    text = insert(HEAD.replace("\n", "\r\n"), ENTRY, "p")
    assert text.count("\r\n") == text.count("\n")


LINES = st.sampled_from(["# a comment", "", "security_measures: [locks]", "stores: []"])


@given(st.lists(LINES, unique=True), st.booleans())
def test_only_ever_adds(lines: list[str], end: bool) -> None:
    """Every old line is there in its order, and the entry is read back as it was meant."""
    text = HEAD + "\n".join(lines) + ("\n" if end else "")
    changed = insert(text, ENTRY, "p")
    remaining = iter(changed.splitlines())
    assert all(line in remaining for line in text.splitlines() if line)
    before, after = (read_document(t.encode(), "p").tree for t in (text, changed))
    assert after == {**before, "processors": [{"id": "new", "name": "New"}]}


@pytest.fixture
def report(folder: Path, see: Callable[..., Path]) -> Path:
    """Return the report of a run that found an undeclared cookie."""
    from auditor.report.json import render_json  # noqa: PLC0415

    policy = read_policy((folder / "policy.yaml").read_bytes(), "policy.yaml", folder, ())
    seen = look(policy, [str(see(cookie('a"b: #[x]')))], lambda _name, _done: None)
    path = folder / "report.json"
    path.write_text(render_json(report_on(policy, discover(), seen, Options())))
    return path


def test_a_declaration_leaves_decisions_open(folder: Path, report: Path) -> None:
    """What only people can decide is `TODO`: accepting is not the same as being green."""
    found = read_report(report)
    fingerprint = next(f.fingerprint for r in found.results for f in r.findings)
    _, finding = find(found, fingerprint[:8])
    made = declaration(finding)
    assert made.entry.count("TODO") >= 1
    (folder / "policy.yaml").write_text(
        (folder / "policy.yaml").read_text().replace("{banner: none}", "{banner: auto}")
    )
    add(folder / "policy.yaml", [made], ())
    data = (folder / "policy.yaml").read_bytes()
    policy = read_policy(data, "policy.yaml", folder, ())
    assert policy.device_storage[-1].identifier == 'a"b: #[x]'
    assert policy.origin.undecided


def test_a_waiver_is_dated_and_signed(folder: Path, report: Path) -> None:
    """Ninety days where no end is given; whatever was seen stays a value."""
    found = read_report(report)
    fingerprint = next(f.fingerprint for r in found.results for f in r.findings)
    terms = WaiverTerms(
        justification='"quotes": and # signs', owner="A", approved_by="B", created=date(2026, 1, 1)
    )
    add(folder / "policy.yaml", [waiver(*find(found, fingerprint), terms)], {"cookie-undeclared"})
    data = (folder / "policy.yaml").read_bytes()
    made = read_policy(data, "policy.yaml", folder, {"cookie-undeclared"}).waivers[0]
    assert (made.created, made.expires) == (date(2026, 1, 1), date(2026, 4, 1))
    assert made.justification == '"quotes": and # signs'
    assert made.object == 'cookie:a"b: #[x]@example.org'


def test_nothing_is_written_if_it_would_not_be_valid(folder: Path) -> None:
    """An addition that breaks the policy is refused, and the file is as it was."""
    before = (folder / "policy.yaml").read_bytes()
    with pytest.raises(UsageError, match="would not be valid"):
        add(folder / "policy.yaml", [Addition(section="processors", entry="- id: self")], ())
    assert (folder / "policy.yaml").read_bytes() == before


def test_a_report_that_is_none(tmp_path: Path) -> None:
    """Another file is refused with its name."""
    path = tmp_path / "x.json"
    path.write_text('{"verdict": 1}')
    with pytest.raises(AuditError, match="not a report"):
        read_report(path)
    with pytest.raises(AuditError, match="--format json"):
        read_report(tmp_path / "missing.json")


def test_a_fingerprint_must_fit_one_finding(report: Path) -> None:
    """Too short, unknown and ambiguous ones are refused."""
    found = read_report(report)
    for text in ("ab", "ffffffff"):
        with pytest.raises(UsageError):
            find(found, text)
