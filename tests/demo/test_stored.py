"""The demonstration's stores: made anew, alike each time, and found to be what they are."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from inline_snapshot import snapshot

from auditor.cli.arguments import parse
from auditor.demo import example_policy, example_stores
from auditor.demo.stored import promise, write_stores
from auditor.discovery import discover, scopes_by_id

TODAY = date(2026, 11, 22)


def rows(folder: Path) -> tuple[list[Any], list[Any]]:
    """Return what is in both stores."""
    write_stores(folder, TODAY)
    with closing(sqlite3.connect(folder / "volunteers.db")) as connection:
        volunteers = connection.execute("SELECT * FROM volunteers").fetchall()
    with duckdb.connect() as duck:
        requests = duck.read_parquet(str(folder / "export" / "*.parquet")).fetchall()
    return volunteers, requests


def test_they_are_alike_each_time(tmp_path: Path) -> None:
    """The same day gives the same people."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_every_other_line_keeps_its_number() -> None:
    """What is said of the site stands where it stands in policy.yaml."""
    shown = promise(example_policy(), scopes_by_id(discover()), section=example_stores())
    written = example_policy().read_text("utf-8").splitlines()
    read = shown.origin.text.splitlines()
    other = [number for number, line in enumerate(written) if line != read[number]]
    assert [written[number][:12] for number in other] == ["stores: TODO"]


def test_what_is_planted_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Who is kept too long, a hidden address, facts of health, a day that is missing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    words = ["demo", "--scope", "stores", "--format", "json"]
    arguments = parse(words)
    assert arguments.command(arguments) == 1
    told = json.loads(capsys.readouterr().out)
    found = [
        (one["severity"], result["check"], result["subject"], one["object"])
        for result in told["results"]
        if result["subject"].startswith("store:")
        for one in result["findings"]
    ]
    assert found == snapshot(
        [
            ("high", "category-undeclared", "store:volunteers", "field:volunteers.notes"),
            ("high", "category-undeclared", "store:volunteers", "field:volunteers.notes"),
            ("critical", "field-undeclared", "store:export", "field:requests.allergies"),
            ("high", "retention-overdue", "store:volunteers", "table:volunteers"),
            ("medium", "retention-unprovable", "store:volunteers", "table:volunteers"),
        ]
    )
    gaps = [gap for one in told["results"] for gap in one["gaps"] if "store" in one["subject"]]
    assert gaps == []
