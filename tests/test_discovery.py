"""Packs are found or refused: one that is silently missing would turn its checks green."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from auditor.discovery import GROUP, discover, scopes_by_id
from auditor.errors import DiscoveryError
from auditor.vocabulary import CHECK_SCOPES

CHECK = """
    from auditor.check import Example, check
    from auditor.evidence import SiteEvidence

    @check("{id}", title="t", needs=SiteEvidence, references=[],
           passing=Example(policy=""), failing=Example(policy=""))
    def found(policy, site):
        '''Do something about it.'''
        return ()
"""
ACME = CHECK.format(id="acme-check") + "    CHECKS = (found,)\n"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., EntryPoint]:
    """Return what writes a pack as a module and returns its entry point."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(source: str, name: str = "acme_pack", attribute: str = ":CHECKS") -> EntryPoint:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        monkeypatch.delitem(sys.modules, name, raising=False)
        return EntryPoint(name=name, value=f"{name}{attribute}", group=GROUP)

    return write


def test_the_built_in_checks_are_found() -> None:
    """Those of the installed distribution, sorted by id."""
    ids = [check.id for check in discover()]
    assert "cookie-undeclared" in ids
    assert ids == sorted(ids)


def test_packs_are_put_together(pack: Callable[..., EntryPoint]) -> None:
    """A tuple of checks, or a single one, from each pack."""
    one = pack(ACME)
    two = pack(CHECK.format(id="a-check"), name="other_pack", attribute=":found")
    assert [check.id for check in discover([one, two])] == ["a-check", "acme-check"]
    assert discover([one, two]) == discover([two, one])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("import no_such_module", "ModuleNotFoundError", id="import error"),
        pytest.param("def CHECKS(:", "SyntaxError", id="syntax error"),
        pytest.param("raise RuntimeError('not today')", "not today", id="raises"),
        pytest.param("raise SystemExit(0)", "SystemExit", id="ends the process"),
        pytest.param("OTHER = ()", "CHECKS", id="no such name"),
        pytest.param("CHECKS = None", "TypeError", id="not iterable"),
        pytest.param("CHECKS = 'text'", "holds a str, which is no check", id="text"),
        pytest.param("CHECKS = (print,)", "builtin_function_or_method", id="a function"),
        pytest.param(f"{CHECK.format(id='x')}    CHECKS = (found.find,)", "@check", id="plain"),
        pytest.param(CHECK.format(id="Bad Id"), "joined by `-`", id="bad id"),
        pytest.param("CHECKS = ()", "has no checks in it", id="nothing"),
        pytest.param(f"{CHECK.format(id='x')}    CHECKS = [found, found]", "twice", id="twice"),
        pytest.param(
            CHECK.format(id="x").replace("'''Do something about it.'''", "pass")
            + "    CHECKS = (found,)\n",
            "docstring",
            id="no advice",
        ),
    ],
)
def test_a_pack_that_cannot_be_used_is_named(
    pack: Callable[..., EntryPoint], source: str, words: str
) -> None:
    """Whatever is wrong with it, nothing is judged without it."""
    with pytest.raises(DiscoveryError) as caught:
        discover([pack(source)])
    assert "acme_pack" in str(caught.value)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 700


def test_an_id_in_two_packs_is_refused(pack: Callable[..., EntryPoint]) -> None:
    """Neither hides the other; both packs are named."""
    one, two = pack(ACME, name="one_pack"), pack(ACME, name="two_pack")
    with pytest.raises(
        DiscoveryError, match="acme-check is there twice, in one_pack and two_pack"
    ):
        discover([two, one])


def test_no_pack_at_all_is_refused() -> None:
    """A clone that was not installed has no checks, and cannot pass anything."""
    with pytest.raises(DiscoveryError, match="no checks are installed"):
        discover([])


def test_known_ids_are_the_contracts_and_the_packs(pack: Callable[..., EntryPoint]) -> None:
    """A waiver may name a check of a pack, or one that is not installed here."""
    known = scopes_by_id(discover([pack(ACME)]))
    assert known["acme-check"] == ("site",)
    assert set(CHECK_SCOPES) < set(known)


@pytest.mark.parametrize("source", ["raise SystemExit(0)", "CHECKS = ()"])
@pytest.mark.parametrize("arguments", [("list",), ("explain", "x"), ("check", "evidence.json")])
def test_the_command_does_not_start(
    tmp_path: Path, source: str, arguments: tuple[str, ...]
) -> None:
    """Exit code 2, nothing on standard output, and the pack by its name."""
    (tmp_path / "broken_pack.py").write_text(source)
    about = tmp_path / "broken-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\nbroken = broken_pack:CHECKS\n")
    done = subprocess.run(  # noqa: S603 -- our own command
        [Path(sys.executable).parent / "audit", *arguments],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "broken:broken" in done.stderr
    assert "\naudit: no" in done.stderr
    assert "Traceback" not in done.stderr
