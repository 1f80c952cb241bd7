"""The ledger of runs: nothing in it changes unseen, nothing is lost silently."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.discovery import discover, scopes_by_id
from auditor.errors import AuditError
from auditor.evidence import Evidence, Tool
from auditor.example import cookie
from auditor.history import Ledger, Run, Storage, append, read_ledger, storage_at
from auditor.policy_file import load_policy
from auditor.run import Options, Seen, report_on

Audit = Callable[..., subprocess.CompletedProcess[str]]
Keep = Callable[..., None]
DAYS = ("2026-07-01", "2026-07-08", "2026-07-15")


@pytest.fixture
def keep(audit: Audit, see: Callable[..., Path]) -> Keep:
    """Return what appends a run to `kept`, as of each day."""
    see(cookie("theme"))

    def run(*days: str, place: str = "kept") -> None:
        for day in days:
            done = audit("check", "evidence.json", "--as-of", day, "--history", place)
            assert done.returncode in {1, 3}, done.stderr
            assert f"of {place}, seal " in done.stderr

    return run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a ledger of three runs."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "policy.yaml"
    path.write_text("version: 1\ncontroller: {name: X}\n")
    checks = discover()
    policy = load_policy(path, scopes_by_id(checks))
    seen = Evidence(tool=Tool(name="test", version="1"))
    storage = storage_at(str(folder / "kept"))
    for day in DAYS:
        options = Options(as_of=date.fromisoformat(day))
        report = report_on(policy, checks, Seen(evidence=seen, files=()), options)
        append(storage, Run(report=report, policy=policy, seen=seen))
    return {name: storage.read(name) for name in storage.names()}


class Held:
    """A storage in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = dict(files)

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes:
        return self.files[name]

    def create(self, name: str, data: bytes) -> bool:
        return self.files.setdefault(name, data) is data


def read(files: dict[str, bytes]) -> Ledger:
    """Read a ledger of these files."""
    storage: Storage = Held(files)
    return read_ledger(storage)


def test_runs_are_listed(audit: Audit, keep: Keep) -> None:
    """In their order, with what came of them."""
    keep(*DAYS)
    told = audit("history", "kept")
    assert told.returncode == 0, told.stderr
    assert [line.split()[:3] for line in told.stdout.splitlines()[2:5]] == [
        [str(number), day, "fail"] for number, day in enumerate(DAYS, 1)
    ]
    assert "3 runs; every byte is as it was written" in told.stdout
    same = audit("history", "--history", "kept")
    assert (same.stderr, same.stdout) == (told.stderr, told.stdout)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_changed_byte_is_named(whole: dict[str, bytes], data: st.DataObject) -> None:
    """Wherever it is: the fault says in which file."""
    name = data.draw(st.sampled_from(sorted(whole)))
    place = data.draw(st.integers(0, len(whole[name]) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bytearray(whole[name])
    changed[place] ^= 1 << bit
    ledger = read({**whole, name: bytes(changed)})
    assert not ledger.holds
    assert any(fault.file == name for fault in ledger.faults)


def test_what_is_missing_is_named(whole: dict[str, bytes]) -> None:
    """An entry, or what one speaks of."""
    assert read(whole).holds
    for name in whole:
        left = {key: value for key, value in whole.items() if key != name}
        if name != "000003.json":  # cut off at the end: only who kept the last seal can tell
            assert not read_without(left).holds, name


def read_without(files: dict[str, bytes]) -> Ledger:
    """Read a ledger some of whose files are gone."""

    class Gone(Held):
        def read(self, name: str) -> bytes:
            if name not in self.files:
                raise AuditError(f"{name}: no such file")
            return self.files[name]

    return read_ledger(Gone(files))


def test_entries_cannot_be_put_in_another_place(whole: dict[str, bytes]) -> None:
    """Their numbers and seals say where they belong."""
    swapped = {**whole, "000001.json": whole["000002.json"], "000002.json": whole["000001.json"]}
    assert not read(swapped).holds
    assert not read({**whole, "000004.json": whole["000003.json"]}).holds


def test_nothing_is_appended_to_a_broken_end(audit: Audit, folder: Path, keep: Keep) -> None:
    """The run says so, and the ledger stays as it is."""
    keep(*DAYS[:2])
    last = folder / "kept" / "000002.json"
    last.write_bytes(last.read_bytes().replace(b"fail", b"pass"))
    done = audit("check", "evidence.json", "--history", "kept")
    assert (done.returncode, "its seal is of other words" in done.stderr) == (4, True)
    told = audit("history", "kept")
    assert (told.returncode, "BROKEN  000002.json: was changed" in told.stdout) == (1, True)
    assert not (folder / "kept" / "000003.json").exists()


def test_nothing_is_appended_beside_what_was_changed(
    audit: Audit, folder: Path, keep: Keep
) -> None:
    """A policy that is there under its digest, and is another now."""
    keep(*DAYS[:1])
    entry = json.loads((folder / "kept" / "000001.json").read_bytes())
    (folder / "kept" / entry["policy"]).write_bytes(b"version: 1")
    done = audit("check", "evidence.json", "--as-of", DAYS[1], "--history", "kept")
    assert "was changed; nothing is appended" in done.stderr
    assert not (folder / "kept" / "000002.json").exists()


def test_what_was_begun_is_said(audit: Audit, folder: Path, keep: Keep) -> None:
    """A crash before the entry leaves content of which nobody speaks; the chain holds."""
    keep(DAYS[0])
    (folder / "kept" / ".unfinished-x").write_text("{")
    (folder / "kept" / ("0" * 64)).write_text("half")
    told = audit("history", "kept")
    assert told.returncode == 0
    assert "note  .unfinished-x: was begun and never finished" in told.stdout
    assert "no entry speaks of it" in told.stdout


def test_two_at_once(folder: Path, audit: Audit, keep: Keep) -> None:
    """Each gets its own number, and follows on the other."""
    at_once = [Thread(target=keep, args=(day,)) for day in DAYS]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    assert sorted(path.name for path in (folder / "kept").glob("*.json")) == [
        "000001.json",
        "000002.json",
        "000003.json",
    ]
    assert audit("history", "kept").returncode == 0


def test_in_a_bucket(whole: dict[str, bytes]) -> None:
    """By fsspec: the same files, and one that is there is not written over."""
    storage = storage_at(f"memory://ledger-{uuid4().hex}")
    assert storage.names() == []
    for name, data in whole.items():
        assert storage.create(name, data)
        assert not storage.create(name, b"other")
    assert read_ledger(storage).holds
    assert [page.entry.as_of.isoformat() for page in read_ledger(storage).pages] == [*DAYS]


def test_where_there_is_none(audit: Audit, folder: Path) -> None:
    """It is said, with what makes one."""
    told = audit("history", "nowhere")
    assert (told.returncode, "holds no run" in told.stderr) == (2, True)
    (folder / "some").mkdir()
    (folder / "some" / "readme.txt").write_text("x")
    told = audit("history", "some")
    assert (told.returncode, "holds no run" in told.stderr) == (2, True)
    (folder / "a-file").write_text("x")
    assert audit("history", "a-file").returncode == 2
