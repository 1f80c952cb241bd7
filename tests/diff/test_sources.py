from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.diff import sources
from auditor.diff.sources import kind_of, source, working_tree
from auditor.errors import AuditError, CollectError, UsageError
from auditor.evidence import Evidence, Tool, encode
from auditor.testing import policy, site

Compare = Callable[..., tuple[str, str]]
EVIDENCE = encode(Evidence(tool=Tool(name="test", version="1"), sites=(site(),)))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (EVIDENCE, "evidence"),
        (b'{"schema": 1, "verdict": "pass"}', "report"),
        (b'{"version": 1}', "policy"),
        (b"version: 1", "policy"),
        (b"", "policy"),
        (b"\xff\xfe", "policy"),
        (b"[" * 100_000, "policy"),
    ],
)
def test_content_says_what_it_is(data: bytes, kind: str) -> None:
    """Not the name: a policy may be JSON, too."""
    assert kind_of(data, "x") == kind


def test_a_recording_is_no_evidence_yet() -> None:
    """It says how to make evidence of it."""
    with pytest.raises(UsageError, match=r"audit collect --evidence x\.har"):
        kind_of(b'{"log": {}}', "x.har")


def test_two_of_a_kind_are_wanted(
    tmp_path: Path, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And evidence is compared with what is named."""
    monkeypatch.chdir(tmp_path)
    Path("e.json").write_bytes(EVIDENCE)
    Path("policy.yaml").write_text("version: 1\ncontroller: {name: A}\n")
    with pytest.raises(UsageError, match=r"e\.json is evidence, policy\.yaml a policy"):
        compare("e.json", "policy.yaml")
    with pytest.raises(UsageError, match="name the one to compare it with"):
        compare("e.json")
    with pytest.raises(UsageError, match="are for two policies"):
        compare("e.json", "e.json", "--notice-changed")
    assert compare("policy.yaml")[0] == "pass"
    assert compare("e.json", "e.json")[0] == "pass"


def test_what_is_broken_is_named(
    tmp_path: Path, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind is read by its own reader, with its own words."""
    monkeypatch.chdir(tmp_path)
    Path("e.json").write_bytes(EVIDENCE.replace(b'"version":1', b'"version":9'))
    Path("r.json").write_text('{"verdict": "pass"}')
    with pytest.raises(CollectError, match="evidence of version 9"):
        compare("e.json", "e.json")
    with pytest.raises(AuditError, match=r"r\.json: not a report of this tool"):
        compare("r.json", "r.json")
    with pytest.raises(UsageError, match=r"nowhere\.yaml: there is no such file"):
        source("nowhere.yaml", Path("policy.yaml"))
    with pytest.raises(UsageError, match="--policy names another"):
        working_tree(Path("policy.yaml"))


def test_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is not read whole."""
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"x" * 2000)
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    with pytest.raises(CollectError, match="larger than"):
        source(str(path), path)


def test_what_lies_beside_is_read_only_if_it_is_a_file(tmp_path: Path) -> None:
    """A folder of a notice's name is no notice."""
    path = tmp_path / "policy.yaml"
    path.write_text(policy("").origin.text)
    (tmp_path / "privacy.md").mkdir()
    assert source(str(path), path).beside.read("privacy.md") is None
