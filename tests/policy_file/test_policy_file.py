"""policy.yaml as a whole: what a complete file becomes, and where everything in it stands."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from auditor.errors import PolicyError
from auditor.policy import Policy
from auditor.policy_file import load_policy, read_policy
from auditor.policy_file.strict_yaml import JSON, read_document
from auditor.vocabulary import CHECK_SCOPES

CONTRACT = Path(__file__).parent / "contract.yaml"
ADDED = {"detectors"}  # what the contract leaves us to add
Accepted = Callable[[str], Policy]


def test_contract(kept: Callable[[Policy, JSON], JSON]) -> None:
    """The contract's example loads without a problem, and nothing in it is changed."""
    policy = load_policy(CONTRACT, CHECK_SCOPES)
    written: JSON = read_document(CONTRACT.read_bytes(), "contract.yaml").tree
    assert kept(policy, written) == written
    assert policy.origin.undecided == ()


def test_every_key_of_the_contract_is_kept() -> None:
    """Between them, the example's entries leave no section of the format out."""
    written = read_document(CONTRACT.read_bytes(), "contract.yaml").tree
    assert {*written} == {*Policy.__struct_fields__} - {"origin", *ADDED}


def test_places(accepted: Accepted) -> None:
    """Sections, entries and their parts know where they begin, for findings to point at."""
    policy = accepted("""\
processors:
- id: stripe
  transfer:
    mechanism: sccs
stores:
- id: app
  connector: sql
  tables:
  - name: users
    fields:
      at: {category: user.name}
      fields: {category: user.contact}
""")
    processor, table = policy.processors[0], policy.stores[0].tables[0]
    assert policy.section("processors").line == 3
    assert policy.section("waivers").line == 1
    assert (processor.at.line, processor.at.column) == (4, 3)
    assert processor.transfer is not None
    assert (processor.transfer.at.line, processor.transfer.at.column) == (6, 5)
    places = [msgspec.to_builtins(field)["at"] for field in table.fields.values()]
    assert places == [{"line": 13, "column": 11}, {"line": 14, "column": 15}]


def test_digest_and_name(tmp_path: Path) -> None:
    """A policy remembers the file that it was read from, a byte order mark included."""
    data = b"\xef\xbb\xbfversion: 1\ncontroller: {name: Example}\n"
    policy = read_policy(data, "our/policy.yaml", tmp_path, ())
    assert policy.origin.path == "our/policy.yaml"
    assert policy.origin.sha256 == hashlib.sha256(data).hexdigest()


def test_no_file(tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are told in one line."""
    with pytest.raises(PolicyError) as missing:
        load_policy(tmp_path / "policy.yaml", ())
    assert str(missing.value).endswith(
        "policy.yaml:1:1: there is no such file; --policy names another"
    )
    with pytest.raises(PolicyError) as folder:
        load_policy(tmp_path, ())
    assert str(folder.value).startswith(f"{tmp_path}:1:1: ")


def test_endless_file() -> None:
    """A file that never ends is refused after the first megabyte."""
    with pytest.raises(PolicyError, match="larger than 1 MiB"):
        load_policy(Path("/dev/zero"), ())


ADDRESSES = """\
sites: [{id: a, url: http://localhost:9/}]
notices: [{id: a, url: http://localhost:9/}]
processors: [{id: a, privacy_policy: http://localhost:9/}]
"""
REFERENCES = """\
"$schema": http://localhost:9/a.json
"$ref": http://localhost:9/a.json
code: {"$ref": "http://localhost:9/"}
"""


@pytest.mark.usefixtures("no_network")
def test_nothing_is_ever_fetched(accepted: Accepted, refusal: Callable[[str], str]) -> None:
    """Whatever addresses a policy holds, reading it asks nobody for anything."""
    assert accepted(ADDRESSES).sites
    said = refusal(REFERENCES).splitlines()
    assert len(said) == 3
    assert all("unknown key" in line for line in said)
