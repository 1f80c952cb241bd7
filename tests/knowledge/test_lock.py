"""audit.lock says which data are used: the same everywhere, or none."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec import structs

from auditor.errors import CollectError
from auditor.knowledge.lock import (
    Lock,
    Locked,
    consulted_by,
    keep,
    load,
    read_lock,
    write_lock,
)
from auditor.knowledge.open_data import Consulted, OpenData, Owner

DATA = OpenData(
    source="third-party-web",
    version="1.0",
    digest="sha256-x",
    licence="MIT",
    entries=1,
    owners=(Owner("Bee"),),
    below={"bee.example": 0},
)


def locked(compiled: str, **changes: object) -> Locked:
    """Return what a lock says of the data."""
    one = Locked(
        source="third-party-web",
        version="1.0",
        url="https://raw.example/x",
        digest="sha256-x",
        compiled=compiled,
        licence="MIT",
        retrieved_at="2026-01-15",
        entries=1,
    )
    return structs.replace(one, **changes)


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    """In the sources' order, a line for each fact: a pull request shows what changes."""
    first, second = locked("sha256:a"), locked("sha256:b", source="open-cookie-database")
    write_lock(tmp_path / "audit.lock", [second, first])
    assert read_lock(tmp_path / "audit.lock") == Lock(sources=(first, second))
    write_lock(tmp_path / "audit.lock", [first])
    assert (tmp_path / "audit.lock").read_text() == snapshot("""\
{
 "format": "policy-auditor lock",
 "version": 1,
 "sources": [
  {
   "source": "third-party-web",
   "version": "1.0",
   "url": "https://raw.example/x",
   "digest": "sha256-x",
   "compiled": "sha256:a",
   "licence": "MIT",
   "retrieved_at": "2026-01-15",
   "entries": 1
  }
 ]
}
""")


def test_no_lock_is_no_data(tmp_path: Path) -> None:
    """What lies in the cache is of no concern to a policy that does not name it."""
    keep(DATA, tmp_path)
    assert read_lock(tmp_path / "audit.lock") is None
    assert consulted_by(tmp_path, tmp_path) == (Consulted(), ())


def test_what_is_locked_is_used(tmp_path: Path) -> None:
    """The data, and the lock's own digest."""
    write_lock(tmp_path / "audit.lock", [locked(keep(DATA, tmp_path))])
    known, problems = consulted_by(tmp_path, tmp_path)
    assert (known.data, problems) == ((DATA,), ())
    assert known.lock.startswith("sha256:")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """Each source is asked for itself: one that lacks does not take the others away."""
    there = locked(keep(DATA, tmp_path))
    write_lock(tmp_path / "audit.lock", [there, locked("sha256:b", source="open-cookie-database")])
    known, problems = consulted_by(tmp_path, tmp_path)
    assert known.data == (DATA,)
    assert problems == ("open-cookie-database 1.0 is not in the cache; run `audit update-data`",)


def test_a_cache_that_somebody_changed_is_not_used(tmp_path: Path) -> None:
    """The cache may come from anywhere: only what has the digest is believed."""
    one = locked(keep(DATA, tmp_path))
    keep(structs.replace(DATA, owners=(Owner("Nobody"),)), tmp_path)
    with pytest.raises(CollectError, match=r"in the cache is not what audit\.lock names"):
        load(one, tmp_path)
    keep(DATA, tmp_path)
    assert load(one, tmp_path) == DATA


def test_data_of_another_version_are_made_anew(tmp_path: Path) -> None:
    """What an older version of audit compiled is not guessed at."""
    made = keep(structs.replace(DATA, owners=()), tmp_path)
    with pytest.raises(CollectError, match="made by another version of audit"):
        load(locked(made), tmp_path)


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    """An error that names the place."""
    (tmp_path / "third-party-web").write_text("a file")
    with pytest.raises(CollectError, match="third-party-web"):
        keep(DATA, tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": "1.0"', '"version": "../1"'),
        ('"version": "1.0"', '"version": ".."'),
        ('"version": "1.0"', '"version": "a/b"'),
        ('"source": "third-party-web"', '"source": "../other"'),
        ('"source": "third-party-web"', '"source": "other"'),
        ('"version": 1', '"version": 2'),
        ('"licence"', '"license"'),
        ("{", "["),
        ("{", "[" * 70_000),
    ],
    ids=range(9),
)
def test_a_lock_that_is_none(tmp_path: Path, old: str, new: str) -> None:
    """It is a file of others, too: what it names never leads out of the cache."""
    path = tmp_path / "audit.lock"
    write_lock(path, [locked("sha256:a")])
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(CollectError, match=r"audit\.lock"):
        read_lock(path)


def test_a_lock_that_cannot_be_read(tmp_path: Path) -> None:
    """An error, never "there is none"."""
    (tmp_path / "audit.lock").mkdir()
    with pytest.raises(CollectError, match=r"audit\.lock"):
        read_lock(tmp_path / "audit.lock")
