"""Formats of plug-ins are found or refused."""

import sys
import textwrap
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from auditor.cli.arguments import EXPORT_LANGUAGES
from auditor.errors import DiscoveryError
from auditor.export import FORMATS, LANGUAGES, Wanted, formats
from auditor.export.registry import GROUP
from auditor.testing import policy

PLUGIN = """
    from auditor.export import Format
    MINE = Format(name="mine", what="w", media="text/plain",
                  render=lambda wanted: wanted.policy.controller.name)
"""


@pytest.fixture
def point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., EntryPoint]:
    """Return what writes a plug-in as a module and returns its entry point."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(source: str) -> EntryPoint:
        (tmp_path / "some_exports.py").write_text(textwrap.dedent(source))
        monkeypatch.delitem(sys.modules, "some_exports", raising=False)
        return EntryPoint(name="some", value="some_exports:MINE", group=GROUP)

    return write


def test_the_built_in_formats() -> None:
    """Each goes by its own name."""
    assert formats([]) == FORMATS
    assert all(name == one.name for name, one in FORMATS.items())


def test_a_plug_in_adds_a_format(point: Callable[..., EntryPoint]) -> None:
    """Its function is given the policy."""
    found = formats([point(PLUGIN)])
    assert [*found] == [*FORMATS, "mine"]
    assert found["mine"].render(Wanted(policy=policy(""))) == "Example"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("import no_such_module", "ModuleNotFoundError", id="import error"),
        pytest.param("raise SystemExit(0)", "SystemExit", id="ends the process"),
        pytest.param("MINE = (print,)", "builtin_function_or_method, no Format", id="no format"),
        pytest.param("MINE = None", "TypeError", id="not iterable"),
        pytest.param(PLUGIN.replace('"mine"', '"ropa-csv"'), "there twice", id="name taken"),
    ],
)
def test_a_broken_plug_in_ends_it(
    point: Callable[..., EntryPoint], source: str, words: str
) -> None:
    """Half a list would look like all of it."""
    with pytest.raises(DiscoveryError, match=words):
        formats([point(source)])


def test_the_languages_are_those_of_the_command_line() -> None:
    """They are written there, so that `--help` imports no format."""
    assert EXPORT_LANGUAGES == LANGUAGES
