"""What a fleet audits, and how it is named."""

from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.fleet import Target, read_targets


def test_policies_folders_and_addresses(fleet: Path) -> None:
    """Each is named by what tells it apart; the same one counts once."""
    folder = str(fleet / "bakery")
    found = read_targets([folder, f"{folder}/policy.yaml", "https://x.org/de/", "http://x.org:81"])
    assert found == (
        Target(name="bakery", policy=f"{folder}/policy.yaml"),
        Target(name="x.org-de", url="https://x.org/de/"),
        Target(name="x.org-81", url="http://x.org:81"),
    )


def test_names_of_their_own(fleet: Path) -> None:
    """Two of one name are told apart, also where a file system does not mind the case."""
    (fleet / "north/Bakery").mkdir(parents=True)
    (fleet / "north/Bakery/policy.yaml").write_text("version: 1")
    found = read_targets([str(fleet / "bakery"), str(fleet / "north/Bakery")])
    assert [target.name for target in found] == ["bakery", "Bakery~2"]


def test_a_list(fleet: Path) -> None:
    """A file names a target a line, relative to itself; comments are passed over."""
    listed = fleet / "all.txt"
    listed.write_text("# ours\nbakery\n\nclub # at the lake\nhttps://x.org/#top\n")
    found = read_targets([], str(listed))
    assert [target.name for target in found] == ["bakery", "club", "x.org"]
    assert found[2].url == "https://x.org/#top"


@pytest.mark.parametrize(
    ("given", "listed", "message"),
    [
        ([], "", "a fleet of nothing"),
        (["nowhere"], "", "nowhere: neither a policy, nor a folder"),
        (["https:///x"], "", "an address without a host"),
        ([], "missing.txt", "--from missing.txt: No such file"),
    ],
)
def test_what_is_no_target(given: list[str], listed: str, message: str) -> None:
    """It is named, and nothing is audited."""
    with pytest.raises(UsageError, match=message):
        read_targets(given, listed)
