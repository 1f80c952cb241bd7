"""The pages that are made from code are current, and nothing that can be typed is missing."""

import argparse
import importlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import auditor.cli
from auditor.cli import arguments
from auditor.discovery import discover
from auditor.evidence import Evidence, encode
from auditor.report import FORMATS, PAGES
from auditor.report.json import render_json
from auditor.run import TOOL, Options, Seen, report_on
from auditor.testing import cookie, policy, site

ROOT = Path(__file__).parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> dict[Path, str]:
    """Return what `make docs` would write."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    files: dict[Path, str] = importlib.import_module("generate").generated()
    return files


def test_generated_files_are_current(generated: dict[Path, str]) -> None:
    """Every generated file is the one that the code makes today; `make docs` mends it."""
    stale = [
        str(path.relative_to(ROOT))
        for path, text in generated.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == []


def test_every_check_has_its_page(generated: dict[Path, str]) -> None:
    """There is one page for each installed check, linked from the index, and no other."""
    pages = {f"{check.id}.md" for check in discover()}
    folder = ROOT / "docs" / "checks"
    assert {path.name for path in folder.iterdir()} == {*pages, "README.md"}
    index = generated[folder / "README.md"]
    assert {*re.findall(r"\]\(([^)]*)\)", index)} == pages


@pytest.mark.parametrize("name", ["policy.md", "vocabulary.md"])
def test_links_lead_somewhere(name: str) -> None:
    """Each link from a generated page to a heading finds it."""
    headings = {page: _headings(page) for page in ("policy.md", "vocabulary.md")}
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([a-z.]*)#([^)]*)\)", text)
    lost = [(page, anchor) for page, anchor in links if anchor not in headings[page or name]]
    assert lost == []


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=str)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    """Each link to a file of ours finds it."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_links_are_there() -> None:
    """The reference of policy.yaml does lead to its objects and to the vocabulary."""
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    assert "](#processors)" in text
    assert "](vocabulary.md#purpose)" in text


@pytest.mark.parametrize("name", ["policy", "report", "evidence"])
def test_schemas(name: str) -> None:
    """Each published schema is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(_schema(name))


def test_evidence_fits_its_schema() -> None:
    """What `audit collect` writes is what the published schema says."""
    seen = Evidence(tool=TOOL, sites=(site(cookie("_ga")),))
    Draft202012Validator(_schema("evidence")).validate(json.loads(encode(seen)))


def test_report_fits_its_schema() -> None:
    """What `--format json` writes is what the published schema says."""
    seen = Seen(evidence=Evidence(tool=TOOL, sites=(site(cookie("_ga")),)))
    report = report_on(policy(""), discover(), seen, Options(as_of=date(2026, 1, 15)))
    assert report.counts.findings
    Draft202012Validator(_schema("report")).validate(json.loads(render_json(report)))


def test_every_option_is_in_the_reference() -> None:
    """A command or an option that cannot be found in docs/cli.md is not finished."""
    parser, commands = arguments._parser()
    missing = [option for option in _options(parser) if f"{option}`" not in CLI.replace(" ", "`")]
    assert missing == []
    assert [name for name in sorted(commands) if f"## audit {name}\n" not in CLI] == []


def test_every_exit_code_is_in_the_reference() -> None:
    """Each exit code has its row."""
    names = "PASS FAIL NOT_STARTED INCOMPLETE INTERNAL INTERRUPTED TERMINATED".split()
    codes = [getattr(auditor.cli, name) for name in names]
    assert [code for code in codes if f"\n| {code} | " not in CLI] == []


def test_every_format_is_in_the_reference() -> None:
    """Each format of a report is named, and each can be asked for."""
    assert [name for name in (*FORMATS, *PAGES) if f"`{name}`" not in CLI] == []
    assert {*FORMATS, *PAGES} == {*arguments.FORMATS}


def _headings(name: str) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    titles = re.findall(
        r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def _schema(name: str) -> dict[str, object]:
    path = ROOT / "auditor" / "schema" / f"{name}.schema.json"
    schema: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield every long option of a parser and of its commands."""
    for action in parser._actions:
        yield from (option for option in action.option_strings if option.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _options(command)
