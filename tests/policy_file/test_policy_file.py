"""policy.yaml as a whole: what a complete file becomes, and where everything in it stands."""

import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from inline_snapshot import snapshot

from auditor.errors import PolicyError
from auditor.policy import Policy
from auditor.policy_file import load_policy, read_policy
from auditor.policy_file.strict_yaml import JSON, read_document
from auditor.vocabulary import CHECK_SCOPES

CONTRACT = Path(__file__).parent / "contract.yaml"
Accepted = Callable[[str], Policy]


def as_written(value: JSON, written: JSON) -> JSON:
    """Return the parts of a dumped policy that somebody wrote: no defaults, no places."""
    if isinstance(value, dict) and isinstance(written, dict):
        return {key: as_written(value.get(key), part) for key, part in written.items()}
    if isinstance(value, list) and isinstance(written, list):
        pairs = zip(value, written, strict=True)
        return [as_written(item, part) for item, part in pairs]
    return value


def test_contract() -> None:
    """The contract's example loads without a problem, and nothing in it is changed."""
    policy = load_policy(CONTRACT, CHECK_SCOPES)
    written = read_document(CONTRACT.read_bytes(), "contract.yaml").tree
    dumped = msgspec.to_builtins(policy)
    assert as_written(dumped, written) == written
    assert policy.origin.undecided == ()


def test_every_key_of_the_contract_is_kept() -> None:
    """Between them, the example's entries leave no section of the format out."""
    written = read_document(CONTRACT.read_bytes(), "contract.yaml").tree
    assert {*written} == {*Policy.__struct_fields__} - {"origin"}


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


def test_digest_and_name(accepted: Accepted) -> None:
    """A policy remembers the file that it was read from."""
    policy = accepted("")
    assert policy.origin.path == "policy.yaml"
    assert policy.origin.sha256 == snapshot(
        "7eb26f38ffa1efd9bd06bd6bd6a5b61d4ac0d3a9ef27fd6e0b1ba4a1b2ff2a1a"
    )


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
    with pytest.raises(PolicyError, match="bytes; at most"):
        load_policy(Path("/dev/zero"), ())


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every attempt to talk to anybody fail loudly."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("something tried to use the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


REMOTE = {
    '"$ref": http://localhost:9/a.json': "unknown key",
    '"$schema": http://localhost:9/a.json\n"$id": http://localhost:9/': "unknown key",
    'code: {"$ref": "http://localhost:9/"}': "unknown key",
    "sites: [{id: a, url: http://localhost:9/}]": "",
    "notices: [{id: a, url: http://localhost:9/}]": "",
    "processors: [{id: a, privacy_policy: http://localhost:9/}]": "",
}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(("text", "said"), REMOTE.items())
def test_nothing_is_ever_fetched(tmp_path: Path, text: str, said: str) -> None:
    """Whatever addresses a policy holds, reading it asks nobody for anything."""
    data = f"version: 1\ncontroller: {{name: a}}\n{text}".encode()
    try:
        read_policy(data, "policy.yaml", tmp_path, CHECK_SCOPES)
    except PolicyError as error:
        assert {problem.message[: len(said)] for problem in error.problems} == {said}
    else:
        assert not said
